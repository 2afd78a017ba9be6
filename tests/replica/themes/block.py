"""A stock block theme: everything is a block, comments come from a comment template."""

from __future__ import annotations

from html import escape

from tests.replica.themes.furniture import FORM_TEXT, FORM_TITLE, colophon, password_form, scripts
from tests.replica.themes.head import head, styles, term_links
from tests.replica.themes.stock import page_links, reply_link, respond, stamp
from tests.replica.themes.view import View, clock, comment_classes, commenter, short_date
from tests.replica.thread import Node


def page(view: View) -> str:
    """The whole page."""
    entry = view.post.entry
    return f"""<!DOCTYPE html>
<html lang="en-US">
<head>
	{head(view, body_css=styles("wp-block", 500))}
</head>
<body class="wp-singular {entry.post_type}-template-default single single-{entry.post_type} postid-{entry.post_id} wp-embed-responsive wp-theme-block">
<a class="skip-link screen-reader-text" id="wp-skip-link" href="#wp--skip-link--target">Skip to content</a><div class="wp-site-blocks">
<header class="wp-block-template-part"><div class="wp-block-group alignfull is-layout-flow wp-block-group-is-layout-flow"><p class="wp-block-site-title"><a href="{view.base}" target="_self" rel="home">Rare Earth Exchanges</a></p>
<nav class="is-responsive items-justified-right wp-block-navigation is-horizontal is-layout-flex" aria-label="Menu"><ul class="wp-block-navigation__container is-responsive wp-block-navigation"><li class="wp-block-navigation-item wp-block-navigation-link"><a class="wp-block-navigation-item__content" href="{view.base}/news/"><span class="wp-block-navigation-item__label">News</span></a></li></ul></nav></div></header>
<main class="wp-block-group is-layout-flow wp-block-group-is-layout-flow" id="wp--skip-link--target">
<div class="wp-block-group alignfull has-global-padding is-layout-constrained">
<h1 class="wp-block-post-title">{view.post.title_html}</h1>
<div class="wp-block-group has-small-font-size is-content-justification-left is-layout-flex"><p>Written by </p>
<div class="wp-block-post-author-name">{_byline(view)}</div>
<p>on</p><div class="wp-block-post-date"><time datetime="{stamp(entry.published)}"><a href="{view.post.url}">{short_date(entry.published)}</a></time></div>
{_modified(view)}<p>in</p><div class="taxonomy-category wp-block-post-terms">{_terms(view, "category")}</div></div>
<div class="entry-content alignfull wp-block-post-content has-global-padding is-layout-constrained wp-block-post-content-is-layout-constrained">
{password_form(view.base, entry.post_id) if view.post.has_password else view.post.parts_html[view.part - 1] + page_links(view)}
</div>
<div class="wp-block-group alignwide is-layout-constrained"><div class="taxonomy-post_tag is-style-post-terms-1 wp-block-post-terms">{_terms(view, "tag")}</div></div>
{_bio(view)}
{_navigation(view)}
{_comments(view)}
<div class="wp-block-group alignwide"><h2 class="wp-block-heading alignwide">More posts</h2><div class="wp-block-query alignwide is-layout-flow">{_more(view)}</div></div>
</div>
</main>
<footer class="wp-block-template-part"><div class="wp-block-group"><h2 class="wp-block-heading">{FORM_TITLE}</h2><p>{FORM_TEXT}</p>{_search(view)}{colophon()}</div></footer>
</div>
{scripts(view, ("plugins/interactivity/index.min.js", "plugins/navigation/view.min.js"))}
</body>
</html>
"""


def _byline(view: View) -> str:
    return " and ".join(
        f'<a href="{view.base}{author.path}" target="_self" class="wp-block-post-author-name__link">{escape(author.name)}</a>'
        for author in view.post.entry.authors
    )


def _modified(view: View) -> str:
    entry = view.post.entry
    if entry.modified == entry.published:
        return ""
    return f'<div class="wp-block-post-date__modified-date wp-block-post-date"><time datetime="{stamp(entry.modified)}">{short_date(entry.modified)}</time></div>\n'


def _terms(view: View, taxonomy: str) -> str:
    return term_links(view, taxonomy, "tag").replace(", ", '<span class="wp-block-post-terms__separator">, </span>')


def _bio(view: View) -> str:
    return "".join(
        f'<div class="wp-block-post-author"><div class="wp-block-post-author__avatar"><img alt="" src="https://secure.gravatar.com/avatar/{n:032x}?s=48" class="avatar avatar-48 photo" height="48" width="48" /></div><div class="wp-block-post-author__content"><p class="wp-block-post-author__name"><a href="{view.base}{author.path}" target="_self">{escape(author.name)}</a></p><p class="wp-block-post-author__bio">{escape(author.bio)}</p></div></div>'
        for n, author in enumerate(view.post.entry.authors, start=1)
    )


def _navigation(view: View) -> str:
    older, newer = view.neighbours
    previous = (
        f'<div class="post-navigation-link-previous wp-block-post-navigation-link"><span class="wp-block-post-navigation-link__arrow-previous">←</span><a href="{older.url}" rel="prev">{older.title_html}</a></div>'
        if older
        else ""
    )
    following = (
        f'<div class="post-navigation-link-next wp-block-post-navigation-link"><a href="{newer.url}" rel="next">{newer.title_html}</a></div>'
        if newer
        else ""
    )
    return f'<nav class="wp-block-group alignwide" aria-label="Post navigation">{previous}{following}</nav>'


def _more(view: View) -> str:
    items = "".join(
        f'<li class="wp-block-post post-{post.entry.post_id} {post.entry.post_type}"><h3 class="wp-block-post-title has-large-font-size"><a href="{post.url}" target="_self">{post.title_html}</a></h3><div class="wp-block-post-date has-small-font-size"><time datetime="{stamp(post.entry.published)}"><a href="{post.url}">{short_date(post.entry.published)}</a></time></div></li>'
        for post in view.recent[:4]
    )
    return f'<ul class="alignfull wp-block-post-template is-layout-flow">{items}</ul>'


def _search(view: View) -> str:
    return f'<form role="search" method="get" action="{view.base}/" class="wp-block-search__button-outside wp-block-search"><label class="wp-block-search__label" for="wp-block-search__input-1">Search</label><div class="wp-block-search__inside-wrapper"><input class="wp-block-search__input" id="wp-block-search__input-1" type="search" name="s" required /><button class="wp-block-search__button wp-element-button" type="submit">Search</button></div></form>'


def _comments(view: View) -> str:
    if view.post.has_password:
        return ""
    count = len(view.post.shown_comments)
    title = "One response to" if count == 1 else f"{count} responses to"
    heading = (
        f'<h3 id="comments" class="wp-block-comments-title has-x-large-font-size">{title} &#8220;{view.post.title_html}&#8221;</h3>'
        if count
        else ""
    )
    items = "".join(_item(node, view) for node in view.nodes)
    listed = f'<ol class="wp-block-comment-template">{items}</ol>' if items else ""
    return f'<div class="wp-block-comments wp-block-comments-query-loop"><h2 class="wp-block-heading has-x-large-font-size">Comments</h2>{heading}{listed}{_paging(view)}<div class="wp-block-post-comments-form">{respond(view)}</div></div>'


def _item(node: Node, view: View) -> str:
    comment = node.comment
    number = comment.comment_id
    replies = "".join(_item(child, view) for child in node.children)
    nested = f"<ol>{replies}</ol>" if replies else ""
    return f"""<li id="comment-{number}" class="{comment_classes(node, view.post)}">
<div class="wp-block-group is-content-justification-left is-nowrap is-layout-flex"><div class="wp-block-avatar"><img alt='' src='https://secure.gravatar.com/avatar/{number * 7919:032x}?s=50' class='avatar avatar-50 photo wp-block-avatar__image' height='50' width='50' /></div>
<div class="wp-block-group is-layout-flow">
<div class="wp-block-comment-date"><time datetime="{stamp(comment.posted)}"><a href="{view.post.url}#comment-{number}">{short_date(comment.posted)} at {clock(comment.posted)}</a></time></div>
<div class="wp-block-comment-author-name">{commenter(comment, view.post)}</div>
<div class="wp-block-comment-content">{view.post.comment_html(comment)}</div>
<div class="wp-block-group is-layout-flex">{reply_link(node, view).replace('class="reply"', 'class="wp-block-comment-reply-link"')}</div></div></div>
{nested}</li>"""


def _paging(view: View) -> str:
    if view.comment_pages < 2:
        return ""
    number = view.comment_page
    older = (
        f'<a href="{view.comment_page_url(number - 1)}" class="wp-block-comments-pagination-previous">Older Comments</a>'
        if number > 1
        else ""
    )
    newer = (
        f'<a href="{view.comment_page_url(number + 1)}" class="wp-block-comments-pagination-next">Newer Comments</a>'
        if number < view.comment_pages
        else ""
    )
    return f'<nav class="wp-block-comments-pagination is-layout-flex">{older}{newer}</nav>'
