<?php
get_header();
echo '<div id="main-content"><div class="container"><div id="content-area" class="clearfix"><div id="left-area">';
if ( is_404() ) {
	echo '<article id="post-0" class="et_pb_post not_found"><div class="entry"><h1 class="not-found-title">No Results Found</h1><p>The page you requested could not be found.</p></div></article>';
}
while ( have_posts() ) {
	the_post();
	?>
	<article id="post-<?php the_ID(); ?>" <?php post_class( 'et_pb_post' ); ?>><h2 class="entry-title"><a href="<?php the_permalink(); ?>"><?php the_title(); ?></a></h2><?php the_excerpt(); ?></article>
	<?php
}
echo '</div></div></div></div>';
get_footer();
