"""Valid records to begin a test with: say only what the test is about."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Any

from reex_crawler.records import (
    Article,
    Author,
    Capture,
    Comment,
    Dated,
    Image,
    Link,
    Listed,
    Page,
    Precision,
    Taxonomy,
    Term,
)

SITE_URL = "https://news.example"
URL = f"{SITE_URL}/news/magnets/"
FETCHED_AT = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
HTML = b"<!doctype html><html><head><title>Magnets</title></head><body><h1>Magnets</h1><p>Text.</p></body></html>"


def make_page(**over: Any) -> Page:
    """An answer with a small HTML page; ``final_url`` follows ``url``."""
    values: dict[str, Any] = {
        "url": URL,
        "final_url": over.get("url", URL),
        "status": 200,
        "headers": (("Content-Type", "text/html; charset=UTF-8"),),
        "body": HTML,
        "fetched_at": FETCHED_AT,
    }
    return Page(**values | over)


def make_capture(**over: Any) -> Capture:
    """The capture of ``make_page``; ``final_url`` follows ``url``."""
    values: dict[str, Any] = {
        "url": URL,
        "final_url": over.get("url", URL),
        "status": 200,
        "fetched_at": FETCHED_AT,
        "digest": hashlib.sha256(HTML).hexdigest(),
        "size": len(HTML),
    }
    return Capture(**values | over)


def make_dated(
    at: datetime = datetime(2026, 1, 2, 9, 30, 15, tzinfo=UTC), precision: Precision = Precision.SECOND
) -> Dated:
    """An instant, its raw text in ISO 8601."""
    return Dated(at, precision, at.isoformat())


def make_comment(comment_id: int = 17, **over: Any) -> Comment:
    """A visible comment at the root of its thread."""
    values: dict[str, Any] = {
        "comment_id": comment_id,
        "parent_id": None,
        "author_name": "Reader",
        "author_url": None,
        "by_article_author": False,
        "posted": make_dated(datetime(2026, 1, 3, 8, 0, tzinfo=UTC), Precision.MINUTE),
        "body": f"Comment {comment_id}.",
    }
    return Comment(**values | over)


def make_article(fetched_at: datetime = FETCHED_AT, **over: Any) -> Article:
    """An article with every field filled and no comments; its capture follows ``fetched_at`` and ``url``."""
    values: dict[str, Any] = {
        "post_id": 7855,
        "url": URL,
        "slug": "magnets",
        "title": "Magnets",
        "published": make_dated(),
        "modified": make_dated(datetime(2026, 1, 4, 10, 0, 0, tzinfo=UTC)),
        "authors": (Author(name="Daniel", slug="daniel", url=f"{SITE_URL}/author/daniel/", bio="Writes."),),
        "terms": (
            Term(taxonomy=Taxonomy.CATEGORY, name="Supply Chain", slug="supply-chain"),
            Term(taxonomy=Taxonomy.TAG, name="MP Materials", slug="mp-materials"),
        ),
        "highlights": ("First point.", "Second point."),
        "body": "First paragraph.\n\nSecond paragraph.",
        "body_markdown": "First paragraph.\n\nSecond [paragraph](https://other.example/).",
        "body_html": "<p>First paragraph.</p><p>Second <a href='https://other.example/'>paragraph</a>.</p>",
        "images": (Image(url=f"{SITE_URL}/magnet.jpg", alt="A magnet", caption="Magnet"),),
        "links": (Link(url="https://other.example/", text="paragraph", internal=False),),
        "lead_image": f"{SITE_URL}/lead.jpg",
        "language": "en-US",
        "word_count": 4,
        "layout": "divi-4",
        "sources": {"published": "json-ld", "authors": "json-ld", "terms": "json-ld", "lead_image": "meta"},
        "comments": (),
        "thread_complete": True,
        "pending": (),
        "repairs": (),
        "suspicions": (),
        "capture": make_capture(url=over.get("url", URL), fetched_at=fetched_at),
    }
    return Article(**values | over)


def make_listed(url: str = URL, **over: Any) -> Listed:
    """What a feed says of an article."""
    values: dict[str, Any] = {"url": url, "source": "feed", "listed_in": f"{SITE_URL}/feed/"}
    return Listed(**values | over)
