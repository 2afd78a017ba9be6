"""The raw archive of a run that is under way: each answer goes to its WARC file first, and to its row afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path

from sqlalchemy.orm import Session

from reex_crawler.archive import files
from reex_crawler.archive.exchange import Exchange, payload_digest
from reex_crawler.archive.notes import Note
from reex_crawler.archive.reader import RESPONSE, Archive
from reex_crawler.archive.writer import Earlier, Writer
from reex_crawler.errors import StorageError
from reex_crawler.records import Record
from reex_crawler.storage import fetches
from reex_crawler.storage.fetches import Answer


class Archiving:
    """Writes answers and notes into ``folder``, and keeps in mind which answers still want a row.

    Every method raises ``StorageError`` where the archive cannot be written, the first one also ``AlreadyRunning``
    where another run writes there.
    """

    def __init__(self, folder: Path, info: Mapping[str, str]) -> None:
        self._held = ExitStack()
        self._held.enter_context(files.held(folder))
        self.archive = Archive(folder)
        self._writer = Writer(folder, info)
        self._unnoted: list[Answer] = []
        self._noting = 0
        self._notes: list[str] = []
        """The answers whose notes no row tells of yet."""
        self._standing: set[str] = set()

    def earlier(self, session: Session, exchange: Exchange) -> Record | None:
        """The answer in the archive that this one repeats."""
        if exchange.status == HTTPStatus.NOT_MODIFIED:
            return fetches.last_whole(session, exchange.url)
        if not exchange.body:
            return None
        digest = payload_digest(exchange.body)
        unnoted = (answer.record for answer in self._unnoted)
        whole = (record for record in unnoted if record.payload_digest == digest and record.body_at is None)
        return next(whole, None) or fetches.first_with_payload(session, digest)

    def keep(self, exchange: Exchange, *, asked: str, earlier: Record | None) -> Record:
        """Write an answer, which was ``asked`` for at that URL before any redirect."""
        record = self._writer.exchange(exchange, self._confirmed(earlier))
        self._unnoted.append(
            Answer(
                asked=asked,
                final_url=exchange.url,
                status=exchange.status,
                fetched_at=exchange.received_at,
                record=record,
            )
        )
        return record

    def note(self, note: Note) -> tuple[str, int]:
        """Write with what an answer was read; gives file and offset of that."""
        place = self._writer.note(note)
        self._notes.append(note.answer.record_id)
        return place

    def before_commit(self, session: Session, run_id: int | None) -> None:
        """Give every answer a row, and have all that rows point to on the disk."""
        self._noting = len(self._unnoted)
        fetches.keep(session, self._unnoted[: self._noting], run_id=run_id)
        # Another note may have been written meanwhile, and what is read by an earlier one may not have been stored.
        self._standing = fetches.noted(session, self._notes[:]) if self._notes else set()
        self._writer.sync()

    def committed(self) -> None:
        """The rows stand."""
        del self._unnoted[: self._noting]
        self._noting = 0
        self._notes = [one for one in self._notes if one not in self._standing]
        if self._is_told:
            self._writer.rotate()

    def left_open(self) -> Iterator[str]:
        """The files of a killed run, each to be noted before the next is asked for."""
        return files.left_open(self.archive.folder)

    def close(self) -> None:
        """End the file; where rows are missing, it is left to the next run."""
        with self._held:
            if self._is_told:
                self._writer.close()
            else:
                self._writer.abandon()

    @property
    def _is_told(self) -> bool:
        """Whether rows tell of every answer and of every note."""
        return not self._unnoted and not self._notes

    def _confirmed(self, record: Record | None) -> Earlier | None:
        """An earlier answer as it really stands in the archive; none where its body does not."""
        if record is None:
            return None
        try:
            raw = self.archive.record(record.file, record.offset)
        except StorageError:
            # A revisit of something lost would lose this answer too.
            return None
        if raw.record_id != record.record_id or raw.kind != RESPONSE:
            return None
        return Earlier(record, raw.url, raw.date)
