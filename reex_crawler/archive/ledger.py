"""What was found of every record while the archive is checked: on the disk, so that memory does not grow with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import astuple, dataclass, fields

# KiB of the pages of the table that are kept in memory.
_CACHE = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One record, without what it holds."""

    file: str
    offset: int
    length: int
    record_id: str
    kind: str
    url: str
    status: int | None
    """Of an answer of HTTP."""
    at: int | None
    """Whole seconds since 1970; none where it says no time."""
    payload_digest: str
    digest: str | None
    """SHA-256 of the body that an answer has itself, its Content-Encoding removed, in hex."""
    refers_to: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A record that names another one, which was not found before it."""

    file: str
    offset: int
    field: str
    target: str


_NAMES = tuple(field.name for field in fields(Entry))
_COLUMNS = ", ".join(_NAMES)


class Ledger:
    """The records of an archive by place and by id, in a file that ends with it."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(
            f"""
            PRAGMA journal_mode = OFF;
            PRAGMA cache_size = -{_CACHE};
            CREATE TABLE entry ({_COLUMNS}, PRIMARY KEY (file, offset)) WITHOUT ROWID;
            CREATE INDEX entry_id ON entry (record_id);
            CREATE TABLE in_rows (file, offset, PRIMARY KEY (file, offset)) WITHOUT ROWID;
            CREATE TABLE lost (record_id PRIMARY KEY) WITHOUT ROWID;
            CREATE TABLE reference (file, offset, field, target);
            BEGIN;
            """
        )

    def close(self) -> None:
        """Forget everything."""
        self._database.close()

    def add(self, entry: Entry) -> None:
        """Take in a record; there must be none at its place."""
        self._database.execute(f"INSERT INTO entry VALUES ({', '.join('?' * len(_NAMES))})", astuple(entry))  # noqa: S608 - names of our own

    def at(self, file: str, offset: int) -> Entry | None:
        """The record at a place."""
        return self._first("file = ? AND offset = ?", file, offset)

    def of(self, record_id: str) -> Entry | None:
        """The record with an id."""
        return self._first("record_id = ?", record_id)

    def refer(self, reference: Reference) -> None:
        """Keep in mind that a record names one that was not found yet."""
        self._database.execute("INSERT INTO reference VALUES (?, ?, ?, ?)", astuple(reference))

    def references(self) -> Iterator[Reference]:
        """The records that name one which was not found before them, but for those that are known to be lost."""
        for row in self._database.execute(
            "SELECT * FROM reference WHERE target NOT IN (SELECT record_id FROM lost) ORDER BY file, offset"
        ):
            yield Reference(*row)

    def found_in_rows(self, entry: Entry) -> None:
        """Note that a row of the database points to a record."""
        self._database.execute("INSERT OR IGNORE INTO in_rows VALUES (?, ?)", (entry.file, entry.offset))

    def lost(self, record_id: str) -> None:
        """Note that a record is not where a row says."""
        self._database.execute("INSERT OR IGNORE INTO lost VALUES (?)", (record_id,))

    def without_rows(self, kinds: Collection[str]) -> Iterator[Entry]:
        """The records of some kinds that no row points to, by their places."""
        of_kind = f"kind IN ({', '.join('?' * len(kinds))})"
        yield from self._all(f"{of_kind} AND (file, offset) NOT IN in_rows ORDER BY file, offset", *kinds)

    def _first(self, where: str, *values: object) -> Entry | None:
        return next(self._all(f"{where} LIMIT 1", *values), None)

    def _all(self, where: str, *values: object) -> Iterator[Entry]:
        for row in self._database.execute(f"SELECT {_COLUMNS} FROM entry WHERE {where}", values):  # noqa: S608 - as above
            yield Entry(**dict(zip(_NAMES, row, strict=True)))
