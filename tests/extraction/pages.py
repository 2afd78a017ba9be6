"""Pages to read from: a test writes only the part it is about."""

from __future__ import annotations

import json
from typing import Any

from reex_crawler.extraction.document import Document, parse
from reex_crawler.records import Page
from reex_crawler.site.profile import SiteProfile, profile
from tests.factories import SITE_URL, URL, make_page

SITE: SiteProfile = profile(SITE_URL)
REST_HEADER = ("Link", f'<{SITE_URL}/wp-json/>; rel="https://api.w.org/"')


def page(body: str, *, head: str = "", post_id: int = 41, url: str = URL, **over: Any) -> Page:
    """An answer with a whole page; ``post_id`` stands in the body's classes as WordPress writes it."""
    text = f"<!doctype html><html><head>{head}</head><body class='single single-news-archive postid-{post_id}'>{body}</body>"
    return make_page(url=url, body=f"{text}</html>".encode(), **over)


def document(body: str, **over: Any) -> Document:
    """The same, parsed."""
    return parse(page(body, **over), SITE)


def json_ld(*nodes: dict[str, Any]) -> str:
    """A script with one graph."""
    return (
        f'<script type="application/ld+json">{json.dumps({"@context": "https://schema.org", "@graph": nodes})}</script>'
    )
