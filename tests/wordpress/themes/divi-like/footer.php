		<?php if ( reex_is_builder() ) : ?>
		<footer class="et-l et-l--footer"><div class="et_builder_inner_content et_pb_gutters3">
			<div class="et_pb_section et_pb_section_0_tb_footer et_section_regular"><div class="et_pb_row"><div class="et_pb_column et_pb_column_4_4"><?php reex_divi_newsletter( 9 ); ?></div></div></div>
		</div></footer>
		<?php else : ?>
		<footer id="main-footer"><div class="container"><div id="footer-widgets" class="clearfix"><div class="footer-widget"><?php reex_divi_newsletter( 9 ); ?></div></div></div><div id="footer-bottom"><div class="container clearfix"><div id="footer-info">Designed by Elegant Themes</div></div></div></footer>
		<?php endif; ?>
	</div>
	<?php echo reex_is_builder() ? '</div>' : ''; ?>
</div>
<?php wp_footer(); ?>
</body>
</html>
