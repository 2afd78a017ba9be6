"""The rows of ``fetches`` against the records that they point to."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from sqlalchemy.orm import Session

from reex_crawler.archive import sound
from reex_crawler.archive.check import Fault
from reex_crawler.archive.files import State, clear_errors
from reex_crawler.archive.ledger import Entry, Ledger
from reex_crawler.archive.reader import ANSWERS, METADATA, REVISIT, Archive, to_page
from reex_crawler.errors import ArchiveDamaged, ArchiveMissing, StorageError
from reex_crawler.storage import kept
from reex_crawler.storage.kept import Kept

_REDIRECTS = frozenset(range(HTTPStatus.MULTIPLE_CHOICES, HTTPStatus.BAD_REQUEST)) - {HTTPStatus.NOT_MODIFIED}


class RowsCheck:
    """One reading of all rows that say where the archive keeps their answers. It comes after that of the files."""

    def __init__(self, archive: Archive, ledger: Ledger, states: Mapping[str, State]) -> None:
        self.rows = 0
        self._archive = archive
        self._ledger = ledger
        self._states = states
        self._unreadable: Counter[str] = Counter()

    def faults(self, session: Session) -> Iterator[Fault]:
        """Compare every row with its record, and name the answers that have none. Raises ``StorageError``.

        Of a file that is missing or cannot be read, only how many rows point into it is told.
        """
        for row in kept.everything(session):
            self.rows += 1
            for what in self._wrong(row):
                yield Fault(file=row.record.file, offset=row.record.offset, what=f"{what} ({row.asked})", row=row.row)
        for file, count in sorted(self._unreadable.items()):
            what = "cannot be read" if file in self._states else "is missing"
            yield Fault(file=file, offset=0, what=f"the file {what}, and {count:,} rows of fetches point into it")
        for entry in self._ledger.without_rows(ANSWERS):
            # What stands in an open file gets its rows from the run that writes it, or from the one that takes it up.
            if self._states[entry.file] is State.COMPLETE:
                what = f"no row of fetches points to this {entry.kind} ({entry.url})"
                yield Fault(file=entry.file, offset=entry.offset, what=what)

    def _wrong(self, row: Kept) -> Iterator[str]:
        record = row.record
        try:
            entry = self._entry(record.file, record.offset)
        except StorageError:
            self._ledger.lost(record.record_id)
            self._unreadable[record.file] += 1
            return
        if entry is None:
            self._ledger.lost(record.record_id)
            yield f"no whole record begins here, {self._whereabouts(record.record_id)}"
        elif entry.record_id != record.record_id:
            self._ledger.lost(record.record_id)
            yield f"here is {entry.record_id}, {self._whereabouts(record.record_id)}"
        elif entry.kind not in ANSWERS:
            yield f"here is a {entry.kind}, which is no answer"
        else:
            self._ledger.found_in_rows(entry)
            yield from self._differences(row, entry)
            if row.note is not None:
                yield from self._note_problems(row.note, record.record_id)

    def _entry(self, file: str, offset: int) -> Entry | None:
        """The record at a place; it may have been written since the files were read. Raises ``StorageError``."""
        entry = self._ledger.at(file, offset)
        if entry is not None or offset < 0:
            return entry
        try:
            with clear_errors(self._archive.folder / file, deed="read"):
                return sound.entry(self._archive.record(file, offset))
        except ArchiveMissing:
            raise
        except ArchiveDamaged:
            return None

    def _whereabouts(self, record_id: str) -> str:
        found = self._ledger.of(record_id)
        return f"and {record_id} is " + (f"in {found.file} at byte {found.offset:,}" if found else "nowhere")

    def _differences(self, row: Kept, entry: Entry) -> Iterator[str]:
        """What a row tells otherwise than the record it points to."""
        if entry.url not in {row.asked, row.final_url}:
            yield f"the record is of {entry.url}"
        told: list[tuple[str, object, object]] = [
            ("length", row.record.length, entry.length),
            ("payload digest", row.record.payload_digest, entry.payload_digest),
        ]
        # The row of an address that leads to another one tells of the answer there, which came later.
        if not (entry.status in _REDIRECTS and row.final_url != entry.url == row.asked):
            told += [("status", row.status, entry.status), ("time", row.at, _instant(entry.at))]
        if row.digest is not None:
            digest = self._digest(entry)
            if digest is None:
                yield "its body cannot be had"
            else:
                told.append(("SHA-256 of its body", row.digest, digest))
        yield from (f"the {name} is {is_} and not {said}" for name, said, is_ in told if said != is_)

    def _digest(self, entry: Entry) -> str | None:
        """SHA-256 of the body of an answer, also of one that is kept with another answer only."""
        if entry.kind != REVISIT:
            return entry.digest
        holder = self._ledger.of(entry.refers_to)
        try:
            repeated = self._archive.record(holder.file, holder.offset) if holder else None
            page = to_page(self._archive.record(entry.file, entry.offset), repeated=repeated)
        except (ValueError, StorageError):
            return None
        return hashlib.sha256(page.body).hexdigest()

    def _note_problems(self, place: tuple[str, int], record_id: str) -> Iterator[str]:
        file, offset = place
        where = f"{file} at byte {offset:,}"
        try:
            note = self._entry(file, offset)
        except StorageError:
            note = None
        if note is None:
            yield f"its note should begin in {where}, where no whole record begins"
        elif note.kind != METADATA or note.refers_to != record_id:
            yield f"its note should be in {where}, where {note.record_id} is"


def _instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
