<?php
/**
 * Plugin Name: What an SEO plugin adds to a site
 *
 * Option reex_seo: meta tags and a JSON-LD graph in the head of each article as Yoast SEO writes them, and a sitemap index of
 * its own in place of WordPress' one.
 */

if ( ! get_option( 'reex_seo' ) ) {
	return;
}

add_filter( 'wp_sitemaps_enabled', '__return_false' );
add_filter( 'document_title_separator', fn() => '|' );

add_action(
	'wp_head',
	function () {
		if ( ! is_singular( array( 'news-archive', 'podcast' ) ) || post_password_required() ) {
			return;
		}
		$post        = get_queried_object();
		$url         = get_permalink( $post );
		$title       = html_entity_decode( wp_strip_all_tags( get_the_title( $post ) ), ENT_QUOTES | ENT_HTML5 );
		$published   = gmdate( DATE_W3C, strtotime( $post->post_date_gmt . ' UTC' ) );
		$modified    = gmdate( DATE_W3C, strtotime( $post->post_modified_gmt . ' UTC' ) );
		$author      = get_userdata( $post->post_author );
		$description = wp_trim_words( wp_strip_all_tags( strip_shortcodes( $post->post_content ) ), 25 );
		$names       = fn( $taxonomy ) => array_map( fn( $term ) => html_entity_decode( $term->name, ENT_QUOTES | ENT_HTML5 ), get_the_terms( $post, $taxonomy ) ?: array() );

		$meta = array(
			'og:locale'              => 'en_US',
			'og:type'                => 'article',
			'og:title'               => $title . ' | ' . get_bloginfo( 'name' ),
			'og:description'         => $description,
			'og:url'                 => $url,
			'og:site_name'           => get_bloginfo( 'name' ),
			'article:publisher'      => 'https://social.example.org/reex',
			'article:published_time' => $published,
		);
		// Yoast leaves the time of the edit out where there was none.
		if ( $post->post_modified_gmt > $post->post_date_gmt ) {
			$meta['article:modified_time'] = $modified;
		}
		$image = get_the_post_thumbnail_url( $post, 'full' );
		if ( $image ) {
			$meta['og:image'] = $image;
		}
		printf( '<meta name="description" content="%s" />' . "\n", esc_attr( $description ) );
		foreach ( $meta as $property => $content ) {
			printf( '<meta property="%s" content="%s" />' . "\n", esc_attr( $property ), esc_attr( $content ) );
		}
		printf( '<meta name="author" content="%s" />' . "\n", esc_attr( $author->display_name ) );
		printf( '<meta name="twitter:label1" content="Written by" /><meta name="twitter:data1" content="%s" />' . "\n", esc_attr( $author->display_name ) );

		$person = home_url( '/#/schema/person/' ) . md5( $author->user_login );
		$graph  = array(
			array_filter(
				array(
					'@type'            => 'NewsArticle',
					'@id'              => $url . '#article',
					'isPartOf'         => array( '@id' => $url ),
					'author'           => array( 'name' => $author->display_name, '@id' => $person ),
					'headline'         => $title,
					'datePublished'    => $published,
					'dateModified'     => $modified,
					'mainEntityOfPage' => array( '@id' => $url ),
					'wordCount'        => str_word_count( wp_strip_all_tags( $post->post_content ) ),
					'commentCount'     => (int) $post->comment_count,
					'publisher'        => array( '@id' => home_url( '/#organization' ) ),
					'keywords'         => $names( 'post_tag' ),
					'articleSection'   => $names( 'category' ),
					'inLanguage'       => 'en-US',
				)
			),
			array( '@type' => 'WebPage', '@id' => $url, 'url' => $url, 'name' => $title . ' | ' . get_bloginfo( 'name' ), 'isPartOf' => array( '@id' => home_url( '/#website' ) ), 'datePublished' => $published, 'dateModified' => $modified, 'description' => $description ),
			array( '@type' => 'BreadcrumbList', '@id' => $url . '#breadcrumb', 'itemListElement' => array( array( '@type' => 'ListItem', 'position' => 1, 'name' => 'Home', 'item' => home_url( '/' ) ), array( '@type' => 'ListItem', 'position' => 2, 'name' => $title ) ) ),
			array( '@type' => 'WebSite', '@id' => home_url( '/#website' ), 'url' => home_url( '/' ), 'name' => get_bloginfo( 'name' ), 'inLanguage' => 'en-US' ),
			array( '@type' => 'Organization', '@id' => home_url( '/#organization' ), 'name' => 'Rare Earth Exchanges', 'url' => home_url( '/' ) ),
			array( '@type' => 'Person', '@id' => $person, 'name' => $author->display_name, 'description' => $author->description, 'url' => get_author_posts_url( $author->ID ) ),
		);
		$json = wp_json_encode( array( '@context' => 'https://schema.org', '@graph' => $graph ), JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES );
		echo '<script type="application/ld+json" class="yoast-schema-graph">' . str_replace( '</', '<\/', $json ) . "</script>\n";
	},
	1
);

add_action(
	'template_redirect',
	function () {
		$path = parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
		if ( in_array( $path, array( '/sitemap.xml', '/wp-sitemap.xml' ), true ) ) {
			wp_safe_redirect( home_url( '/sitemap_index.xml' ), 301 );
			exit;
		}
		$types = array( 'post', 'page', 'news-archive', 'podcast' );
		if ( '/sitemap_index.xml' === $path ) {
			$lines = array();
			foreach ( $types as $type ) {
				$last    = get_posts( array( 'post_type' => $type, 'numberposts' => 1, 'has_password' => false, 'orderby' => 'modified' ) );
				$lastmod = $last ? '<lastmod>' . get_post_modified_time( DATE_W3C, true, $last[0] ) . '</lastmod>' : '';
				$lines[] = '<sitemap><loc>' . home_url( "/$type-sitemap.xml" ) . "</loc>$lastmod</sitemap>";
			}
			reex_sitemap( 'sitemapindex', $lines );
		}
		if ( preg_match( '#^/([a-z-]+)-sitemap\.xml$#', $path, $match ) && in_array( $match[1], $types, true ) ) {
			$posts = get_posts( array( 'post_type' => $match[1], 'numberposts' => -1, 'has_password' => false, 'orderby' => 'modified', 'order' => 'ASC' ) );
			$lines = array_map( fn( $post ) => '<url><loc>' . esc_url( get_permalink( $post ) ) . '</loc><lastmod>' . get_post_modified_time( DATE_W3C, false, $post ) . '</lastmod></url>', $posts );
			reex_sitemap( 'urlset', $lines );
		}
	},
	0
);

/** Answers with a sitemap and ends the request. */
function reex_sitemap( $root, $lines ) {
	status_header( 200 );
	header( 'Content-Type: text/xml; charset=UTF-8' );
	header( 'X-Robots-Tag: noindex, follow' );
	echo '<?xml version="1.0" encoding="UTF-8"?>' . "\n<$root xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n" . implode( "\n", $lines ) . "\n</$root>\n";
	exit;
}
