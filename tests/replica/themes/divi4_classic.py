"""Divi 4 without the builder: ``article.et_pb_post``, a right sidebar, and a newsletter form inside ``.entry-content``."""

from __future__ import annotations

from html import escape

from tests.replica.themes.divi_comments import comments
from tests.replica.themes.furniture import (
    colophon,
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
    terms = " ".join(f"{term.taxonomy}-{term.slug}" for term in entry.terms)
    return f"""<!DOCTYPE html>
<html lang="en-US">
<head>
	{head(view, body_css=styles("et_pb_classic", 500))}
</head>
<body class="wp-singular {entry.post_type}-template-default single single-{entry.post_type} postid-{entry.post_id} wp-theme-Divi et_pb_button_helper_class et_fixed_nav et_show_nav et_primary_nav_dropdown_animation_fade et_header_style_left et_pb_footer_columns4 et_cover_background et_pb_gutter osx et_pb_gutters3 et_right_sidebar et_divi_theme et-db">
<div id="page-container">
<header id="main-header" data-height-onload="66"><div class="container clearfix et_menu_container"><div class="logo_container"><a href="{view.base}/"><img src="{view.base}/wp-content/uploads/2024/10/logo.png" alt="Rare Earth Exchanges" id="logo" /></a></div>
<div id="et-top-navigation"><nav id="top-menu-nav">{menu(view, "nav")}</nav><div id="et_mobile_nav_menu"><div class="mobile_nav closed"><span class="select_page">Select Page</span><span class="mobile_menu_bar mobile_menu_bar_toggle"></span></div></div></div></div></header> <!-- #main-header -->
<div id="et-main-area">
<div id="main-content">
	<div class="container">
		<div id="content-area" class="clearfix">
			<div id="left-area">
				<article id="post-{entry.post_id}" class="et_pb_post post-{entry.post_id} {entry.post_type} type-{entry.post_type} status-publish has-post-thumbnail hentry {terms}">
					<div class="et_post_meta_wrapper">
						<h1 class="entry-title">{view.post.title_html}</h1>
						<p class="post-meta"> by {_authors(view)} | <span class="published">{short_date(entry.published)}</span> | {term_links(view, "category", "category tag")} | <span class="comments-number"><a href="{view.post.url}#respond">{view.comment_count} comments</a></span></p>
						<img src="{view.base}/wp-content/uploads/2025/lead-{entry.post_id}-1080x675.jpg" alt="" class="" width="1080" height="675" srcset="{view.base}/wp-content/uploads/2025/lead-{entry.post_id}-1080x675.jpg 1080w" sizes="(max-width: 1080px) 100vw, 1080px" />
					</div>
					<div class="entry-content">
					{_content(view)}
					</div>
					<div class="et_post_meta_wrapper">
{comments(view)}
					</div>
				</article>
			</div>
			<div id="sidebar">
				<div id="search-2" class="et_pb_widget widget_search"><h4 class="widgettitle">Search</h4>{search_form(view)}</div>
				<div id="recent-posts-2" class="et_pb_widget widget_recent_entries"><h4 class="widgettitle">Recent Reex News</h4>{recent_list(view)}</div>
			</div>
		</div>
	</div>
</div>
<footer id="main-footer"><div class="container"><div id="footer-widgets" class="clearfix"><div class="footer-widget"><div id="text-3" class="fwidget et_pb_widget widget_text"><h4 class="title">About</h4><div class="textwidget"><p>We follow the elements from the pit to the motor.</p></div></div>{newsletter(2, "")}</div></div></div>
<div id="footer-bottom"><div class="container clearfix"><div id="footer-info">{colophon()}</div></div></div></footer>
</div>
</div>
{scripts(view, ("themes/Divi/js/scripts.min.js", "themes/Divi/core/admin/js/common.js"))}
</body>
</html>
"""


def _authors(view: View) -> str:
    """Two bylines as Co-Authors Plus prints them; one as WordPress does."""
    links = [
        f'<span class="author vcard"><a href="{view.base}{author.path}" title="Posts by {escape(author.name)}" rel="author">{escape(author.name)}</a></span>'
        for author in view.post.entry.authors
    ]
    return " and ".join(links)


def _content(view: View) -> str:
    if view.post.has_password:
        return password_form(view.base, view.post.entry.post_id)
    after = f'<div class="et_builder_inner_content et_pb_gutters3">{newsletter(0, "")}</div>{share_buttons(view)}'
    return f"{view.post.parts_html[view.part - 1]}\n{_page_links(view)}{after}"


def _page_links(view: View) -> str:
    """``wp_link_pages``: every part but the one shown."""
    count = len(view.post.parts_html)
    if count < 2:
        return ""
    numbers = " ".join(
        f'<span class="post-page-numbers current" aria-current="page">{n}</span>'
        if n == view.part
        else f'<a href="{view.post.url}{f"{n}/" if n > 1 else ""}" class="post-page-numbers">{n}</a>'
        for n in range(1, count + 1)
    )
    return f'<div class="page-links">Pages: {numbers}</div>\n'
