"""Reading the site's listings. Each is optional, and may be closed, broken, lying or endless.

Every answer is noted and what it names remembered in one transaction, so that nothing that was read is ever lost.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Generic, Literal, Protocol, TypeVar, Unpack

from sqlalchemy.orm import Session

from reex_crawler.discovery import comments, feeds, rest, sitemaps
from reex_crawler.discovery.rest import Limits
from reex_crawler.discovery.sitemaps import Child
from reex_crawler.errors import BadListing
from reex_crawler.records import ListedComment, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.spiders.fetching import OUTCOMES, NoAnswer, no_page
from reex_crawler.storage import frontier
from reex_crawler.storage import listings as said
from reex_crawler.storage.doors import Door
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)
# A sitemap holds up to 50,000 addresses, a feed page 10 and a REST page 100: far more than the site has.
_MAX_SITEMAPS = 100
MAX_PAGES = 1000

_T = TypeVar("_T")


class Store(Protocol):
    """What the listings need of the database."""

    @property
    def run_id(self) -> int | None:
        """The number of the run."""

    async def run(self, work: Callable[[Session], _T]) -> _T:
        """Do some work in one transaction."""


class Get(Protocol):
    """Fetches a URL with further headers; raises ``NoAnswer``."""

    def __call__(self, url: str, headers: dict[str, str] | None = None) -> Awaitable[Page]:
        """Fetch it."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[_T]):
    """What asking a listing gave: its content, the word that it is as before, or nothing."""

    content: _T | None = None
    unchanged: bool = False
    missing: bool = False
    """Whether the site says that there is no such listing; WordPress does so past the last page of a feed."""


@dataclass(slots=True)
class Listings:
    """The site's feeds, sitemaps and REST collections, of articles and of comments."""

    site: SiteProfile
    get: Get
    store: Store
    doors: dict[str, Door]
    """What was known of them before."""
    now: datetime
    """When the run began."""
    read: int = 0
    """How many could be read."""
    problems: list[BadListing | NoAnswer] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def is_closed(self, url: str) -> bool:
        """Whether a listing was refused less than a day ago, so that it need not be asked again."""
        door = self.doors.get(url)
        return door is not None and not door.is_open and not self.is_stale(url)

    def is_stale(self, url: str) -> bool:
        """Whether a listing was not asked for a day."""
        door = self.doors.get(url)
        return door is None or door.asked_at is None or door.asked_at <= self.now - DAY

    async def feed(self, url: str, *, again: bool = False, news_since: datetime | None = None) -> Answer[feeds.Feed]:
        """One page of a feed; with ``again`` only if it changed since it was read last."""

        def keep(session: Session, feed: feeds.Feed, seen_at: datetime) -> int:
            said.remember(session, feed.items, seen_at=seen_at, news_since=news_since)
            dates = [item.published.at for item in feed.items if item.published]
            if dates and "paged=" not in url:
                said.unlisted(session, source="feed", listed_in=[url], seen_at=seen_at, since=min(dates))
            return len(feed.items)

        return await self._read(url, ResourceKind.FEED, feeds.read, keep, again=again)

    async def articles(
        self,
        collection: str,
        page: int = 1,
        *,
        by_change: bool = False,
        news_since: datetime | None = None,
        **limits: Unpack[Limits],
    ) -> Answer[rest.Listing]:
        """One page of a REST collection of articles, as ``limits`` bound it, the latest first."""
        door = rest_door(self.site, collection)
        order: Literal["date", "modified"] = "modified" if by_change else "date"
        url = rest.articles_url(self.site, page, collection=collection, orderby=order, **limits)
        whole = not any(limits.values()) and not by_change

        def keep(session: Session, listing: rest.Listing, seen_at: datetime) -> int:
            said.remember(session, listing.items, seen_at=seen_at, news_since=news_since)
            return len(listing.items)

        # A reading that is bounded or ordered otherwise tells nothing of how much there is in all.
        known_as = f"{door}?page={page}" if whole and page > 1 else door
        return await self._read(
            url,
            ResourceKind.REST,
            rest.articles,
            keep,
            known_as=known_as,
            total=lambda one: one.total if whole else None,
        )

    async def comments(self, page: int = 1, *, after: datetime | None = None) -> Answer[comments.CommentListing]:
        """One page of the REST collection of all comments."""
        url = self.site.all_comments_url(page, after=after)

        def keep(session: Session, listing: comments.CommentListing, seen_at: datetime) -> int:
            said.commented(session, listing.items, listed_in=door, seen_at=seen_at)
            return len(listing.items)

        door = rest_door(self.site, "comments")
        known_as = f"{door}?page={page}" if after is None and page > 1 else door
        return await self._read(
            url,
            ResourceKind.REST,
            comments.collection,
            keep,
            known_as=known_as,
            total=lambda one: one.total if after is None else None,
        )

    async def comments_feed(self, *, again: bool) -> Answer[tuple[ListedComment, ...]]:
        """The feed of the newest comments."""
        url = self.site.url(self.site.comments_feed_path)

        def keep(session: Session, named: tuple[ListedComment, ...], seen_at: datetime) -> int:
            said.commented(session, named, listed_in=url, seen_at=seen_at)
            return len(named)

        return await self._read(url, ResourceKind.FEED, comments.feed, keep, again=again)

    async def sitemaps(
        self,
        announced: Iterable[str],
        *,
        wanted: Callable[[Child], bool] = lambda _: True,
        news_since: datetime | None = None,
    ) -> bool:
        """The sitemaps that robots.txt announces; where they name nothing, the usual addresses in turn.

        Of the children of an index those that are ``wanted`` are read. Gives whether articles are named and every
        sitemap that was asked could be read: one that could not may have named others.
        """
        roots = [url for url in announced if self.site.owns(url)]
        usual = [[self.site.url(path)] for path in self.site.sitemap_paths]
        for some in [roots, *usual]:
            named, whole = await self._sitemaps(some, wanted, news_since)
            if named:
                return whole
        return False

    async def _sitemaps(
        self, roots: Sequence[str], wanted: Callable[[Child], bool], news_since: datetime | None
    ) -> tuple[bool, bool]:
        """Whether these name articles, or children that are not wanted now; and whether all of them could be read."""

        def keep(session: Session, sitemap: sitemaps.Sitemap, seen_at: datetime) -> int:
            said.remember(session, sitemap.entries, seen_at=seen_at, news_since=news_since)
            return len(sitemap.entries)

        waiting: list[tuple[Child, str]] = [(Child(url, None), url) for url in roots]
        named, whole = False, True
        read: list[str] = []
        while waiting and len(self.asked) < _MAX_SITEMAPS:
            child, index = waiting.pop(0)
            if child.url in self.asked:
                continue
            self.asked.add(child.url)

            answer = await self._read(
                child.url, ResourceKind.SITEMAP, sitemaps.read, keep, lastmod=(index, child.modified_at)
            )
            if answer.content is None:
                whole = False
                continue
            # One that is suddenly empty is broken sooner than all of its articles are withdrawn.
            read += [child.url] if answer.content.entries else []
            chosen = [one for one in answer.content.children if wanted(one)]
            named = named or bool(answer.content.entries) or len(chosen) < len(answer.content.children)
            waiting += [(one, child.url) for one in chosen]
        if read:
            await self.store.run(
                lambda session: said.unlisted(session, source="sitemap", listed_in=read, seen_at=self.now)
            )
        return named, whole and not waiting

    async def _read(  # noqa: PLR0913 - each is a fact of the listing, given by name
        self,
        url: str,
        kind: ResourceKind,
        reader: Callable[[Page, SiteProfile], _T],
        keep: Callable[[Session, _T, datetime], int],
        *,
        again: bool = False,
        known_as: str | None = None,
        total: Callable[[_T], int | None] = lambda _: None,
        lastmod: tuple[str, datetime | None] | None = None,
    ) -> Answer[_T]:
        """Ask a listing, note its answer and ``keep`` what it names, in one transaction."""
        known_as = known_as or url
        headers = validators(self.doors.get(known_as)) if again else {}
        try:
            page = await self.get(url, headers)
            if page.status == HTTPStatus.NOT_MODIFIED and headers:
                self.read += 1
                await self._note(known_as, kind, page, FetchOutcome.NOT_MODIFIED)
                return Answer(unchanged=True)
            content = reader(page, self.site)
        except NoAnswer as error:
            self._problem(error)
            refused = FetchOutcome.REFUSED if error.refused else FetchOutcome.FAILED
            await self._note(known_as, kind, no_page(url), refused, error=str(error))
            return Answer()
        except BadListing as error:
            outcome = OUTCOMES.get(page.status, FetchOutcome.FAILED)
            self._problem(error)
            await self._note(known_as, kind, page, outcome, error=str(error))
            return Answer(missing=outcome is FetchOutcome.GONE)
        self.read += 1

        def work(session: Session) -> None:
            items = keep(session, content, self.now)
            fetched = _fetched(known_as, kind, page, FetchOutcome.LISTING, items=items, total=total(content))
            frontier.record(session, replace(fetched, run_id=self.store.run_id))
            if lastmod is not None:
                index, modified_at = lastmod
                said.keep_lastmod(session, url, listed_in=index, modified_at=modified_at, seen_at=self.now)

        await self.store.run(work)
        return Answer(content)

    async def _note(
        self, url: str, kind: ResourceKind, page: Page, outcome: FetchOutcome, *, error: str | None = None
    ) -> None:
        fetched = replace(_fetched(url, kind, page, outcome, error=error), run_id=self.store.run_id)
        await self.store.run(lambda session: frontier.record(session, fetched))

    def _problem(self, error: BadListing | NoAnswer) -> None:
        logger.info("listing left out: %s", error)
        self.problems.append(error)


def rest_door(site: SiteProfile, collection: str) -> str:
    """What a REST collection is known as, whatever page and part of it is asked."""
    return site.url(f"{site.rest_root}{collection}")


def validators(door: Door | None) -> dict[str, str]:
    """The headers that ask for a listing only if it changed.

    nginx weakens the ETag of what it compresses (``W/"…"``), and WordPress compares it as a string: it is sent back as
    WordPress gave it. RFC 9110, section 13.1.2, compares both forms alike.
    """
    if door is None or not door.is_open or door.items is None:
        return {}
    given = {"If-None-Match": (door.etag or "").removeprefix("W/"), "If-Modified-Since": door.last_modified or ""}
    return {name: value for name, value in given.items() if value}


def _fetched(  # noqa: PLR0913 - each is a fact of the answer, given by name
    url: str,
    kind: ResourceKind,
    page: Page,
    outcome: FetchOutcome,
    *,
    error: str | None = None,
    items: int | None = None,
    total: int | None = None,
) -> Fetched:
    return Fetched(
        url=url,
        kind=kind,
        outcome=outcome,
        fetched_at=page.fetched_at,
        final_url=page.final_url,
        status=page.status or None,
        error=error,
        digest=hashlib.sha256(page.body).hexdigest() if page.status else None,
        size=len(page.body) if page.status else None,
        etag=page.header("ETag"),
        last_modified=page.header("Last-Modified"),
        items=items,
        total=total,
    )
