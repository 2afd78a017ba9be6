<?php
/** An article page as the Theme Builder lays it out: no article element, no entry-content, no links to further text pages. */
?>
<div id="main-content">
<div class="et-l et-l--body"><div class="et_builder_inner_content et_pb_gutters3">
	<div class="et_pb_section et_pb_section_0_tb_body et_pb_with_background et_section_regular">
		<div class="et_pb_row et_pb_row_0_tb_body">
			<div class="et_pb_column et_pb_column_2_3 et_pb_column_0_tb_body et_pb_css_mix_blend_mode_passthrough">
				<div class="et_pb_module et_pb_post_title et_pb_post_title_0_tb_body et_pb_bg_layout_light et_pb_text_align_left">
					<div class="et_pb_title_container">
						<h1 class="entry-title"><?php the_title(); ?></h1><p class="et_pb_title_meta_container"><span class="published"><?php echo get_the_date(); ?></span></p>
					</div>
					<?php if ( has_post_thumbnail() ) : ?>
					<div class="et_pb_title_featured_container"><span class="et_pb_image_wrap"><?php the_post_thumbnail( 'large' ); ?></span></div>
					<?php endif; ?>
				</div>
				<div class="et_pb_module et_pb_post_content et_pb_post_content_0_tb_body">
					<?php the_content(); ?>
				</div>
			</div>
			<div class="et_pb_column et_pb_column_1_3 et_pb_column_1_tb_body et_pb_css_mix_blend_mode_passthrough et-last-child">
				<div class="et_pb_module et_pb_sidebar_0_tb_body et_pb_widget_area clearfix et_pb_widget_area_left et_pb_bg_layout_light">
					<?php reex_divi_sidebar(); ?>
				</div>
			</div>
		</div>
		<div class="et_pb_row et_pb_row_1_tb_body">
			<div class="et_pb_column et_pb_column_4_4 et_pb_column_2_tb_body et-last-child">
				<div class="et_pb_module et_pb_blurb et_pb_blurb_0_tb_body et_pb_text_align_left et_pb_blurb_position_left et_pb_bg_layout_light">
					<div class="et_pb_blurb_content">
						<div class="et_pb_main_blurb_image"><span class="et_pb_image_wrap"><?php echo get_avatar( get_the_author_meta( 'ID' ), 96 ); ?></span></div>
						<div class="et_pb_blurb_container">
							<h4 class="et_pb_module_header"><span>By <?php the_author(); ?></span></h4>
							<div class="et_pb_blurb_description"><?php echo wpautop( esc_html( get_the_author_meta( 'description' ) ) ); ?></div>
						</div>
					</div>
				</div>
				<div class="et_pb_module et_pb_comments_0_tb_body et_pb_comments_module et_pb_bg_layout_light" data-icon="">
					<?php comments_template( '', true ); ?>
				</div>
				<?php reex_divi_newsletter( 0 ); ?>
				<?php reex_divi_newsletter( 1 ); ?>
			</div>
		</div>
	</div>
</div></div>
</div>
