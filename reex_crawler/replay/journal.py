"""The journal applied to a database: every answer gets its row, and what a note says was read is read again."""

from __future__ import annotations

import logging
from hashlib import sha256
from itertools import islice

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from reex_crawler import ingest
from reex_crawler.archive.exchange import parse_response
from reex_crawler.archive.notes import Note
from reex_crawler.archive.reader import ANSWERS, Archive, Raw
from reex_crawler.discovery import comments, feeds, rest, sitemaps
from reex_crawler.errors import DEFECT, ArchiveDamaged, BadListing, ReexError, Unreadable
from reex_crawler.records import Article, DueReason, Page
from reex_crawler.replay import renewal
from reex_crawler.replay.inputs import ARTICLE, Inputs, inputs_of, page_at
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage import fetches, frontier
from reex_crawler.storage import listings as said
from reex_crawler.storage.fetches import Answer
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind
from reex_crawler.urls import on_site

logger = logging.getLogger(__name__)

# An answer waits so long for its note; further pages of an article come before the note on its first.
_WAITING = 1000


class Journal:
    """Applies records in the order of the archive. Whoever commits calls ``finish`` before the last time."""

    def __init__(self, archive: Archive, site: SiteProfile) -> None:
        self._archive = archive
        self._site = site
        self._waiting: dict[str, Answer] = {}

    def apply(self, session: Session, raw: Raw) -> Page | None:
        """Apply one record; gives the page that its note is on. What has its row, or was read, stays as it is.

        Raises ``StorageError`` where the archive is damaged, and ``Unreadable`` for a fault of this program, which
        leaves nothing of the record behind.
        """
        if raw.kind in ANSWERS:
            self._waiting[raw.record_id] = _answer(raw, self._site)
            if len(self._waiting) > _WAITING:
                self._keep(session, _WAITING // 2)
            return None
        note = raw.note()
        if note is None or fetches.noted(session, [note.answer.record_id]):
            return None
        try:
            with session.begin_nested():
                page = self._apply(session, note, (raw.file, raw.offset))
        except (ReexError, DBAPIError):
            raise
        except Exception as error:
            logger.exception("what was read of %s cannot be stored", note.asked)
            raise Unreadable(DEFECT, f"{note.asked}: {type(error).__name__}: {error}") from error
        for record in (note.answer, *(part.record for part in note.parts)):
            if record is not None:
                self._waiting.pop(record.record_id, None)
        return page

    def _apply(self, session: Session, note: Note, place: tuple[str, int]) -> Page:
        if note.kind == ARTICLE and note.outcome is None:
            given = inputs_of(self._archive, note)
            self._ingest(session, given, place)
            return given.page
        page = page_at(self._archive, note.answer, asked=note.asked)
        _record(session, page, note, self._site, place)
        return page

    def _ingest(self, session: Session, given: Inputs, place: tuple[str, int]) -> None:
        read = ingest.read_or_set_aside(given.page, self._site, more=given.parts, listed=given.listed)
        if isinstance(read, Article):
            # Another extractor may have made the row, where a killed run is taken up.
            renewal.renew(session, self._archive, self._site, read)
            ingest.store(session, read, pages=(given.page, *given.parts), why=given.why, note=place)
        else:
            ingest.quarantine(session, read, why=given.why, note=place)

    def finish(self, session: Session) -> None:
        """Give the answers that no note is on their rows."""
        self._keep(session, len(self._waiting))

    def _keep(self, session: Session, count: int) -> None:
        ids = list(islice(self._waiting, count))
        fetches.keep(session, [self._waiting.pop(one) for one in ids], run_id=None)


def _answer(raw: Raw, site: SiteProfile) -> Answer:
    try:
        status, at = parse_response(raw.block).status, raw.date
    except (ValueError, KeyError) as error:
        message = f"{raw.file} at byte {raw.offset:,}: {error}"
        raise ArchiveDamaged(message, hint="reex import takes in the files of other programs") from error
    return Answer(
        asked=on_site(raw.url, site.site_url) or raw.url,
        final_url=raw.url,
        status=status,
        fetched_at=at,
        record=raw.place(),
    )


def _record(session: Session, page: Page, note: Note, site: SiteProfile, place: tuple[str, int]) -> None:
    outcome = FetchOutcome(note.outcome or FetchOutcome.KEPT)
    kind = ResourceKind(note.kind)
    items = _relist(session, page, kind, site) if outcome is FetchOutcome.LISTING else None
    has_content = kind is not ResourceKind.ARTICLE
    frontier.record(
        session,
        Fetched(
            url=note.asked,
            kind=kind,
            outcome=outcome,
            fetched_at=page.fetched_at,
            final_url=note.leads_to or page.final_url,
            status=page.status,
            error=note.error,
            reason=DueReason(note.reason) if note.reason else None,
            digest=sha256(page.body).hexdigest() if has_content else None,
            size=len(page.body) if has_content else None,
            etag=page.header("ETag") if has_content else None,
            last_modified=page.header("Last-Modified") if has_content else None,
            items=items,
            total=note.total,
            record=page.record,
            note=place,
        ),
    )


def _relist(session: Session, page: Page, kind: ResourceKind, site: SiteProfile) -> int | None:
    """Take in what a listing names; gives how many, none where today's reader cannot read it."""
    door = page.url.partition("?")[0]
    try:
        if door in {site.url(site.comments_feed_path), site.url(f"{site.rest_root}comments")}:
            of_rest = kind is ResourceKind.REST
            named = comments.collection(page, site).items if of_rest else comments.feed(page, site)
            said.commented(session, named, listed_in=door, seen_at=page.fetched_at)
            return len(named)
        match kind:
            case ResourceKind.SITEMAP:
                items = sitemaps.read(page, site).entries
            case ResourceKind.FEED:
                items = feeds.read(page, site).items
            case _:
                items = rest.articles(page, site).items
    except BadListing:
        return None
    said.remember(session, items, seen_at=page.fetched_at)
    return len(items)
