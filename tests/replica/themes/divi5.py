"""Divi 5 with a Theme Builder body: the same modules as Divi 4 with other wrappers, flexible rows and terms in the title's line."""

from __future__ import annotations

from html import escape

from tests.replica.themes.divi_comments import comments
from tests.replica.themes.furniture import (
    colophon,
    contents,
    menu,
    newsletter,
    password_form,
    recent_list,
    scripts,
    search_form,
    share_buttons,
)
from tests.replica.themes.head import head, styles, term_links
from tests.replica.themes.view import View, short_date


def page(view: View) -> str:
    """The whole page."""
    entry = view.post.entry
    classes = (
        f"wp-singular {entry.post_type}-template-default single single-{entry.post_type} postid-{entry.post_id} wp-theme-Divi "
        "et-tb-has-template et-tb-has-header et-tb-has-body et-tb-has-footer et_pb_button_helper_class et_cover_background osx "
        "et_divi_theme et-db et_divi_5"
    )
    return f"""<!DOCTYPE html>
<html lang="en-US">
<head>
	{head(view, body_css=styles("et_pb_section", 430))}
</head>
<body class="{classes}">
<div id="page-container">
<div id="et-boc" class="et-boc">
<header class="et-l et-l--header"><div class="et_builder_inner_content"><div class="et_pb_section_0_tb_header et_pb_section et_section_regular et_flex_section"><div class="et_pb_row_0_tb_header et_pb_row et_flex_row"><div class="et_pb_column_0_tb_header et_pb_column et-last-child et_flex_column et_pb_css_mix_blend_mode_passthrough et_flex_column_24_24"><div class="et_pb_menu_0_tb_header et_pb_menu et_pb_module et_flex_module"><div class="et_pb_menu_inner_container clearfix"><div class="et_pb_menu__wrap"><div class="et_pb_menu__menu"><nav class="et-menu-nav">{menu(view, "et-menu nav")}</nav></div></div></div></div></div></div></div></div></header>
<div id="et-main-area">
<div id="main-content">
<div class="et-l et-l--body">
<div class="et_builder_inner_content">
<div class="et_pb_section_0_tb_body et_pb_section et_section_regular et_flex_section">
<div class="et_pb_row_0_tb_body et_pb_row et_flex_row"><div class="et_pb_column_0_tb_body et_pb_column et-last-child et_flex_column et_pb_css_mix_blend_mode_passthrough et_flex_column_24_24">
<div class="et_pb_post_title_0_tb_body et_pb_post_title et_pb_module et_flex_module et_pb_bg_layout_light"><div class="et_pb_title_container"><h1 class="entry-title">{view.post.title_html}</h1><p class="et_pb_title_meta_container"> by {_authors(view)} | <span class="published">{short_date(entry.published)}</span> | {term_links(view, "category", "category tag")}</p></div></div>
</div></div>
<div class="et_pb_row_1_tb_body et_pb_row et_flex_row">
<div class="et_pb_column_1_tb_body et_pb_column et_flex_column et_pb_css_mix_blend_mode_passthrough et_flex_column_16_24">
<div class="et_pb_post_content_0_tb_body et_pb_post_content et_pb_module et_block_module">
{password_form(view.base, entry.post_id) if view.post.has_password else contents(view) + view.post.parts_html[view.part - 1]}
</div>
<div class="et_pb_code_0_tb_body et_pb_code et_pb_module et_flex_module"><div class="et_pb_code_inner">{share_buttons(view)}</div></div>
<div class="et_pb_text_0_tb_body et_pb_text et_pb_module et_pb_bg_layout_light et_flex_module"><div class="et_pb_text_inner"><p>Filed under: {term_links(view, "tag", "tag")}</p></div></div>
{_author_blurbs(view)}
<div class="et_pb_comments_0_tb_body et_pb_comments_module et_pb_module et_pb_bg_layout_light et_flex_module" data-icon="">
{comments(view)}
</div>
</div>
<div class="et_pb_column_2_tb_body et_pb_column et-last-child et_flex_column et_pb_css_mix_blend_mode_passthrough et_flex_column_8_24">
<div class="et_pb_sidebar_0_tb_body et_pb_sidebar et_pb_widget_area et_pb_module clearfix et_pb_bg_layout_light et_flex_module"><div id="search-2" class="et_pb_widget widget_search"><h4 class="widgettitle">Search</h4>{search_form(view)}</div><div id="recent-posts-2" class="et_pb_widget widget_recent_entries"><h4 class="widgettitle">Recent Reex News</h4>{recent_list(view)}</div></div>
</div>
</div>
</div>
<div class="et_pb_section_1_tb_body et_pb_section et_section_regular et_flex_section"><div class="et_pb_row_2_tb_body et_pb_row et_flex_row"><div class="et_pb_column_3_tb_body et_pb_column et-last-child et_flex_column">{newsletter(0, "_tb_body")}</div></div></div>
</div>
</div>
</div>
<footer class="et-l et-l--footer"><div class="et_builder_inner_content"><div class="et_pb_section_0_tb_footer et_pb_section et_section_regular et_flex_section"><div class="et_pb_row_0_tb_footer et_pb_row et_flex_row"><div class="et_pb_column_0_tb_footer et_pb_column et-last-child et_flex_column">{newsletter(0, "_tb_footer")}<div class="et_pb_text_0_tb_footer et_pb_text et_pb_module"><div class="et_pb_text_inner">{colophon()}</div></div></div></div></div></div></footer>
</div>
</div>
</div>
{scripts(view, ("themes/Divi/js/scripts.min.js", "themes/Divi/includes/builder-5/visual-builder/build/script-library.js"))}
</body>
</html>
"""


def _authors(view: View) -> str:
    return ", ".join(
        f'<span class="author vcard"><a href="{view.base}{author.path}" title="Posts by {escape(author.name)}" rel="author">{escape(author.name)}</a></span>'
        for author in view.post.entry.authors
    )


def _author_blurbs(view: View) -> str:
    return "\n".join(
        f'<div class="et_pb_blurb_{n}_tb_body et_pb_blurb et_pb_module et_pb_bg_layout_light et_pb_blurb_position_left et_flex_module"><div class="et_pb_blurb_content"><div class="et_pb_main_blurb_image"><span class="et_pb_image_wrap"><img src="{view.base}/wp-content/uploads/2024/11/{author.slug}.png" alt="" /></span></div>'
        f'<div class="et_pb_blurb_container"><h4 class="et_pb_module_header"><a href="{view.base}{author.path}">By {escape(author.name)}</a></h4><div class="et_pb_blurb_description"><p>{escape(author.bio)}</p></div></div></div></div>'
        for n, author in enumerate(view.post.entry.authors)
    )
