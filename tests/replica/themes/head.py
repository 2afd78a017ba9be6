"""The head of a page: titles, machine-readable facts, feeds, and the bulk of styles that real pages carry."""

from __future__ import annotations

import json
from hashlib import md5
from html import escape
from typing import Any

from tests.replica.post import texturized
from tests.replica.themes.view import SITE_NAME, View
from tests.replica.truth import AuthorTruth


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
        *(_seo(view) if view.options.seo else ["<meta name='robots' content='max-image-preview:large' />"]),
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


def _seo(view: View) -> list[str]:
    post = view.post
    entry = post.entry
    canonical = post.url + (f"{view.part}/" if view.part > 1 else "")
    title = escape(post.title_html.replace("&#", "\0")).replace("\0", "&#")
    summary = escape(post.summary)
    lines = [
        "<meta name='robots' content='index, follow, max-image-preview:large, max-snippet:-1, max-video-preview:-1' />",
        "<!-- This site is optimized with an SEO plugin -->",
        f'<meta name="description" content="{summary}" />',
        f'<link rel="canonical" href="{canonical}" />',
    ]
    if view.part < len(post.parts_html):
        lines.append(f'<link rel="next" href="{post.url}{view.part + 1}/" />')
    if view.part > 1:
        lines.append(f'<link rel="prev" href="{post.url}{f"{view.part - 1}/" if view.part > 2 else ""}" />')
    authors = "".join(f'\n\t<meta name="author" content="{escape(author.name)}" />' for author in entry.authors[:1])
    lines += [
        '<meta property="og:locale" content="en_US" />',
        '<meta property="og:type" content="article" />',
        f'<meta property="og:title" content="{title} - {SITE_NAME}" />',
        f'<meta property="og:description" content="{summary}" />',
        f'<meta property="og:url" content="{canonical}" />',
        f'<meta property="og:site_name" content="{SITE_NAME}" />',
        '<meta property="article:publisher" content="https://www.facebook.com/example" />',
        f'<meta property="article:published_time" content="{entry.published:%Y-%m-%dT%H:%M:%S+00:00}" />',
    ]
    if entry.modified != entry.published:
        lines.append(f'<meta property="article:modified_time" content="{entry.modified:%Y-%m-%dT%H:%M:%S+00:00}" />')
    lines += [
        f'<meta property="og:image" content="{view.base}/wp-content/uploads/2025/lead-{entry.post_id}.jpg" />',
        '<meta name="twitter:card" content="summary_large_image" />' + authors,
        f'<meta name="twitter:label1" content="Written by" />\n\t<meta name="twitter:data1" content="{escape(entry.authors[0].name)}" />',
        f'<script type="application/ld+json" class="yoast-schema-graph">{json.dumps(_graph(view), ensure_ascii=False)}</script>',
    ]
    return lines


def _graph(view: View) -> dict[str, Any]:
    """JSON-LD as the common SEO plugin writes it: one graph, its pieces tied by ``@id``."""
    base, post = view.base, view.post
    entry = post.entry
    people = [{"name": author.name, "@id": _person_id(base, author)} for author in entry.authors]
    article = {
        "@type": "NewsArticle",
        "@id": f"{post.url}#article",
        "isPartOf": {"@id": post.url},
        "author": people[0] if len(people) == 1 else people,
        "headline": entry.title,
        "datePublished": entry.published.isoformat(),
        "dateModified": entry.modified.isoformat(),
        "mainEntityOfPage": {"@id": post.url},
        "commentCount": view.comment_count,
        "publisher": {"@id": f"{base}/#organization"},
        "image": {"@id": f"{post.url}#primaryimage"},
        "thumbnailUrl": f"{base}/wp-content/uploads/2025/lead-{entry.post_id}.jpg",
        "keywords": [term.name for term in entry.terms if term.taxonomy == "tag"],
        "articleSection": [term.name for term in entry.terms if term.taxonomy == "category"],
        "inLanguage": "en-US",
        "potentialAction": [{"@type": "CommentAction", "name": "Comment", "target": [f"{post.url}#respond"]}],
    }
    page = {
        "@type": "WebPage",
        "@id": post.url,
        "url": post.url,
        "name": f"{entry.title} - {SITE_NAME}",
        "isPartOf": {"@id": f"{base}/#website"},
        "datePublished": entry.published.isoformat(),
        "dateModified": entry.modified.isoformat(),
        "breadcrumb": {"@id": f"{post.url}#breadcrumb"},
        "inLanguage": "en-US",
    }
    crumbs = [("Home", f"{base}/"), ("News", f"{base}/news/"), (entry.title, None)]
    items = [
        {"@type": "ListItem", "position": place, "name": name, **({"item": url} if url else {})}
        for place, (name, url) in enumerate(crumbs, start=1)
    ]
    site = {"@type": "WebSite", "@id": f"{base}/#website", "url": f"{base}/", "name": SITE_NAME, "inLanguage": "en-US"}
    firm = {"@type": "Organization", "@id": f"{base}/#organization", "name": SITE_NAME, "url": f"{base}/"}
    breadcrumb = {"@type": "BreadcrumbList", "@id": f"{post.url}#breadcrumb", "itemListElement": items}
    persons = [
        {
            "@type": "Person",
            "@id": _person_id(base, author),
            "name": author.name,
            "image": {
                "@type": "ImageObject",
                "url": f"https://secure.gravatar.com/avatar/{author.slug}?s=96",
                "caption": author.name,
            },
            "description": author.bio,
            "url": base + author.path,
        }
        for author in entry.authors
    ]
    return {"@context": "https://schema.org", "@graph": [article, page, breadcrumb, site, firm, *persons]}


def _person_id(base: str, author: AuthorTruth) -> str:
    return f"{base}/#/schema/person/{md5(author.slug.encode(), usedforsecurity=False).hexdigest()}"


def term_links(view: View, taxonomy: str, rel: str) -> str:
    """The linked terms of one taxonomy, parted by commas."""
    return ", ".join(
        f'<a href="{view.base}{term.path}" rel="{rel}">{texturized(term.name)}</a>'
        for term in view.post.entry.terms
        if term.taxonomy == taxonomy
    )
