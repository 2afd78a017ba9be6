"""Asking one listing: politely, only if it changed, and so that nothing of its answer is ever lost.

Every answer is noted and what it names remembered in one transaction.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Generic, Protocol, TypeVar

from sqlalchemy.orm import Session

from reex_crawler.archive.notes import Note
from reex_crawler.errors import BadListing
from reex_crawler.records import Page
from reex_crawler.replay.inputs import note_on
from reex_crawler.site.profile import SiteProfile
from reex_crawler.spiders.fetching import OUTCOMES, NoAnswer, no_page
from reex_crawler.storage import frontier
from reex_crawler.storage import listings as said
from reex_crawler.storage.doors import Door
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind

logger = logging.getLogger(__name__)

DAY = timedelta(days=1)

_T = TypeVar("_T")


class Store(Protocol):
    """What the listings need of the database."""

    @property
    def run_id(self) -> int | None:
        """The number of the run."""

    async def run(self, work: Callable[[Session], _T]) -> _T:
        """Do some work in one transaction."""

    def note(self, note: Note | None) -> tuple[str, int] | None:
        """Write into the archive what an answer turned out to be; gives where."""


class Get(Protocol):
    """Fetches a URL with further headers; raises ``NoAnswer``."""

    def __call__(self, url: str, headers: dict[str, str] | None = None) -> Awaitable[Page]:
        """Fetch it."""


@dataclass(frozen=True, slots=True)
class Answer(Generic[_T]):
    """What asking a listing gave: its content, the word that it is as before, or nothing."""

    content: _T | None = None
    unchanged: bool = False
    past_end: bool = False
    """Whether it is a REST collection that has no such page: WordPress answers 400 to it."""
    missing: bool = False
    """Whether the site says that there is no such listing; WordPress does so past the last page of a feed."""


@dataclass(slots=True)
class ListingReader:
    """Asks the listings of one run and knows how they answered before."""

    site: SiteProfile
    get: Get
    store: Store
    doors: dict[str, Door]
    """What was known of them before."""
    now: datetime
    """When the run began."""
    read: int = 0
    """How many that name articles could be read."""
    problems: list[BadListing | NoAnswer] = field(default_factory=list)

    def is_closed(self, url: str) -> bool:
        """Whether a listing was refused less than a day ago, or is not to be asked yet."""
        door = self.doors.get(url)
        return door is not None and (self.is_early(url) or (door.is_shut and not self.is_stale(url)))

    def is_early(self, url: str) -> bool:
        """Whether the site does not want a listing asked yet."""
        door = self.doors.get(url)
        return door is not None and door.due_at is not None and door.due_at > self.now

    def is_stale(self, url: str) -> bool:
        """Whether a listing was not asked for a day."""
        door = self.doors.get(url)
        return door is None or door.asked_at is None or door.asked_at <= self.now - DAY

    async def ask(  # noqa: PLR0913 - each is a fact of the listing, given by name
        self,
        url: str,
        kind: ResourceKind,
        reader: Callable[[Page, SiteProfile], _T],
        keep: Callable[[Session, _T, datetime], int],
        *,
        again: bool = False,
        known_as: str | None = None,
        failed_as: str | None = None,
        of_articles: bool = True,
        total: Callable[[_T], int | None] = lambda _: None,
        lastmod: tuple[str, datetime | None] | None = None,
    ) -> Answer[_T]:
        """Ask a listing, note its answer and ``keep`` what it names, in one transaction.

        It is ``known_as`` another address where only a part of it is asked, and that one part cannot be read is noted
        at ``failed_as``: it says nothing of the others.
        """
        known_as = known_as or url
        failed_as = failed_as or known_as
        headers = validators(self.doors.get(known_as)) if again else {}
        try:
            page = await self.get(url, headers)
            if page.status == HTTPStatus.NOT_MODIFIED and headers:
                self.read += of_articles
                await self._note(known_as, kind, page, FetchOutcome.NOT_MODIFIED)
                return Answer(unchanged=True)
            content = reader(page, self.site)
        except NoAnswer as error:
            self._problem(error)
            refused = FetchOutcome.REFUSED if error.refused else FetchOutcome.FAILED
            await self._note(failed_as, kind, no_page(url), refused, error=str(error), not_before=error.not_before)
            return Answer()
        except BadListing as error:
            outcome = OUTCOMES.get(page.status, FetchOutcome.FAILED)
            self._problem(error)
            await self._note(failed_as, kind, page, outcome, error=str(error))
            return Answer(missing=outcome is FetchOutcome.GONE, past_end=page.status == HTTPStatus.BAD_REQUEST)
        self.read += of_articles

        fetched = _fetched(known_as, kind, page, FetchOutcome.LISTING, total=total(content))
        fetched = replace(fetched, run_id=self.store.run_id)
        note = self.store.note(note_on(fetched))

        def work(session: Session) -> None:
            items = keep(session, content, self.now)
            frontier.record(session, replace(fetched, items=items, note=note))
            if lastmod is not None:
                index, modified_at = lastmod
                said.keep_lastmod(session, url, listed_in=index, modified_at=modified_at, seen_at=self.now)

        await self.store.run(work)
        return Answer(content)

    async def _note(  # noqa: PLR0913 - each is a fact of the answer, given by name
        self,
        url: str,
        kind: ResourceKind,
        page: Page,
        outcome: FetchOutcome,
        *,
        error: str | None = None,
        not_before: datetime | None = None,
    ) -> None:
        fetched = replace(
            _fetched(url, kind, page, outcome, error=error), not_before=not_before, run_id=self.store.run_id
        )
        fetched = replace(fetched, note=self.store.note(note_on(fetched)))
        await self.store.run(lambda session: frontier.record(session, fetched))

    def _problem(self, error: BadListing | NoAnswer) -> None:
        logger.info("listing left out: %s", error)
        self.problems.append(error)


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
        total=total,
        record=page.record,
    )
