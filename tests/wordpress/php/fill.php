<?php
// Fills the site with what stdin holds (seed.py), through WordPress' own functions, and keeps beside each text what its
// author wrote before it was damaged (meta keys that begin with _reex).
require getcwd() . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/image.php';
$seed = json_decode( stream_get_contents( STDIN ), true, 512, JSON_THROW_ON_ERROR );

foreach ( $seed['options'] as $name => $value ) {
	update_option( $name, $value );
}
$GLOBALS['wp_rewrite']->set_permalink_structure( '/%postname%/' );
foreach ( get_posts( array( 'post_type' => 'any', 'post_status' => 'any', 'numberposts' => -1 ) ) as $sample ) {
	wp_delete_post( $sample->ID, true );
}

$users = array( 'admin' => 1 );
foreach ( $seed['users'] as $user ) {
	$users[ $user['login'] ] = must(
		wp_insert_user(
			array(
				'user_login'    => $user['login'],
				'user_pass'     => wp_generate_password(),
				'user_nicename' => $user['slug'],
				'user_email'    => $user['login'] . '@example.org',
				'display_name'  => $user['name'],
				'description'   => $user['bio'],
				'role'          => 'author',
			)
		)
	);
}
wp_set_current_user( 1 );

$images = array();
foreach ( range( 1, 3 ) as $number ) {
	$images[ $number ] = picture( $number );
}

// The first save stamps "now" on what is changed later; the time of the edit is part of the story told here.
$edited = null;
add_filter(
	'wp_insert_post_data',
	function ( $data ) use ( &$edited ) {
		if ( $edited ) {
			$data['post_modified_gmt'] = $edited;
			$data['post_modified']     = get_date_from_gmt( $edited );
		}
		return $data;
	}
);

foreach ( $seed['articles'] as $article ) {
	$edited = null;
	$id     = must(
		wp_insert_post(
			wp_slash(
				array(
					'post_type'     => $article['type'],
					'post_status'   => 'trash' === $article['status'] ? 'publish' : $article['status'],
					'post_title'    => $article['title'],
					'post_name'     => $article['old_slug'] ?? $article['slug'] ?? '',
					'post_content'  => with_addresses( $article['content'], $images ),
					'post_excerpt'  => $article['excerpt'] ?? '',
					'post_author'   => $users[ $article['author'] ],
					'post_date'     => $article['date'],
					'post_password' => $article['password'] ?? '',
				)
			),
			true
		)
	);
	foreach ( array( 'category' => 'categories', 'post_tag' => 'tags' ) as $taxonomy => $key ) {
		must( wp_set_object_terms( $id, $article[ $key ], $taxonomy ) );
	}
	if ( ! empty( $article['thumbnail'] ) ) {
		set_post_thumbnail( $id, $images[ $article['thumbnail'] ]['id'] );
	}
	update_post_meta( $id, '_reex', wp_slash( wp_json_encode( $article['truth'] ) ) );
	if ( $article['modified_gmt'] ) {
		$edited = $article['modified_gmt'];
		$change = array( 'ID' => $id );
		if ( isset( $article['old_slug'] ) ) {
			$change['post_name'] = $article['slug'];
		}
		must( wp_update_post( $change, true ) );
	}
	$edited   = null;
	$comments = array();
	foreach ( $article['comments'] as $comment ) {
		$comments[ $comment['key'] ] = commented( $id, $comment, $comments, $users );
	}
	if ( 'trash' === $article['status'] ) {
		must( wp_trash_post( $id ) );
	}
}
flush_rewrite_rules();

/** The result of a WordPress function, or the end of the run with what it complained about. */
function must( $result ) {
	if ( is_wp_error( $result ) || in_array( $result, array( 0, false, null ), true ) ) {
		fwrite( STDERR, is_wp_error( $result ) ? $result->get_error_message() : 'a WordPress function gave nothing' );
		exit( 1 );
	}
	return $result;
}

/** A picture of the media library, drawn here. */
function picture( $number ) {
	$drawn = imagecreatetruecolor( 1400, 800 );
	imagefilledrectangle( $drawn, 0, 0, 1400, 800, imagecolorallocate( $drawn, 40 * $number, 90, 120 ) );
	$upload = wp_upload_dir( '2025/07' );
	wp_mkdir_p( $upload['path'] );
	$file = $upload['path'] . "/magnet-plant-$number.png";
	imagepng( $drawn, $file );
	$id = must( wp_insert_attachment( array( 'post_mime_type' => 'image/png', 'post_title' => "Magnet plant $number", 'post_status' => 'inherit' ), $file, 0, true ) );
	wp_update_attachment_metadata( $id, wp_generate_attachment_metadata( $id, $file ) );
	return array( 'id' => $id, 'url' => wp_get_attachment_url( $id ) );
}

/** The text with the addresses that only the running site knows. */
function with_addresses( $content, $images ) {
	$content = str_replace( '{{home}}', home_url(), $content );
	foreach ( $images as $number => $image ) {
		$content = str_replace( array( "{{image:$number}}", "{{image-id:$number}}" ), array( $image['url'], $image['id'] ), $content );
	}
	return $content;
}

/** One comment, through the same filters and checks as a reader's form; its state is set as a moderator would. */
function commented( $post, $comment, $known, $users ) {
	$user = isset( $comment['user'] ) ? get_userdata( $users[ $comment['user'] ] ) : null;
	$id   = wp_insert_comment(
		wp_filter_comment(
			wp_slash(
				array(
					'comment_post_ID'      => $post,
					'comment_parent'       => isset( $comment['parent'] ) ? $known[ $comment['parent'] ] : 0,
					'comment_author'       => $user ? $user->display_name : $comment['author'],
					'comment_author_email' => $user ? $user->user_email : $comment['email'],
					'comment_author_url'   => $user ? $user->user_url : $comment['url'],
					'comment_author_IP'    => '203.0.113.7',
					'comment_agent'        => 'Mozilla/5.0',
					'comment_content'      => $comment['content'],
					'comment_type'         => $comment['type'],
					'comment_date_gmt'     => $comment['date_gmt'],
					'comment_date'         => get_date_from_gmt( $comment['date_gmt'] ),
					'comment_approved'     => 1,
					'user_id'              => $user ? $user->ID : 0,
				)
			)
		)
	);
	must( $id );
	if ( isset( $comment['written'] ) ) {
		update_comment_meta( $id, '_reex_written', wp_slash( $comment['written'] ) );
	}
	if ( 'approve' !== $comment['status'] ) {
		must( 'trash' === $comment['status'] ? wp_trash_comment( $id ) : wp_set_comment_status( $id, $comment['status'] ) );
	}
	return $id;
}
