"""The rows of ``fetches``: one for each answer that the archive holds, and for each try that gave none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from sqlalchemy import Select, func, select, text, update
from sqlalchemy.orm import Session

from reex_crawler.records import Record
from reex_crawler.storage import listings
from reex_crawler.storage.dialect import insert_into
from reex_crawler.storage.models import ArticleRow, FetchOutcome, FetchRow, ResourceKind, ResourceRow, ResourceState

# Both databases take more parameters in a statement.
_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer in the archive, whatever it is read as later."""

    asked: str
    """The URL that was asked, before any redirect."""
    final_url: str
    status: int
    fetched_at: datetime
    record: Record


def write(session: Session, values: dict[str, Any], record: Record | None) -> int:
    """Write one row, and where the archive keeps its answer; gives its number. One written before is the same row."""
    told = values | (_place(record) if record else {})
    insert = insert_into(session, FetchRow).values(told)
    if record is None:
        upsert = insert.on_conflict_do_update(
            index_elements=["resource_id", "fetched_at", "digest"],
            index_where=text("record_id IS NULL"),
            set_={"outcome": insert.excluded.outcome, "error": insert.excluded.error},
        )
    else:
        upsert = insert.on_conflict_do_update(
            index_elements=["record_id"], set_={name: insert.excluded[name] for name in told if name != "record_id"}
        )
    return session.execute(upsert.returning(FetchRow.id)).scalar_one()


def keep(session: Session, answers: Sequence[Answer], *, run_id: int | None) -> None:
    """Make sure that each answer has a row; what it was read as stays as it is noted."""
    known = with_record(session, [answer.record.record_id for answer in answers])
    new = [answer for answer in answers if answer.record.record_id not in known]
    if not new:
        return
    # One that is a page of its own is known by now.
    for answer in new:
        listings.add(session, ResourceKind.OTHER, answer.fetched_at, {answer.asked})
    others = update(ResourceRow).where(
        ResourceRow.url.in_({answer.asked for answer in new}), ResourceRow.kind == ResourceKind.OTHER
    )
    session.execute(others.values(state=ResourceState.FETCHED))
    ids = dict(
        session.execute(
            select(ResourceRow.url, ResourceRow.id).where(ResourceRow.url.in_({answer.asked for answer in new}))
        ).all()
    )
    session.execute(
        insert_into(session, FetchRow).on_conflict_do_nothing(),
        [
            {
                "resource_id": ids[answer.asked],
                "run_id": run_id,
                "fetched_at": answer.fetched_at,
                "final_url": answer.final_url,
                "status": answer.status,
                "outcome": FetchOutcome.KEPT,
                **_place(answer.record),
            }
            for answer in new
        ],
    )


def with_record(session: Session, record_ids: Sequence[str]) -> set[str]:
    """Which of these records have a row."""
    found: set[str] = set()
    for at in range(0, len(record_ids), _AT_ONCE):
        some = record_ids[at : at + _AT_ONCE]
        found |= {one for one in session.scalars(select(FetchRow.record_id).where(FetchRow.record_id.in_(some))) if one}
    return found


def noted(session: Session, record_ids: Collection[str]) -> set[str]:
    """Which of these records were read as their note says."""
    rows = select(FetchRow.record_id).where(FetchRow.record_id.in_(record_ids), FetchRow.note_offset.is_not(None))
    return {one for one in session.scalars(rows) if one}


def places(session: Session, record_ids: Collection[str]) -> dict[str, Record]:
    """Where the archive keeps these records."""
    rows = session.scalars(select(FetchRow).where(FetchRow.record_id.in_(record_ids)))
    return {record.record_id: record for record in map(record_of, rows) if record}


def payload_at(session: Session, url: str, at: datetime) -> str | None:
    """The digest of what an address answered at a time; none where that answer is not in the archive."""
    statement = (
        select(FetchRow.payload_digest)
        .join(ResourceRow, ResourceRow.id == FetchRow.resource_id)
        .where(ResourceRow.url == url, FetchRow.fetched_at == at, FetchRow.record_id.is_not(None))
    )
    return session.scalar(statement.order_by(FetchRow.id).limit(1))


def first_with_payload(session: Session, digest: str) -> Record | None:
    """The first answer of the archive that has this payload: the one that holds it, where later ones only repeat it.

    Rows are not in that order: a page that is read gets its own before the tries that went before it.
    """
    return _first(
        session,
        select(FetchRow)
        .where(FetchRow.payload_digest == digest, FetchRow.status != HTTPStatus.NOT_MODIFIED)
        .order_by(FetchRow.warc_file, FetchRow.warc_offset),
    )


def last_whole(session: Session, url: str) -> Record | None:
    """The last answer of a URL with content, which one of "not modified" confirms."""
    last = _first(
        session,
        select(FetchRow)
        .where(FetchRow.final_url == url, FetchRow.status == HTTPStatus.OK, FetchRow.record_id.is_not(None))
        .order_by(FetchRow.fetched_at.desc(), FetchRow.id.desc()),
    )
    return first_with_payload(session, last.payload_digest) if last else None


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer that an article was read from, and where the archive notes with what."""

    fetch_id: int
    note: tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which answers are to be read again; all of them where nothing is said."""

    since: datetime | None = None
    before: datetime | None = None
    article_id: int | None = None
    other_than: str | None = None
    """Only of articles that another extractor than this one read."""


@dataclass(frozen=True, slots=True)
class Read:
    """An answer that was read, or set aside, and what tells whether reading it again gives the same."""

    fetch_id: int
    note: tuple[str, int]
    reading_hash: str | None
    """None where it was read before such hashes were kept, or was set aside."""
    was_set_aside: bool


def to_read(session: Session, choice: Choice) -> list[Read]:
    """The answers that are to be read again, in the order they came."""
    statement = (
        select(FetchRow.id, FetchRow.note_file, FetchRow.note_offset, FetchRow.reading_hash, FetchRow.outcome)
        .join(ResourceRow, ResourceRow.id == FetchRow.resource_id)
        .where(FetchRow.note_offset.is_not(None))
        .where(FetchRow.outcome.in_((FetchOutcome.ARTICLE, FetchOutcome.QUARANTINED)))
    )
    if choice.since is not None:
        statement = statement.where(FetchRow.fetched_at >= choice.since)
    if choice.before is not None:
        statement = statement.where(FetchRow.fetched_at < choice.before)
    if choice.article_id is not None:
        statement = statement.where(ResourceRow.article_id == choice.article_id)
    if choice.other_than is not None:
        others = select(ArticleRow.id).where(ArticleRow.extractor_version != choice.other_than)
        statement = statement.where(ResourceRow.article_id.in_(others))
    return [
        Read(row.id, (row.note_file, row.note_offset), row.reading_hash, row.outcome is FetchOutcome.QUARANTINED)
        for row in session.execute(statement.order_by(FetchRow.fetched_at, FetchRow.id))
    ]


def read_again(session: Session, fetch_id: int, reading_hash: str) -> None:
    """Note what an answer reads as now."""
    session.execute(update(FetchRow).where(FetchRow.id == fetch_id).values(reading_hash=reading_hash))


def mark_read_by(session: Session, extractor_version: str, fetch_ids: AbstractSet[int]) -> None:
    """Note that these answers read as the rows of their articles say, wherever one is the last of its article."""
    place = func.row_number().over(
        partition_by=ResourceRow.article_id, order_by=(FetchRow.fetched_at.desc(), FetchRow.id.desc())
    )
    ranked = (
        select(ResourceRow.article_id, FetchRow.id.label("fetch_id"), place.label("place"))
        .join(FetchRow, FetchRow.resource_id == ResourceRow.id)
        .join(ArticleRow, ArticleRow.id == ResourceRow.article_id)
        .where(FetchRow.outcome == FetchOutcome.ARTICLE, ArticleRow.extractor_version != extractor_version)
        .subquery()
    )
    last = session.execute(select(ranked.c.article_id, ranked.c.fetch_id).where(ranked.c.place == 1)).all()
    for article_id, fetch_id in last:
        if fetch_id in fetch_ids:
            row = update(ArticleRow).where(ArticleRow.id == article_id)
            session.execute(row.values(extractor_version=extractor_version))


def last_reading(session: Session, article_id: int) -> Reading | None:
    """The last answer that an article was read from, of those with a note."""
    statement = (
        select(FetchRow.id, FetchRow.note_file, FetchRow.note_offset)
        .join(ResourceRow, ResourceRow.id == FetchRow.resource_id)
        .where(ResourceRow.article_id == article_id)
        .where(FetchRow.outcome == FetchOutcome.ARTICLE, FetchRow.note_offset.is_not(None))
        .order_by(FetchRow.fetched_at.desc(), FetchRow.id.desc())
    )
    row = session.execute(statement.limit(1)).one_or_none()
    return Reading(row.id, (row.note_file, row.note_offset)) if row else None


def record_of(row: FetchRow) -> Record | None:
    """Where the archive keeps the answer of a row; none where it does not."""
    if row.record_id is None or row.warc_file is None or row.warc_offset is None:
        return None
    return Record(
        file=row.warc_file,
        offset=row.warc_offset,
        length=row.warc_length or 0,
        record_id=row.record_id,
        payload_digest=row.payload_digest or "",
    )


def _first(session: Session, statement: Select[FetchRow]) -> Record | None:
    row = session.scalars(statement.limit(1)).one_or_none()
    return record_of(row) if row else None


def _place(record: Record) -> dict[str, Any]:
    return {
        "warc_file": record.file,
        "warc_offset": record.offset,
        "warc_length": record.length,
        "record_id": record.record_id,
        "payload_digest": record.payload_digest,
    }
