"""Pages that are no article: the front page, archives, searches, author pages and what is not found."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tests.replica.post import Post
from tests.replica.themes.furniture import FORM_TEXT, FORM_TITLE, colophon
from tests.replica.themes.view import SITE_NAME, short_date


def listing(base: str, title: str, css: str, posts: Sequence[Post]) -> str:
    """A page that lists posts."""
    items = "".join(
        f'<article class="et_pb_post post-{post.entry.post_id} {post.entry.post_type} type-{post.entry.post_type} hentry"><h2 class="entry-title"><a href="{post.url}">{post.title_html}</a></h2>'
        f'<p class="post-meta"><span class="published">{short_date(post.entry.published)}</span></p><div class="post-content"><p>{escape(post.summary)}</p></div></article>'
        for post in posts
    )
    return _frame(base, title, css, items)


def missing(base: str) -> str:
    """The 404 page."""
    text = '<article id="post-0" class="et_pb_post not_found"><h1 class="not-found-title">No Results Found</h1><p>The page you requested could not be found. Try refining your search, or use the navigation above to locate the post.</p></article>'
    return _frame(base, "Page not found", "error404", text)


def embed(base: str, post: Post) -> str:
    """The page of an article that other sites put into a frame."""
    return (
        f'<!DOCTYPE html><html lang="en-US" class="no-js"><head><title>{post.title_html} - {SITE_NAME}</title><link rel="canonical" href="{post.url}" /></head>'
        f'<body class="wp-singular single single-{post.entry.post_type} postid-{post.entry.post_id} embed"><div class="wp-embed post-{post.entry.post_id} hentry"><p class="wp-embed-heading"><a href="{post.url}" target="_top">{post.title_html}</a></p>'
        f'<div class="wp-embed-excerpt"><p>{escape(post.summary)}</p></div></div></body></html>'
    )


def _frame(base: str, title: str, css: str, content: str) -> str:
    return (
        f'<!DOCTYPE html><html lang="en-US"><head><meta charset="UTF-8" /><title>{escape(title)} - {SITE_NAME}</title></head>'
        f'<body class="{css} wp-theme-Divi et_divi_theme et-db"><div id="page-container"><div id="main-content"><div class="container"><div id="left-area">{content}</div></div></div>'
        f"<footer><h2>{FORM_TITLE}</h2><p>{FORM_TEXT}</p>{colophon()}</footer></div></body></html>"
    )
