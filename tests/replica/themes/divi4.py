"""Divi 4 with a Theme Builder body: no ``<article>``, no ``.entry-content``; modules stand in the order of the real page."""

from __future__ import annotations

from html import escape

from tests.replica.themes.divi_comments import comments
from tests.replica.themes.furniture import (
    colophon,
    menu,
    newsletter,
    password_form,
    recent_list,
    related,
    scripts,
    search_form,
)
from tests.replica.themes.head import head, styles
from tests.replica.themes.view import View, short_date


def page(view: View) -> str:
    """The whole page."""
    entry = view.post.entry
    classes = (
        f"wp-singular {entry.post_type}-template-default single single-{entry.post_type} postid-{entry.post_id} wp-theme-Divi "
        "et_pb_button_helper_class et-tb-has-template et-tb-has-header et-tb-has-body et-tb-has-footer et_pb_pagebuilder_layout "
        "et_cover_background et_pb_gutter osx et_pb_gutters3 et_divi_theme et-db"
    )
    return f"""<!DOCTYPE html>
<html lang="en-US">
<head>
	{head(view, body_css=styles("et_pb_section", 520))}
</head>
<body class="{classes}">
	<div id="page-container">
<div id="et-boc" class="et-boc">
{_header(view)}
<div id="et-main-area">
<div id="main-content">
	<div class="et-l et-l--body">
		<div class="et_builder_inner_content et_pb_gutters3">
{_title_section(view)}
{_body_section(view)}
{_forms_section()}
		</div>
	</div>
</div>
{_footer(view)}
</div> <!-- #et-main-area -->
</div><!-- #et-boc -->
</div> <!-- #page-container -->
{scripts(view, ("themes/Divi/js/scripts.min.js", "plugins/link-whisper-premium/js/frontend.min.js", "themes/Divi/core/admin/js/common.js"))}
</body>
</html>
"""


def _header(view: View) -> str:
    return f"""<header class="et-l et-l--header"><div class="et_builder_inner_content et_pb_gutters3"><div class="et_pb_section et_pb_section_0_tb_header et_pb_with_background et_section_regular">
<div class="et_pb_row et_pb_row_0_tb_header"><div class="et_pb_column et_pb_column_4_4 et_pb_column_0_tb_header et-last-child"><div class="et_pb_module et_pb_menu et_pb_menu_0_tb_header et_pb_bg_layout_light et_pb_text_align_left et_dropdown_animation_fade et_pb_menu--with-logo et_pb_menu--style-left_aligned">
<div class="et_pb_menu_inner_container clearfix"><div class="et_pb_menu__logo-wrap"><div class="et_pb_menu__logo"><a href="{view.base}/"><img width="300" height="60" src="{view.base}/wp-content/uploads/2024/10/logo.png" alt="Rare Earth Exchanges" /></a></div></div>
<div class="et_pb_menu__wrap"><div class="et_pb_menu__menu"><nav class="et-menu-nav">{menu(view, "et-menu nav")}</nav></div></div></div></div></div></div></div></div></header>"""


def _title_section(view: View) -> str:
    return f"""<div class="et_pb_section et_pb_section_0_tb_body et_pb_with_background et_section_regular"><div class="et_pb_row et_pb_row_0_tb_body"><div class="et_pb_column et_pb_column_4_4 et_pb_column_0_tb_body et_pb_css_mix_blend_mode_passthrough et-last-child">
<div class="et_pb_module et_pb_post_title et_pb_post_title_0_tb_body et_pb_bg_layout_light et_pb_text_align_left">
<div class="et_pb_title_container"><h1 class="entry-title">{view.post.title_html}</h1><p class="et_pb_title_meta_container"><span class="published">{short_date(view.post.entry.published)}</span></p></div>
</div></div></div></div>"""


def _body_section(view: View) -> str:
    text = (
        password_form(view.base, view.post.entry.post_id)
        if view.post.has_password
        else view.post.parts_html[view.part - 1]
    )
    return f"""<div class="et_pb_section et_pb_section_1_tb_body et_section_specialty"><div class="et_pb_row et_pb_gutters2"><div class="et_pb_column et_pb_column_2_3 et_pb_column_1_tb_body et_pb_specialty_column et_pb_css_mix_blend_mode_passthrough">
<div class="et_pb_row_inner et_pb_row_inner_0_tb_body"><div class="et_pb_column et_pb_column_4_4 et_pb_column_inner et_pb_column_inner_0_tb_body et-last-child"><div class="et_pb_module et_pb_post_content et_pb_post_content_0_tb_body">
{text}
</div></div></div></div>
<div class="et_pb_column et_pb_column_1_3 et_pb_column_2_tb_body et_pb_css_mix_blend_mode_passthrough"><div class="et_pb_module et_pb_sidebar_0_tb_body et_pb_widget_area clearfix et_pb_widget_area_left et_pb_bg_layout_light">
<div id="search-2" class="et_pb_widget widget_search"><h4 class="widgettitle">Search</h4>{search_form(view)}</div>
<div id="recent-posts-2" class="et_pb_widget widget_recent_entries"><h4 class="widgettitle">Recent Reex News</h4>{recent_list(view)}</div></div></div></div></div>
<div class="et_pb_section et_pb_section_2_tb_body et_section_regular"><div class="et_pb_row et_pb_row_1_tb_body"><div class="et_pb_column et_pb_column_4_4 et_pb_column_3_tb_body et-last-child">
{author_blurbs(view)}
<div class="et_pb_with_border et_pb_module et_pb_comments_0_tb_body et_pb_comments_module et_pb_bg_layout_light" data-icon="">
{comments(view)}
</div>
{related(view) if view.post.entry.post_id % 3 == 0 else ""}</div></div></div>"""


def author_blurbs(view: View) -> str:
    """The author box: a blurb module for each author, which names no address."""
    return "\n".join(
        f'<div class="et_pb_module et_pb_blurb et_pb_blurb_{n}_tb_body et_pb_text_align_left et_pb_blurb_position_left et_pb_bg_layout_light"><div class="et_pb_blurb_content">'
        f'<div class="et_pb_main_blurb_image"><span class="et_pb_image_wrap et_pb_only_image_mode_wrap"><img decoding="async" width="96" height="96" src="{view.base}/wp-content/uploads/2024/11/{author.slug}.png" alt="" class="et-waypoint et_pb_animation_top" /></span></div>'
        f'<div class="et_pb_blurb_container"><h4 class="et_pb_module_header"><span>By {escape(author.name)}</span></h4><div class="et_pb_blurb_description">{escape(author.bio)}</div></div></div></div>'
        for n, author in enumerate(view.post.entry.authors)
    )


def _forms_section() -> str:
    return f"""<div class="et_pb_section et_pb_section_3_tb_body et_section_regular"><div class="et_pb_row et_pb_row_2_tb_body"><div class="et_pb_column et_pb_column_4_4 et-last-child"><div class="et_pb_module et_pb_text et_pb_text_0_tb_body"><div class="et_pb_text_inner"><h2>Straight Into Your Inbox</h2></div></div>
{newsletter(0, "_tb_body")}</div></div></div>"""


def _footer(view: View) -> str:
    return f"""<footer class="et-l et-l--footer"><div class="et_builder_inner_content et_pb_gutters3"><div class="et_pb_section et_pb_section_0_tb_footer et_pb_with_background et_section_regular"><div class="et_pb_row et_pb_row_0_tb_footer">
<div class="et_pb_column et_pb_column_1_2 et_pb_column_0_tb_footer">{newsletter(0, "_tb_footer")}{newsletter(1, "_tb_footer")}</div>
<div class="et_pb_column et_pb_column_1_2 et_pb_column_1_tb_footer et-last-child"><div class="et_pb_module et_pb_text et_pb_text_0_tb_footer"><div class="et_pb_text_inner">{colophon()}</div></div>
<ul class="et_pb_module et_pb_social_media_follow et_pb_social_media_follow_0_tb_footer clearfix"><li class="et_pb_social_media_follow_network_0_tb_footer et_pb_social_icon et_pb_social_network_link et-social-linkedin"><a href="https://www.linkedin.com/company/example" class="icon et_pb_with_border" title="Follow on LinkedIn" target="_blank"><span class="et_pb_social_media_follow_network_name" aria-hidden="true">Follow</span></a></li></ul></div>
</div></div></div></footer>"""
