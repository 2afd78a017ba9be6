<?php
/**
 * The parts of Divi's markup that both of its layouts share.
 *
 * Option reex_divi_layout: "builder" (an article page made in the Theme Builder) or "classic" (the theme's own template).
 */

add_theme_support( 'title-tag' );
add_theme_support( 'automatic-feed-links' );
add_theme_support( 'post-thumbnails' );
add_theme_support( 'html5', array( 'search-form' ) );

add_filter(
	'body_class',
	function ( $classes ) {
		$builder = array( 'et-tb-has-template', 'et-tb-has-header', 'et-tb-has-body', 'et-tb-has-footer' );
		$classic = array( 'et_right_sidebar', 'et_fixed_nav', 'et_show_nav' );
		return array_merge( $classes, reex_is_builder() ? $builder : $classic, array( 'et_divi_theme', 'et-db', 'et_pb_button_helper_class' ) );
	}
);

// Divi counts what it lists as comments and leaves pings out.
add_filter(
	'get_comments_number',
	function ( $count, $post ) {
		return is_admin() ? $count : get_comments( array( 'post_id' => $post, 'status' => 'approve', 'type' => 'comment', 'count' => true ) );
	},
	10,
	2
);

function reex_is_builder() {
	return 'classic' !== get_option( 'reex_divi_layout' );
}

/** One comment; WordPress closes the list item. */
function reex_divi_comment( $comment, $args, $depth ) {
	?>
	<li <?php comment_class(); ?> id="li-comment-<?php comment_ID(); ?>">
		<article id="comment-<?php comment_ID(); ?>" class="comment-body clearfix">
			<div class="comment_avatar">
				<?php echo get_avatar( $comment, 80 ); ?>
			</div>
			<div class="comment_postinfo">
				<span class="fn"><?php comment_author_link(); ?></span>
				<span class="comment_date">on <?php echo esc_html( get_comment_date() ); ?> at <?php echo esc_html( get_comment_time() ); ?></span>
			</div>
			<div class="comment_area">
				<div class="comment-content clearfix">
					<?php
					comment_text();
					$reply = get_comment_reply_link( array_merge( $args, array( 'reply_text' => 'Reply', 'depth' => $depth, 'max_depth' => $args['max_depth'] ) ) );
					if ( $reply ) {
						echo '<span class="reply-container">' . $reply . '</span>';
					}
					?>
				</div>
			</div>
		</article>
	<?php
}

/** One pingback or trackback; WordPress closes the list item. */
function reex_divi_ping( $comment ) {
	?>
	<li id="comment-<?php comment_ID(); ?>"><?php comment_author_link(); ?> - <?php comment_excerpt(); ?>
	<?php
}

/** The sign-up form, with the message that only a subscriber should see. */
function reex_divi_newsletter( $number ) {
	?>
	<div class="et_pb_with_border et_pb_module et_pb_signup_<?php echo $number; ?> et_pb_newsletter_layout_left_right et_pb_newsletter et_pb_subscribe clearfix et_pb_text_align_left et_pb_bg_layout_dark">
		<div class="et_pb_newsletter_description"><h2 class="et_pb_module_header">Straight Into Your Inbox</h2></div>
		<div class="et_pb_newsletter_form">
			<form method="post">
				<div class="et_pb_newsletter_result et_pb_newsletter_error"></div>
				<div class="et_pb_newsletter_result et_pb_newsletter_success"><h2>Fantastic! Thanks for subscribing, you won&#8217;t regret it.</h2></div>
				<div class="et_pb_newsletter_fields">
					<p class="et_pb_newsletter_field et_pb_contact_field_last"><label class="et_pb_contact_form_label">Email</label><input class="input" type="text" placeholder="Email" name="et_pb_signup_email"></p>
					<p class="et_pb_newsletter_button_wrap"><a class="et_pb_newsletter_button et_pb_button" href="#"><span class="et_pb_newsletter_button_text">Subscribe</span></a></p>
				</div>
				<div class="et_pb_newsletter_footer">Receive a Daily News Update Intended to Help You Keep Pace With the Rapidly Evolving REE Market.</div>
			</form>
		</div>
	</div>
	<?php
}

/** The widgets beside an article. */
function reex_divi_sidebar() {
	?>
	<div id="search-2" class="et_pb_widget widget_search"><?php get_search_form(); ?></div>
	<div id="recent-posts-2" class="et_pb_widget widget_recent_entries"><h4 class="widgettitle">Recent Reex News</h4>
		<ul>
			<?php foreach ( get_posts( array( 'post_type' => 'news-archive', 'numberposts' => 5 ) ) as $recent ) : ?>
				<li><a href="<?php echo esc_url( get_permalink( $recent ) ); ?>"><?php echo get_the_title( $recent ); ?></a></li>
			<?php endforeach; ?>
		</ul>
	</div>
	<?php
}
