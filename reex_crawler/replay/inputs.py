"""What an article was read from: written as a note beside its page, and had again from that note."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from reex_crawler.archive.notes import Note, Part
from reex_crawler.archive.reader import REVISIT, Archive, to_page
from reex_crawler.discovery import facts
from reex_crawler.errors import ArchiveDamaged
from reex_crawler.records import DueReason, Listed, Page, Record
from reex_crawler.storage.frontier import Fetched
from reex_crawler.urls import on_site

ARTICLE = "article"
"""The kind of a note on the page of an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """A page, its further pages, and what a listing says: all that ``ingest.read`` takes."""

    page: Page
    parts: tuple[Page, ...]
    listed: Listed | None
    why: DueReason | None


def note_of(
    page: Page, *, parts: Sequence[Page], listed: Listed | None, why: DueReason | None, run_id: int | None
) -> Note | None:
    """The note on an article's page; none where the archive does not keep the page."""
    if page.record is None:
        return None
    return Note(
        kind=ARTICLE,
        asked=page.url,
        answer=page.record,
        reason=why,
        listed=_dump(listed) if listed else None,
        parts=tuple(Part(url=part.url, at=part.fetched_at, record=part.record) for part in parts),
        run=run_id,
    )


def note_on(fetched: Fetched) -> Note | None:
    """The note on an answer that gave no article, or on a listing; none where the archive does not keep it."""
    if fetched.record is None:
        return None
    return Note(
        kind=fetched.kind,
        asked=fetched.url,
        answer=fetched.record,
        reason=fetched.reason,
        outcome=fetched.outcome,
        error=fetched.error,
        leads_to=fetched.final_url,
        total=fetched.total,
        run=fetched.run_id,
    )


def inputs_of(archive: Archive, note: Note) -> Inputs:
    """What a note says an article was read from. Raises ``StorageError`` where the archive does not hold it."""
    return Inputs(
        page=page_at(archive, note.answer, asked=note.asked),
        parts=tuple(_part(archive, part) for part in note.parts),
        listed=_load(note.listed) if note.listed else None,
        why=DueReason(note.reason) if note.reason else None,
    )


def page_at(archive: Archive, record: Record, *, asked: str) -> Page:
    """The page that a record holds, or repeats. Raises ``StorageError``.

    An import may have it from another spelling of the site, such as ``http://www.``: the page has the one ``asked``.
    """
    raw = archive.record(record.file, record.offset)
    repeated = archive.record(*record.body_at) if raw.kind == REVISIT and record.body_at else None
    if raw.record_id != record.record_id:
        place = f"{archive.folder / record.file} at byte {record.offset:,}"
        message = f"{place} holds {raw.record_id or 'no record'} and not {record.record_id}"
        raise ArchiveDamaged(message, hint="reex verify names all that disagrees")
    try:
        page = to_page(raw, asked=asked, repeated=repeated)
    except ValueError as error:
        message = f"{archive.folder / record.file} at byte {record.offset:,}: {error}"
        raise ArchiveDamaged(message, hint="reex verify names all that disagrees") from error
    # The record of a revisit knows where its body is; what stands in the file does not.
    return replace(page, final_url=on_site(raw.url, asked) or raw.url, record=record)


def _part(archive: Archive, part: Part) -> Page:
    if part.record is not None:
        return page_at(archive, part.record, asked=part.url)
    return Page(url=part.url, final_url=part.url, status=0, headers=(), body=b"", fetched_at=part.at)


def _dump(listed: Listed) -> dict[str, Any]:
    names = ("url", "source", "listed_in")
    return {name: getattr(listed, name) for name in names} | {"facts": facts.dump(listed)}


def _load(told: Mapping[str, Any]) -> Listed:
    return facts.load(told["url"], told["source"], told["listed_in"], told["facts"])
