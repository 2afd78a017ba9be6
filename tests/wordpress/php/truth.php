<?php
// What the site says, read back from WordPress' own database and, where rendering is part of it, through its own functions.
require getcwd() . '/wp-load.php';

$articles = array();
$hidden   = array();
foreach ( get_posts( array( 'post_type' => array( 'news-archive', 'podcast', 'post', 'page' ), 'post_status' => array( 'publish', 'draft', 'private', 'pending', 'future', 'trash' ), 'numberposts' => -1, 'orderby' => 'ID', 'order' => 'ASC' ) ) as $post ) {
	$shown = 'publish' === $post->post_status && '' === $post->post_password && in_array( $post->post_type, array( 'news-archive', 'podcast' ), true );
	if ( ! $shown ) {
		$hidden[] = $post->ID;
		continue;
	}
	$written    = json_decode( get_post_meta( $post->ID, '_reex', true ), true, 512, JSON_THROW_ON_ERROR );
	$author     = get_userdata( $post->post_author );
	$articles[] = array(
		'post_id'    => $post->ID,
		'type'       => $post->post_type,
		'url'        => get_permalink( $post ),
		'slug'       => urldecode( $post->post_name ),
		'title'      => text( apply_filters( 'the_title', $written['title'], $post->ID ) ),
		'published'  => $post->post_date_gmt,
		'modified'   => $post->post_modified_gmt,
		'author'     => $author->display_name,
		'terms'      => terms( $post ),
		'highlights' => array_map( 'shown_line', $written['highlights'] ),
		'units'      => array_map(
			function ( $unit ) {
				$cells = 'row' === $unit['kind'] ? explode( '<td>', $unit['html'] ) : array( $unit['html'] );
				return array(
					'kind'  => $unit['kind'],
					'cells' => array_map( fn( $cell ) => shown_line( $cell, 'code' === $unit['kind'] ), $cells ),
				);
			},
			$written['units']
		),
		'features'   => $written['features'],
		'comments'   => comments( $post ),
	);
}
echo wp_json_encode( array( 'articles' => $articles, 'hidden' => $hidden, 'held' => held() ), JSON_THROW_ON_ERROR );

/** A line of a body as the_content() filters it, as plain text. */
function shown_line( $html, $code = false ) {
	if ( $code ) {
		return html_entity_decode( $html, ENT_QUOTES | ENT_HTML5 );
	}
	$html = preg_replace( '#<span class="screen-reader-text">.*?</span>#', '', $html );
	return text( capital_P_dangit( convert_smilies( wptexturize( $html ) ) ) );
}

/** HTML of one line as text: white space folds as in a browser, a line break is one. */
function text( $html ) {
	$html = preg_replace( '#<img[^>]*class="wp-smiley"[^>]*alt="([^"]*)"[^>]*>#', '$1', $html );
	$html = preg_replace( '#\s*<br\s*/?>\s*#', "\x01", preg_replace( '/[ \t\r\n\f]+/', ' ', $html ) );
	return str_replace( "\x01", "\n", trim( html_entity_decode( strip_tags( $html ), ENT_QUOTES | ENT_HTML5 ), " \n" ) );
}

/** The categories and tags of a post in the order WordPress gives them. */
function terms( $post ) {
	$all = array();
	foreach ( array( 'category' => 'category', 'post_tag' => 'tag' ) as $taxonomy => $kind ) {
		foreach ( get_the_terms( $post, $taxonomy ) ?: array() as $term ) {
			$name  = html_entity_decode( $term->name, ENT_QUOTES | ENT_HTML5 );
			$all[] = array( $kind, $name, text( wptexturize( $name ) ) );
		}
	}
	return $all;
}

/** The comments a visitor gets to see: approved and, where threads are shown as such, everything above them too. */
function comments( $post ) {
	$approved = array();
	foreach ( get_comments( array( 'post_id' => $post->ID, 'status' => 'approve', 'orderby' => 'comment_ID', 'order' => 'ASC' ) ) as $comment ) {
		$approved[ $comment->comment_ID ] = $comment;
	}
	$shown  = array();
	$depth  = get_option( 'thread_comments' ) ? (int) get_option( 'thread_comments_depth' ) : 1;
	foreach ( $approved as $id => $comment ) {
		$line = array();
		for ( $above = $comment; $above; $above = $approved[ $above->comment_parent ] ?? null ) {
			$line[] = (int) $above->comment_ID;
			$root   = (int) $above->comment_parent;
		}
		if ( 0 !== $root && $depth > 1 ) {
			continue;
		}
		// WordPress nests down to the depth it is set to; what is deeper stands beside its elder.
		$line    = array_reverse( $line );
		$nested  = min( count( $line ), $depth );
		$written = get_comment_meta( $id, '_reex_written', true );
		$shown[] = array(
			'id'           => (int) $id,
			'parent'       => (int) $comment->comment_parent ?: null,
			'shown_parent' => $nested > 1 ? $line[ $nested - 2 ] : null,
			'author'       => html_entity_decode( get_comment_author( $comment ), ENT_QUOTES | ENT_HTML5 ),
			'shown_author' => text( wptexturize( get_comment_author( $comment ) ) ),
			'url'          => html_entity_decode( get_comment_author_url( $comment ), ENT_QUOTES | ENT_HTML5 ) ?: null,
			'by_author'    => (int) $comment->user_id === (int) $post->post_author,
			'posted'       => $comment->comment_date_gmt,
			'local'        => $comment->comment_date,
			'kind'         => get_comment_type( $comment ),
			'text'         => paragraphs( apply_filters( 'comment_text', '' !== $written ? $written : $comment->comment_content, $comment, array() ) ),
		);
	}
	return array_values( $shown );
}

/** The paragraphs of a comment as wpautop() makes them, parted by a blank line. */
function paragraphs( $html ) {
	$pieces = preg_split( '#</?(?:p|blockquote|ul|ol|li|pre)[^>]*>#', $html );
	return implode( "\n\n", array_filter( array_map( 'text', $pieces ), 'strlen' ) );
}

/** Comments nobody but a moderator may read. */
function held() {
	return array_map( 'intval', get_comments( array( 'status' => array( 'hold', 'spam', 'trash', 'post-trashed' ), 'fields' => 'ids' ) ) );
}
