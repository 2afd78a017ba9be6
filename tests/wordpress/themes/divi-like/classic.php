<?php
/** An article page of Divi's own single.php, a sign-up form inside the text as Bloom and the like put it there. */
?>
<div id="main-content">
	<div class="container">
		<div id="content-area" class="clearfix">
			<div id="left-area">
				<article id="post-<?php the_ID(); ?>" <?php post_class( 'et_pb_post' ); ?>>
					<div class="et_post_meta_wrapper">
						<h1 class="entry-title"><?php the_title(); ?></h1>
						<p class="post-meta"> by <span class="author vcard"><?php the_author_posts_link(); ?></span> | <span class="published"><?php echo get_the_date(); ?></span> | <?php the_category( ', ' ); ?> | <span class="comments-number"><a href="<?php the_permalink(); ?>#respond"><?php comments_number( '0 comments', '1 comment', '% comments' ); ?></a></span></p>
						<?php the_post_thumbnail( 'large' ); ?>
					</div>
					<div class="entry-content">
						<?php
						the_content();
						reex_divi_newsletter( 0 );
						wp_link_pages( array( 'before' => '<div class="page-links">Pages:', 'after' => '</div>' ) );
						?>
					</div>
					<div class="et_post_meta_wrapper">
						<?php comments_template( '', true ); ?>
					</div>
				</article>
			</div>
			<div id="sidebar"><?php reex_divi_sidebar(); ?></div>
		</div>
	</div>
</div>
