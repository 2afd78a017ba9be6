<?php
/**
 * Plugin Name: The site's own post types and switches
 *
 * Options: reex_rest_closed (anonymous visitors get no REST), reex_plain_marks (straight quotes stay straight).
 */

add_action(
	'init',
	function () {
		foreach ( array( 'news-archive' => 'news', 'podcast' => 'podcast' ) as $reex_type => $reex_slug ) {
			register_post_type(
				$reex_type,
				array(
					'label'        => ucfirst( $reex_slug ),
					'public'       => true,
					'has_archive'  => true,
					'show_in_rest' => true,
					'rewrite'      => array( 'slug' => $reex_slug ),
					'supports'     => array( 'title', 'editor', 'author', 'comments', 'trackbacks', 'excerpt', 'thumbnail', 'custom-fields', 'revisions' ),
					'taxonomies'   => array( 'category', 'post_tag' ),
				)
			);
		}
		add_shortcode(
			'reex_note',
			function ( $attributes, $content ) {
				return '<div class="note"><p>' . do_shortcode( $content ) . '</p></div>';
			}
		);
	}
);

// No mail program is needed, and no picture of anybody is asked for.
add_filter( 'pre_wp_mail', '__return_true' );

if ( get_option( 'reex_plain_marks' ) ) {
	add_filter( 'run_wptexturize', '__return_false' );
}

if ( get_option( 'reex_rest_closed' ) ) {
	add_filter(
		'rest_authentication_errors',
		function ( $result ) {
			return $result ? $result : new WP_Error( 'rest_not_logged_in', 'REST is for members.', array( 'status' => 401 ) );
		}
	);
	remove_action( 'wp_head', 'rest_output_link_wp_head' );
	remove_action( 'wp_head', 'wp_oembed_add_discovery_links' );
	remove_action( 'template_redirect', 'rest_output_link_header', 11 );
}
