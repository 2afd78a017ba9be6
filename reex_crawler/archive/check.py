"""What the files of the archive tell of themselves: whether every byte of them belongs to a whole and sound record.

Whether the rows of a database agree with them is for ``proof`` to find.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from reex_crawler.archive import digests, files, sound
from reex_crawler.archive.files import State
from reex_crawler.archive.ledger import Entry, Ledger, Reference
from reex_crawler.archive.members import Damage, Member, members
from reex_crawler.archive.reader import ANSWERS, REVISIT, Archive, Raw, parse_record
from reex_crawler.errors import StorageError

_GAP = b"\r\n\r\n"
_REFERS_TO = "WARC-Refers-To"
_REFERENCES = ("WARC-Concurrent-To", _REFERS_TO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that does not agree, and where."""

    file: str
    offset: int
    what: str
    row: int | None = None
    """The number of the row in ``fetches`` that says otherwise."""

    def __str__(self) -> str:
        """In one line."""
        row = f"row {self.row} of fetches: " if self.row is not None else ""
        return f"{row}{self.file} at byte {self.offset:,}: {self.what}"


class FilesCheck:
    """One reading of all files. What it finds of their records goes into a ledger.

    Raises ``StorageError`` where the folder cannot be read.
    """

    def __init__(self, archive: Archive, ledger: Ledger) -> None:
        self.states = {name: files.state(archive.folder, name) for name in archive.files()}
        """How far each file was when the reading began, the oldest first."""
        self.members = 0
        self.records = 0
        self.answers = 0
        self.remarks: list[str] = []
        """What is to be known of files that are open, and is no fault."""
        self._archive = archive
        self._ledger = ledger

    def faults(self, progress: Callable[[int, int], object]) -> Iterator[Fault]:
        """Read all files; ``progress`` gets how many bytes are read, and of how many.

        A file that cannot be read is a fault, and those after it are read all the same.
        """
        sizes: dict[str, int] = {}
        for name in self.states:
            try:
                sizes[name] = self._archive.size(name)
            except StorageError as error:
                yield Fault(file=name, offset=0, what=error.message)
        total, before = sum(sizes.values()), 0
        for name, size in sizes.items():
            for found in self._members(name):
                if isinstance(found, Fault):
                    yield found
                    continue
                progress(before + found.offset + found.length, total)
                yield from (Fault(file=name, offset=found.offset, what=what) for what in self._wrong(name, found))
            before += size

    def dangling(self) -> Iterator[Fault]:
        """What is wrong with records that name others behind them or nowhere; those that rows miss are told there."""
        for one in self._ledger.references():
            target, entry = self._ledger.of(one.target), self._ledger.at(one.file, one.offset)
            if target is None:
                yield Fault(file=one.file, offset=one.offset, what=f"its {one.field} {one.target} is nowhere")
            elif entry is not None and (what := _misfit(entry, one.field, target)):
                yield Fault(file=one.file, offset=one.offset, what=what)

    def _members(self, name: str) -> Iterator[Member | Fault]:
        """What stands in a file; what follows the last whole member of an open one is no fault."""
        path = self._archive.folder / name
        tail: Fault | None = None
        is_empty = True
        try:
            with files.reading(self._archive.folder, name) as stream, files.clear_errors(path, deed="read"):
                for found in members(stream):
                    is_empty = False
                    if tail is not None:
                        yield tail
                        tail = None
                    if isinstance(found, Damage):
                        tail = Fault(file=name, offset=found.offset, what=found.reason)
                    else:
                        self.members += 1
                        yield found
        except StorageError as error:
            yield Fault(file=name, offset=0, what=error.message)
            return
        if (state := self.states[name]) is not State.COMPLETE:
            self.remarks.append(_remark(name, state, tail))
        elif tail is not None:
            yield tail
        elif is_empty:
            yield Fault(file=name, offset=0, what="the file is empty")

    def _wrong(self, file: str, member: Member) -> Iterator[str]:
        """What is wrong with a member, which goes into the ledger where it is a record."""
        try:
            fields, block = parse_record(member.content)
        except ValueError as error:
            yield str(error)
            return
        self.records += 1
        raw = Raw(file, member.offset, member.length, fields, block)
        if member.content[member.content.index(_GAP) + len(_GAP) + len(block) :] != _GAP:
            yield "it does not end where its Content-Length says"
        yield from sound.problems(raw)
        entry = sound.entry(raw)
        self.answers += entry.kind in ANSWERS
        if twin := self._ledger.of(entry.record_id):
            yield f"{entry.record_id} is the id of {twin.file} at byte {twin.offset:,} too"
        self._ledger.add(entry)
        for field in _REFERENCES:
            named = raw.fields.get(field.lower())
            target = self._ledger.of(named) if named else None
            if target is not None:
                if what := _misfit(entry, field, target):
                    yield what
            elif named:
                self._ledger.refer(Reference(file, member.offset, field, named))


def _misfit(entry: Entry, field: str, target: Entry) -> str | None:
    """What does not fit between a revisit and the record it repeats; "not modified" has no payload to compare."""
    if field != _REFERS_TO or entry.kind != REVISIT or entry.status == HTTPStatus.NOT_MODIFIED:
        return None
    if digests.agree(entry.payload_digest, target.payload_digest):
        return None
    where = f"{target.file} at byte {target.offset:,}"
    return f"its payload digest {entry.payload_digest} is not that of what it repeats, {where}: {target.payload_digest}"


def _remark(name: str, state: State, tail: Fault | None) -> str:
    who = (
        "a run is writing it"
        if state is State.UNDER_WAY
        else "a run that was killed left it open; the next run takes it up"
    )
    return f"{name}: {who}" + (f", without what is cut at byte {tail.offset:,}" if tail else "")
