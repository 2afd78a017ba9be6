<?php
if ( post_password_required() ) {
	return;
}
$reex_navigation = function ( $place ) {
	if ( get_comment_pages_count() > 1 && get_option( 'page_comments' ) ) {
		echo '<div class="comment_navigation_' . $place . ' clearfix"><div class="nav-previous">';
		previous_comments_link( '<span class="meta-nav">&larr;</span> Older Comments' );
		echo '</div><div class="nav-next">';
		next_comments_link( 'Newer Comments <span class="meta-nav">&rarr;</span>' );
		echo '</div></div>';
	}
};
?>
<section id="comment-wrap">
	<h1 id="comments" class="page_title"><?php comments_number( '0 Comments', '1 Comment', '% Comments' ); ?></h1>
	<?php if ( have_comments() ) : ?>
		<?php $reex_navigation( 'top' ); ?>
		<?php if ( ! empty( $wp_query->comments_by_type['comment'] ) ) : ?>
			<ol class="commentlist clearfix">
				<?php wp_list_comments( array( 'type' => 'comment', 'callback' => 'reex_divi_comment' ) ); ?>
			</ol>
		<?php endif; ?>
		<?php $reex_navigation( 'bottom' ); ?>
		<?php if ( ! empty( $wp_query->comments_by_type['pings'] ) ) : ?>
			<div id="trackbacks">
				<h3 id="trackbacks-title">Trackbacks/Pingbacks</h3>
				<ol class="pinglist">
					<?php wp_list_comments( array( 'type' => 'pings', 'callback' => 'reex_divi_ping' ) ); ?>
				</ol>
			</div>
		<?php endif; ?>
	<?php endif; ?>
	<?php
	comment_form(
		array(
			'label_submit'         => 'Submit Comment',
			'title_reply'          => '<span>Submit a Comment</span>',
			'class_submit'         => 'submit et_pb_button',
			'comment_notes_after'  => '',
		)
	);
	?>
</section>
