"""The whole archive checked: its files, and the rows of the database against them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass

from sqlalchemy.orm import Session

from reex_crawler.archive.check import Fault, FilesCheck
from reex_crawler.archive.ledger import Ledger
from reex_crawler.archive.reader import Archive
from reex_crawler.proof.rows import RowsCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What was looked at."""

    files: int
    members: int
    records: int
    answers: int
    """Responses and revisits, each of which has a row."""
    rows: int | None
    """Rows that say where the archive keeps their answers; none where there was no database."""


class Verification:
    """One look at everything. It may be taken while a crawl writes: what is not finished is no fault.

    ``session`` reads the database; without one the files alone are checked. Raises ``StorageError`` where the folder
    cannot be read.
    """

    def __init__(self, archive: Archive, session: Session | None) -> None:
        self._archive = archive
        self._session = session
        self._ledger = Ledger()
        self._files = FilesCheck(archive, self._ledger)
        self._rows = RowsCheck(archive, self._ledger, self._files.states)

    def faults(self, progress: Callable[[int, int], object]) -> Iterator[Fault]:
        """Everything that does not agree. ``progress`` gets how many bytes are read, and of how many.

        Memory does not grow with the archive. Raises ``StorageError`` where the database cannot be read.
        """
        with closing(self._ledger):
            yield from self._files.faults(progress)
            # The rows come second: those of all that was read and is complete are committed by now.
            if self._session is not None:
                yield from self._rows.faults(self._session)
            yield from self._files.dangling()

    @property
    def counts(self) -> Counts:
        """What was looked at so far."""
        return Counts(
            files=len(self._files.states),
            members=self._files.members,
            records=self._files.records,
            answers=self._files.answers,
            rows=None if self._session is None else self._rows.rows,
        )

    @property
    def remarks(self) -> list[str]:
        """What is to be known of files that are open, and is no fault."""
        return self._files.remarks
