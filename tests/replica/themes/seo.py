"""What SEO plugins write into the head: Open Graph and JSON-LD in the dialects of the two commonest ones."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import md5
from html import escape
from typing import Any

from tests.replica.themes.view import SITE_NAME, View, local
from tests.replica.truth import AuthorTruth


def yoast(view: View) -> list[str]:
    """The lines of the commonest plugin: times in UTC, one graph whose pieces are tied by ``@id``."""
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
            **({"description": author.bio} if author.bio else {}),
            "url": base + author.path,
        }
        for author in entry.authors
    ]
    return {"@context": "https://schema.org", "@graph": [article, page, breadcrumb, site, firm, *persons]}


def _person_id(base: str, author: AuthorTruth) -> str:
    return f"{base}/#/schema/person/{md5(author.slug.encode(), usedforsecurity=False).hexdigest()}"


def rank_math(view: View) -> list[str]:
    """The lines of its rival: times on the site's own clock, terms and update time as Open Graph, people by address."""
    post, base = view.post, view.base
    entry = post.entry
    title = escape(post.title_html.replace("&#", "\0")).replace("\0", "&#")
    summary = escape(post.summary)
    published, modified = local(entry.published).isoformat(), local(entry.modified).isoformat()
    sections = [term.name for term in entry.terms if term.taxonomy == "category"]
    tags = [term.name for term in entry.terms if term.taxonomy == "tag"]
    people = [
        {
            "@type": "Person",
            "@id": base + author.path,
            "name": author.name,
            **({"description": author.bio} if author.bio else {}),
            "url": base + author.path,
            "worksFor": {"@id": f"{base}/#organization"},
        }
        for author in entry.authors
    ]
    named = [{"@id": person["@id"], "name": person["name"]} for person in people]
    article = {
        "@type": ["NewsArticle"],
        "headline": f"{entry.title} - {SITE_NAME}",
        "keywords": ",".join(tags),
        "datePublished": published,
        "dateModified": modified,
        "articleSection": sections[0],
        "author": named[0] if len(named) == 1 else named,
        "publisher": {"@id": f"{base}/#organization"},
        "description": post.summary,
        "name": f"{entry.title} - {SITE_NAME}",
        "@id": f"{post.url}#richSnippet",
        "isPartOf": {"@id": f"{post.url}#webpage"},
        "inLanguage": "en-US",
        "mainEntityOfPage": {"@id": f"{post.url}#webpage"},
    }
    page = {
        "@type": "WebPage",
        "@id": f"{post.url}#webpage",
        "url": post.url,
        "name": f"{entry.title} - {SITE_NAME}",
        "datePublished": published,
        "dateModified": modified,
    }
    organization = {
        "@type": ["NewsMediaOrganization", "Organization"],
        "@id": f"{base}/#organization",
        "name": SITE_NAME,
        "url": base,
    }
    site = {"@type": "WebSite", "@id": f"{base}/#website", "url": base, "name": SITE_NAME}
    graph = {"@context": "https://schema.org", "@graph": [organization, site, page, *people, article]}
    return [
        f'<meta name="description" content="{summary}"/>',
        '<meta name="robots" content="follow, index, max-snippet:-1, max-video-preview:-1, max-image-preview:large"/>',
        f'<link rel="canonical" href="{post.url}" />',
        *([f'<link rel="next" href="{post.url}{view.part + 1}/" />'] if view.part < len(post.parts_html) else []),
        '<meta property="og:locale" content="en_US" />',
        '<meta property="og:type" content="article" />',
        f'<meta property="og:title" content="{title} - {SITE_NAME}" />',
        f'<meta property="og:url" content="{post.url}" />',
        f'<meta property="og:site_name" content="{SITE_NAME}" />',
        *(f'<meta property="article:tag" content="{escape(tag)}" />' for tag in tags),
        *(f'<meta property="article:section" content="{escape(section)}" />' for section in sections[:1]),
        f'<meta property="og:updated_time" content="{modified}" />',
        f'<meta property="article:published_time" content="{published}" />',
        f'<meta property="article:modified_time" content="{modified}" />',
        f'<meta name="twitter:data1" content="{escape(entry.authors[0].name)}" />',
        f'<script type="application/ld+json" class="rank-math-schema-pro">{json.dumps(graph, ensure_ascii=False)}</script>',
    ]


SEO: dict[str, Callable[[View], list[str]]] = {"yoast": yoast, "rankmath": rank_math}
"""The plugins by name."""
