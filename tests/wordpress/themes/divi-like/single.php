<?php
get_header();
the_post();
get_template_part( reex_is_builder() ? 'builder' : 'classic' );
get_footer();
