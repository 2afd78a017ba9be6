"""A web site without a network, and a database without a crawler: what reading listings and articles needs of both."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from reex_crawler.archive.notes import Note
from reex_crawler.records import Page
from reex_crawler.site.profile import profile
from reex_crawler.spiders.fetching import NoAnswer
from reex_crawler.spiders.listings import Listings
from reex_crawler.storage.doors import doors
from reex_crawler.storage.session import transaction

BASE = "https://site.test"
SITE = profile(BASE)
NOW = datetime(2025, 7, 1, 12, tzinfo=UTC)

_T = TypeVar("_T")


@dataclass(frozen=True)
class Reply:
    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


NOT_FOUND = Reply("<html>", 404)
NOT_MODIFIED = Reply(status=304)
Given = str | Reply | Exception


class Web:
    """Answers by path and query; an error is raised instead. What is not there answers 404."""

    def __init__(self, pages: Mapping[str, Given] | Callable[[str], Given]) -> None:
        self.pages = pages
        self.asked: list[str] = []
        self.sent: list[dict[str, str]] = []
        self.at = NOW

    async def get(self, url: str, headers: dict[str, str] | None = None) -> Page:
        path = url.removeprefix(BASE)
        self.asked.append(path)
        self.sent.append(headers or {})
        given = self.pages(path) if callable(self.pages) else self.pages.get(path, NOT_FOUND)
        if isinstance(given, Exception):
            raise NoAnswer(url, given)
        reply = Reply(given) if isinstance(given, str) else given
        return Page(
            url=url,
            final_url=url,
            status=reply.status,
            headers=tuple(reply.headers.items()),
            body=reply.body.encode(),
            fetched_at=self.at,
        )


class Store:
    """Work in one transaction each, as the pipeline does it."""

    run_id = None

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def run(self, work: Callable[[Session], _T]) -> _T:
        with transaction(self.engine) as session:
            return work(session)

    def note(self, note: Note | None) -> None:
        assert note is None, "nothing here comes from an archive"


def make_listings(web: Web, engine: Engine, *, later: timedelta = timedelta()) -> Listings:
    """The listings of a run that begins so much later than the first."""
    web.at = NOW + later
    with transaction(engine) as session:
        known = doors(session)
    return Listings(site=SITE, get=web.get, store=Store(engine), doors=known, now=NOW + later)


def article_url(slug: str) -> str:
    return f"{BASE}/news/{slug}/"


def sitemap(*slugs: str, lastmod: str = "") -> str:
    urls = "".join(f"<url><loc>{article_url(slug)}</loc><lastmod>{lastmod}</lastmod></url>" for slug in slugs)
    return f"<urlset>{urls}</urlset>"


def index(*paths: str, lastmod: str = "") -> str:
    children = "".join(f"<sitemap><loc>{BASE}{path}</loc><lastmod>{lastmod}</lastmod></sitemap>" for path in paths)
    return f"<sitemapindex>{children}</sitemapindex>"


def feed(*slugs: str, published: Sequence[datetime] = ()) -> str:
    """A page of a feed, its entries dated where ``published`` gives their times."""
    dates = [f"<pubDate>{format_datetime(at)}</pubDate>" for at in published] or [""] * len(slugs)
    items = "".join(
        f"<item><link>{article_url(slug)}</link>{date}</item>" for slug, date in zip(slugs, dates, strict=True)
    )
    return f"<rss><channel>{items}</channel></rss>"


def collection(*slugs: str, total: int = 1, pages: int = 1, **entry: Any) -> Reply:
    """A page of a REST collection of articles."""
    entries = [{"id": number, "link": article_url(slug)} | entry for number, slug in enumerate(slugs, 1)]
    return Reply(json.dumps(entries), headers={"X-WP-Total": str(total), "X-WP-TotalPages": str(pages)})
