"""The head of a page: titles, machine-readable facts, feeds, and the bulk of styles that real pages carry."""

from __future__ import annotations

from html import escape

from tests.replica.post import texturized
from tests.replica.themes.seo import SEO
from tests.replica.themes.view import SITE_NAME, View


def head(view: View, *, body_css: str) -> str:
    """Everything between ``<head>`` and ``</head>``."""
    base, post = view.base, view.post
    title = post.title_html
    paged = f" - Page {view.part} of {len(post.parts_html)}" if view.part > 1 else ""
    name = f"{title}{paged} - {SITE_NAME}" if view.options.seo else f"{title}{paged} &#8211; {SITE_NAME}"
    pieces = [
        '<meta charset="UTF-8" />',
        '<meta name="viewport" content="width=device-width, initial-scale=1.0, maximum-scale=1.0, user-scalable=0" />',
        f'<link rel="pingback" href="{base}/xmlrpc.php" />',
        "<script type=\"text/javascript\">document.documentElement.className = 'js';</script>",
        f"<title>{name}</title>",
        *(
            SEO[view.options.seo_plugin](view)
            if view.options.seo
            else ["<meta name='robots' content='max-image-preview:large' />"]
        ),
        f'<link rel="alternate" type="application/rss+xml" title="{SITE_NAME} &raquo; Feed" href="{base}/feed/" />',
        f'<link rel="alternate" type="application/rss+xml" title="{SITE_NAME} &raquo; Comments Feed" href="{base}/comments/feed/" />',
        f'<link rel="alternate" type="application/rss+xml" title="{SITE_NAME} &raquo; {title} Comments Feed" href="{post.url}feed/" />',
        f'<style id="theme-inline-css" type="text/css">{body_css}</style>',
        _rest_link(view),
        f'<link rel="EditURI" type="application/rsd+xml" title="RSD" href="{base}/xmlrpc.php?rsd" />',
        '<meta name="generator" content="WordPress 6.9" />',
        *(() if view.options.seo else (f'<link rel="canonical" href="{_core_canonical(view)}" />',)),
        f"<link rel='shortlink' href='{base}/?p={post.entry.post_id}' />",
        _oembed(view),
        f'<link rel="icon" href="{base}/wp-content/uploads/2024/10/cropped-icon-32x32.png" sizes="32x32" />',
    ]
    return "\n\t".join(pieces)


def styles(prefix: str, rules: int) -> str:
    """Inline styles in the bulk that page builders write: about 90 bytes a rule."""
    sides = ("top", "right", "bottom", "left")
    return "".join(
        f".{prefix}_{n // 7}_tb_body .{prefix}_row_{n % 7}{{padding-{sides[n % 4]}:{n % 23}px!important;margin-{sides[n % 3]}:{n % 11}vw;color:#{n * 7919 % 0xFFFFFF:06x}}}"
        for n in range(rules)
    )


def _core_canonical(view: View) -> str:
    """``rel_canonical`` of WordPress itself: a comment page is canonical with its fragment."""
    if not view.bare:
        return f"{view.post.url}comment-page-{view.comment_page}/#comments"
    return view.post.url + (f"{view.part}/" if view.part > 1 else "")


def _rest_link(view: View) -> str:
    if view.options.rest == "absent":
        return ""
    entry = view.post.entry
    root = f"{view.base}/wp-json/"
    return (
        f'<link rel="https://api.w.org/" href="{root}" />'
        f'<link rel="alternate" title="JSON" type="application/json" href="{root}wp/v2/{entry.post_type}/{entry.post_id}" />'
    )


def _oembed(view: View) -> str:
    href = f"{view.base}/wp-json/oembed/1.0/embed?url={view.post.url.replace(':', '%3A').replace('/', '%2F')}"
    return f'<link rel="alternate" title="oEmbed (JSON)" type="application/json+oembed" href="{escape(href)}" />'


def term_links(view: View, taxonomy: str, rel: str) -> str:
    """The linked terms of one taxonomy, parted by commas."""
    return ", ".join(
        f'<a href="{view.base}{term.path}" rel="{rel}">{texturized(term.name)}</a>'
        for term in view.post.entry.terms
        if term.taxonomy == taxonomy
    )
