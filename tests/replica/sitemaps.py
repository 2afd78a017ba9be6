"""Sitemaps of both kinds: WordPress' own, and those of the common SEO plugin. Both list password-protected posts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from tests.replica.answer import Answer, moved
from tests.replica.post import FOLDERS, Post
from tests.replica.themes.view import local

_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_CORE = re.compile(r"^/wp-sitemap-posts-(?P<type>[a-z-]+)-(?P<number>\d+)\.xml$")
_YOAST = re.compile(r"^/(?P<type>[a-z-]+?)-sitemap(?P<number>\d*)\.xml$")


def answer(path: str, base: str, kind: str, size: int, posts: Sequence[Post]) -> Answer | None:
    """The answer for a sitemap's path; none where the path is not one of this kind's."""
    index = {"core": "/wp-sitemap.xml", "yoast": "/sitemap_index.xml"}.get(kind)
    if index is None:
        return None
    if path == index:
        return _xml(_index(base, kind, size, posts), kind)
    if path == "/sitemap.xml" or (kind == "yoast" and path == "/wp-sitemap.xml"):
        return moved(base + index)
    match = (_CORE if kind == "core" else _YOAST).match(path)
    rows = _rows(base, match["type"], int(match["number"] or 1), size, posts) if match else []
    return _xml(_urlset(rows), kind) if rows else None


def _rows(
    base: str, post_type: str, number: int, size: int, posts: Sequence[Post]
) -> list[tuple[str, datetime | None]]:
    if post_type == "page" and number == 1:
        return [(f"{base}/", None), (f"{base}/about-us/", None)]
    listed = _of_type(posts, post_type)[(number - 1) * size : number * size]
    return [(post.url, post.entry.modified) for post in listed]


def _of_type(posts: Sequence[Post], post_type: str) -> list[Post]:
    """Oldest first, as both kinds list them."""
    return sorted(
        (post for post in posts if post.is_public and post.entry.post_type == post_type),
        key=lambda one: one.entry.post_id,
    )


def _index(base: str, kind: str, size: int, posts: Sequence[Post]) -> str:
    lines = []
    for post_type in ("page", *FOLDERS):
        listed = _of_type(posts, post_type)
        for number in range(1, max(1, -(-len(listed) // size)) + 1):
            if kind == "core":
                lines.append(f"<sitemap><loc>{base}/wp-sitemap-posts-{post_type}-{number}.xml</loc></sitemap>")
            else:
                chunk = listed[(number - 1) * size : number * size]
                stamp = f"<lastmod>{_w3c(max(post.entry.modified for post in chunk))}</lastmod>" if chunk else ""
                lines.append(
                    f"<sitemap><loc>{base}/{post_type}-sitemap{number if number > 1 else ''}.xml</loc>{stamp}</sitemap>"
                )
    return f"<sitemapindex {_NAMESPACE}>{''.join(lines)}</sitemapindex>"


def _urlset(rows: Sequence[tuple[str, datetime | None]]) -> str:
    urls = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{_w3c(stamp)}</lastmod>' if stamp else ''}</url>" for url, stamp in rows
    )
    return f"<urlset {_NAMESPACE}>{urls}</urlset>"


def _w3c(instant: datetime) -> str:
    """With the offset of the site's clock, as both write it."""
    return local(instant).isoformat()


def _xml(text: str, kind: str) -> Answer:
    content_type = "application/xml; charset=UTF-8" if kind == "core" else "text/xml; charset=UTF-8"
    sheet = '<?xml-stylesheet type="text/xsl" href="/wp-sitemap.xsl" ?>'
    return Answer(
        200,
        (("Content-Type", content_type), ("X-Robots-Tag", "noindex, follow")),
        f'<?xml version="1.0" encoding="UTF-8"?>{sheet}{text}'.encode(),
    )
