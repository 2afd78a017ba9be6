<!DOCTYPE html>
<html <?php language_attributes(); ?>>
<head>
	<meta charset="<?php bloginfo( 'charset' ); ?>" />
	<meta http-equiv="X-UA-Compatible" content="IE=edge">
	<meta content="Divi v.4.27.4" name="generator"/>
	<?php wp_head(); ?>
</head>
<body <?php body_class(); ?>>
<div id="page-container">
	<?php if ( reex_is_builder() ) : ?>
	<div id="et-boc" class="et-boc">
	<header class="et-l et-l--header"><div class="et_builder_inner_content et_pb_gutters3">
		<div class="et_pb_section et_pb_section_0_tb_header et_section_regular"><div class="et_pb_module et_pb_menu"><nav class="et-menu-nav"><ul class="et-menu nav"><li class="menu-item"><a href="<?php echo esc_url( home_url( '/news/' ) ); ?>">REEx News</a></li></ul></nav></div></div>
	</div></header>
	<?php else : ?>
	<header id="main-header" data-height-onload="66"><div class="container clearfix et_menu_container"><div class="logo_container"><a href="<?php echo esc_url( home_url( '/' ) ); ?>">Rare Earth Exchanges</a></div><div id="et-top-navigation"><nav id="top-menu-nav"><ul id="top-menu" class="nav"><li class="menu-item"><a href="<?php echo esc_url( home_url( '/news/' ) ); ?>">REEx News</a></li></ul></nav></div></div></header>
	<?php endif; ?>
	<div id="et-main-area">
