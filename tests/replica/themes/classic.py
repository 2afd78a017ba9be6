"""A stock classic theme: ``article``, ``.entry-content``, metadata in a footer, exact times everywhere."""

from __future__ import annotations

from html import escape

from tests.replica.themes.furniture import (
    FORM_TEXT,
    colophon,
    jetpack,
    menu,
    password_form,
    recent_list,
    scripts,
    search_form,
)
from tests.replica.themes.head import head, styles, term_links
from tests.replica.themes.stock import comment_item, comment_paging, page_links, respond, stamp
from tests.replica.themes.view import View, names, short_date


def page(view: View) -> str:
    """The whole page."""
    entry = view.post.entry
    return f"""<!doctype html>
<html lang="en-US" >
<head>
	{head(view, body_css=styles("classic", 480))}
</head>
<body class="wp-singular {entry.post_type}-template-default single single-{entry.post_type} postid-{entry.post_id} wp-embed-responsive wp-theme-classic is-light-theme no-js singular has-main-navigation">
<div id="page" class="site">
	<a class="skip-link screen-reader-text" href="#content">Skip to content</a>
<header id="masthead" class="site-header has-title-and-tagline has-menu"><div class="site-branding"><p class="site-title"><a href="{view.base}/" rel="home">Rare Earth Exchanges</a></p><p class="site-description">News on the elements that matter</p></div><nav id="site-navigation" class="primary-navigation" aria-label="Primary menu">{menu(view, "menu-wrapper")}</nav></header>
	<div id="content" class="site-content"><div id="primary" class="content-area"><main id="main" class="site-main">
<article id="post-{entry.post_id}" class="post-{entry.post_id} {entry.post_type} type-{entry.post_type} status-publish has-post-thumbnail hentry entry">
	<header class="entry-header alignwide"><h1 class="entry-title">{view.post.title_html}</h1>
	<figure class="post-thumbnail"><img width="1568" height="882" src="{view.base}/wp-content/uploads/2025/lead-{entry.post_id}.jpg" class="attachment-post-thumbnail size-post-thumbnail wp-post-image" alt="" decoding="async" /></figure><!-- .post-thumbnail --></header><!-- .entry-header -->
	<div class="entry-content">
		{password_form(view.base, entry.post_id) if view.post.has_password else view.post.parts_html[view.part - 1] + page_links(view) + jetpack(view)}
	</div><!-- .entry-content -->
	<footer class="entry-footer default-max-width">{_meta(view)}</footer><!-- .entry-footer -->
	{_bio(view)}
</article><!-- #post-{entry.post_id} -->
{_comments(view)}
{_navigation(view)}
	</main></div></div>
	<aside class="widget-area">
	<section id="search-2" class="widget widget_search">{search_form(view)}</section>
	<section id="recent-posts-2" class="widget widget_recent_entries"><h2 class="widget-title">Recent Reex News</h2><nav aria-label="Recent Reex News">{recent_list(view)}</nav></section>
	<section id="text-4" class="widget widget_text"><h2 class="widget-title">Straight Into Your Inbox</h2><div class="textwidget"><p>{FORM_TEXT}</p></div></section>
	</aside><!-- .widget-area -->
	<footer id="colophon" class="site-footer">{colophon()}</footer>
</div><!-- #page -->
{scripts(view, ("themes/classic/assets/js/primary-navigation.js", "themes/classic/assets/js/responsive-embeds.js"))}
</body>
</html>
"""


def _byline(view: View) -> str:
    return names(
        [
            f'<a href="{view.base}{author.path}" rel="author">{escape(author.name)}</a>'
            for author in view.post.entry.authors
        ]
    )


def _meta(view: View) -> str:
    entry = view.post.entry
    updated = ""
    if entry.modified != entry.published:
        updated = f'<time class="updated" datetime="{stamp(entry.modified)}">{short_date(entry.modified)}</time>'
    tags = term_links(view, "tag", "tag")
    tagged = f'<span class="tags-links">Tagged {tags} </span>' if tags else ""
    return (
        f'<div class="posted-by"><span class="posted-on">Published <time class="entry-date published{"" if updated else " updated"}" datetime="{stamp(entry.published)}">{short_date(entry.published)}</time>{updated}</span>'
        f'<span class="byline">By {_byline(view)}</span></div>'
        f'<div class="post-taxonomies"><span class="cat-links">Categorized as {term_links(view, "category", "category tag")} </span>{tagged}</div>'
    )


def _bio(view: View) -> str:
    return "".join(
        f'<div class="author-bio show-avatars"><img alt="" src="https://secure.gravatar.com/avatar/{n:032x}?s=85" class="avatar avatar-85 photo" height="85" width="85" /><div class="author-bio-content"><h2 class="author-title">By {escape(author.name)}</h2>'
        f'<p class="author-description"> {escape(author.bio)}</p><a class="author-link" href="{view.base}{author.path}" rel="author">View all of {escape(author.name)}&#039;s posts.</a></div></div>'
        for n, author in enumerate(view.post.entry.authors, start=1)
    )


def _comments(view: View) -> str:
    if view.post.has_password:
        return ""
    if not view.post.nodes:
        return f'<div id="comments" class="comments-area default-max-width">{respond(view)}</div><!-- #comments -->'
    count = len(view.post.shown_comments)
    title = "1 comment" if count == 1 else f"{count} comments"
    items = "\n".join(comment_item(node, view) for node in view.nodes)
    listed = f'<ol class="comment-list">\n{items}\n</ol><!-- .comment-list -->' if items else ""
    return f'<div id="comments" class="comments-area default-max-width show-avatars"><h2 class="comments-title">{title}</h2><!-- .comments-title -->\n{listed}\n{comment_paging(view)}\n{respond(view)}\n</div><!-- #comments -->'


def _navigation(view: View) -> str:
    older, newer = view.neighbours
    previous = (
        f'<div class="nav-previous"><a href="{older.url}" rel="prev"><p class="meta-nav">Previous post</p><p class="post-title">{older.title_html}</p></a></div>'
        if older
        else ""
    )
    following = (
        f'<div class="nav-next"><a href="{newer.url}" rel="next"><p class="meta-nav">Next post</p><p class="post-title">{newer.title_html}</p></a></div>'
        if newer
        else ""
    )
    return f'<nav class="navigation post-navigation" aria-label="Posts"><h2 class="screen-reader-text">Post navigation</h2><div class="nav-links">{previous}{following}</div></nav>'
