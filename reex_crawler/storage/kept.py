"""The answers that the raw archive keeps, as their rows tell of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy import Row, Select, or_, select
from sqlalchemy.orm import Session

from reex_crawler.records import Record
from reex_crawler.storage.models import FetchOutcome, FetchRow, ResourceRow

_AT_ONCE = 1000
_REDIRECTS = range(HTTPStatus.MULTIPLE_CHOICES, HTTPStatus.BAD_REQUEST)
_COLUMNS = (
    *(FetchRow.id, ResourceRow.url, FetchRow.final_url, FetchRow.status, FetchRow.fetched_at, FetchRow.digest),
    *(FetchRow.warc_file, FetchRow.warc_offset, FetchRow.warc_length, FetchRow.record_id, FetchRow.payload_digest),
    *(FetchRow.note_file, FetchRow.note_offset),
)


Answers = Select[*tuple[Any, ...]]
"""Which answers are meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One answer that is in the archive."""

    row: int
    """The number of its row."""
    asked: str
    final_url: str | None
    status: int | None
    at: datetime
    digest: str | None
    """SHA-256 of the body in hex, where something was read from it."""
    record: Record
    note: tuple[str, int] | None
    """File and offset of the record that notes with what it was read."""


def everything(session: Session) -> Iterator[Kept]:
    """All of them in the order of their rows; memory does not grow with their number."""
    statement = _kept().order_by(FetchRow.id).execution_options(yield_per=_AT_ONCE)
    return map(_of, session.execute(statement))


def pages_of(article_id: int) -> Answers:
    """The pages that an article was read from, at whatever address it had."""
    return _kept().where(ResourceRow.article_id == article_id, FetchRow.outcome == FetchOutcome.ARTICLE)


def answers_of(urls: Collection[str]) -> Answers:
    """What a URL answered, itself or at the end of its redirects; ``urls`` are spellings of it.

    "Not modified" has nothing to show, and neither has a redirect.
    """
    own = or_(ResourceRow.url.in_(urls), FetchRow.final_url.in_(urls))
    return _kept().where(own, FetchRow.status.not_in(_REDIRECTS), FetchRow.outcome != FetchOutcome.REDIRECTED)


def first(session: Session, chosen: Answers) -> Kept | None:
    """The earliest of those chosen."""
    return _one(session, chosen.order_by(FetchRow.fetched_at, FetchRow.id))


def last(session: Session, chosen: Answers, before: datetime | None = None) -> Kept | None:
    """The latest of those chosen, or the latest that came before some instant."""
    earlier = chosen if before is None else chosen.where(FetchRow.fetched_at < before)
    return _one(session, earlier.order_by(FetchRow.fetched_at.desc(), FetchRow.id.desc()))


def _kept() -> Answers:
    places = (FetchRow.record_id, FetchRow.warc_file, FetchRow.warc_offset)
    of_resource = ResourceRow.id == FetchRow.resource_id
    return select(*_COLUMNS).join(ResourceRow, of_resource).where(*(place.is_not(None) for place in places))


def _one(session: Session, chosen: Answers) -> Kept | None:
    row = session.execute(chosen.limit(1)).one_or_none()
    return _of(row) if row else None


def _of(row: Row[*tuple[Any, ...]]) -> Kept:
    return Kept(
        row=row.id,
        asked=row.url,
        final_url=row.final_url,
        status=row.status,
        at=row.fetched_at,
        digest=row.digest,
        record=Record(
            file=row.warc_file,
            offset=row.warc_offset,
            length=row.warc_length or 0,
            record_id=row.record_id,
            payload_digest=row.payload_digest or "",
        ),
        note=None if row.note_file is None else (row.note_file, row.note_offset),
    )
