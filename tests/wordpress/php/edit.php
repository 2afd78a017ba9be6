<?php
// Does what an editor or a reader does, through WordPress' own functions: {"do": "publish" | "edit" | "comment" | "slug" | "trash", ...}.
// Answers the number of the post or comment.
require getcwd() . '/wp-load.php';
$wanted = json_decode( stream_get_contents( STDIN ), true, 512, JSON_THROW_ON_ERROR );
wp_set_current_user( 1 );

switch ( $wanted['do'] ) {
	case 'publish':
		$id = wp_insert_post(
			wp_slash(
				array(
					'post_type'    => 'news-archive',
					'post_status'  => 'publish',
					'post_title'   => $wanted['title'],
					'post_name'    => $wanted['slug'],
					'post_content' => "<!-- wp:paragraph -->\n<p>{$wanted['text']}</p>\n<!-- /wp:paragraph -->",
					'post_author'  => get_user_by( 'login', 'daniel' )->ID,
				)
			),
			true
		);
		break;
	case 'edit':
		$content = get_post( $wanted['post'] )->post_content . "\n\n<!-- wp:paragraph -->\n<p>{$wanted['text']}</p>\n<!-- /wp:paragraph -->";
		$id      = wp_update_post( wp_slash( array( 'ID' => $wanted['post'], 'post_content' => $content ) ), true );
		break;
	case 'comment':
		$id = wp_new_comment(
			wp_slash(
				array(
					'comment_post_ID'      => $wanted['post'],
					'comment_author'       => 'Late Reader',
					'comment_author_email' => 'late@example.org',
					'comment_author_url'   => '',
					'comment_author_IP'    => '203.0.113.9',
					'comment_agent'        => 'Mozilla/5.0',
					'comment_content'      => $wanted['text'],
					'user_id'              => 0,
				)
			),
			true
		);
		if ( ! is_wp_error( $id ) ) {
			wp_set_comment_status( $id, 'approve' );
		}
		break;
	case 'slug':
		$id = wp_update_post( array( 'ID' => $wanted['post'], 'post_name' => $wanted['slug'] ), true );
		break;
	case 'trash':
		$id = wp_trash_post( $wanted['post'] )->ID;
		break;
}
if ( is_wp_error( $id ) || ! $id ) {
	fwrite( STDERR, is_wp_error( $id ) ? $id->get_error_message() : 'a WordPress function gave nothing' );
	exit( 1 );
}
echo wp_json_encode( $id );
