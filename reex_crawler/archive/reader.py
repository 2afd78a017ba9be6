"""Reading the archive back: records by their place, and the page that an answer was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from os import SEEK_END
from pathlib import Path

from reex_crawler.archive import files
from reex_crawler.archive.decoding import TooLarge, decoded
from reex_crawler.archive.exchange import Answered, parse_response
from reex_crawler.archive.members import Damage, Damaged, Member, members, read_member
from reex_crawler.archive.notes import Note, load
from reex_crawler.errors import ArchiveDamaged
from reex_crawler.records import Page, Record

RESPONSE, REVISIT, METADATA, WARCINFO, REQUEST = "response", "revisit", "metadata", "warcinfo", "request"
ANSWERS = frozenset({RESPONSE, REVISIT})
"""The types of record that are an answer, each of which has a row in ``fetches``."""


@dataclass(frozen=True, slots=True)
class Raw:
    """One record as it stands in its file."""

    file: str
    offset: int
    length: int
    fields: dict[str, str]
    """Its named fields, the names in lower case."""
    block: bytes

    @property
    def kind(self) -> str:
        """``WARC-Type``."""
        return self.fields.get("warc-type", "")

    @property
    def record_id(self) -> str:
        """``WARC-Record-ID``."""
        return self.fields.get("warc-record-id", "")

    @property
    def url(self) -> str:
        """``WARC-Target-URI``, without the brackets that some programs write around it."""
        return self.fields.get("warc-target-uri", "").removeprefix("<").removesuffix(">")

    @property
    def date(self) -> datetime:
        """``WARC-Date``, aware UTC; raises ``ValueError``."""
        return datetime.fromisoformat(self.fields["warc-date"]).astimezone(UTC)

    @property
    def refers_to(self) -> str:
        """``WARC-Refers-To``: the record that this one is about."""
        return self.fields.get("warc-refers-to", "")

    @property
    def payload_digest(self) -> str:
        """``WARC-Payload-Digest``; the same for a revisit and what it repeats."""
        return self.fields.get("warc-payload-digest", "")

    def place(self) -> Record:
        """Where it stands, as a row or a page keeps it."""
        return Record(
            file=self.file,
            offset=self.offset,
            length=self.length,
            record_id=self.record_id,
            payload_digest=self.payload_digest,
        )

    def note(self) -> Note | None:
        """What a ``metadata`` record notes; none where it is not one of ours."""
        return load(self.block) if self.kind == METADATA and self.refers_to else None


@dataclass(frozen=True, slots=True)
class Broken:
    """Bytes of a file that are no record, and why."""

    file: str
    offset: int
    length: int
    reason: str

    def __str__(self) -> str:
        """In one line."""
        return f"{self.file} at byte {self.offset:,}: {self.reason}"


class Archive:
    """The folder of WARC files, read only. Files that are still being written are read as far as they are whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self._folder

    def files(self) -> list[str]:
        """The names that the files have or will have, the oldest first; raises ``StorageError``."""
        return files.names(self._folder)

    def size(self, file: str) -> int:
        """Bytes of a file as it is now; raises ``StorageError``."""
        with files.reading(self._folder, file) as stream:
            return stream.seek(0, SEEK_END)

    def records(self, file: str) -> Iterator[Raw | Broken]:
        """All records of a file in order, and what of it is no record; raises ``StorageError``."""
        with files.reading(self._folder, file) as stream:
            for member in members(stream):
                yield (
                    Broken(file, member.offset, member.length, member.reason)
                    if isinstance(member, Damage)
                    else self._parsed(file, member)
                )

    def record(self, file: str, offset: int) -> Raw:
        """The record at a place.

        Raises ``ArchiveDamaged`` where there is no whole one or no file, ``StorageError`` where that cannot be read.
        """
        with files.reading(self._folder, file) as stream:
            try:
                found = self._parsed(file, read_member(stream, offset))
            except Damaged as damaged:
                found = Broken(file, offset, 0, str(damaged))
        if isinstance(found, Broken):
            message = f"the archive is damaged: {self._folder / file} at byte {offset:,}: {found.reason}"
            raise ArchiveDamaged(message, hint="reex verify names all damage; restore the file from a backup")
        return found

    @staticmethod
    def _parsed(file: str, member: Member) -> Raw | Broken:
        try:
            fields, block = parse_record(member.content)
        except ValueError as error:
            return Broken(file, member.offset, member.length, str(error))
        return Raw(file, member.offset, member.length, fields, block)


def parse_record(content: bytes) -> tuple[dict[str, str], bytes]:
    """The named fields (names in lower case) and the block of a record; raises ``ValueError``."""
    head, gap, rest = content.partition(b"\r\n\r\n")
    version, *lines = head.decode("utf-8", "replace").split("\r\n")
    if not version.startswith("WARC/") or not gap:
        message = "this is no WARC record"
        raise ValueError(message)
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    length = fields.get("content-length", "")
    if not length.isdigit() or len(rest) < int(length):
        message = "the record is shorter than its Content-Length"
        raise ValueError(message)
    return fields, rest[: int(length)]


def to_page(raw: Raw, *, asked: str | None = None, repeated: Raw | None = None) -> Page:
    """The page that an answer was, exactly as the crawl had it.

    ``asked`` is the URL that was asked before any redirect, ``repeated`` the record that a revisit without a body
    refers to. Raises ``ValueError`` where the record is no answer of HTTP, or repeats one that is not given.
    """
    answer = parse_response(raw.block)
    body = answer.body
    if raw.kind == REVISIT and answer.status != HTTPStatus.NOT_MODIFIED and not body:
        if repeated is None:
            message = f"what {raw.record_id} repeats is not at hand"
            raise ValueError(message)
        body = parse_response(repeated.block).body
        if repeated.kind == REVISIT and not body:
            message = f"{raw.record_id} repeats {repeated.record_id}, which has no body of its own"
            raise ValueError(message)
    headers, body = _decoded(answer, body)
    return Page(
        url=asked or raw.url,
        final_url=raw.url,
        status=answer.status,
        headers=headers,
        body=body,
        fetched_at=raw.date,
        record=raw.place(),
    )


def _decoded(answer: Answered, body: bytes) -> tuple[tuple[tuple[str, str], ...], bytes]:
    """Headers and body without the Content-Encoding that could be taken off."""
    codings = [value for name, value in answer.headers if name.lower() == "content-encoding"]
    chunked = any(name.lower() == "transfer-encoding" and "chunked" in value.lower() for name, value in answer.headers)
    if chunked:
        body = dechunked(body)
    if not codings:
        return answer.headers, body
    try:
        body, left = decoded(body, codings)
    except TooLarge as error:
        raise ValueError(str(error)) from error
    headers: list[tuple[str, str]] = []
    for name, value in answer.headers:
        if name.lower() != "content-encoding":
            headers.append((name, value))
        elif left:
            headers += [(name, coding) for coding in left]
            left = []
    return tuple(headers), body


def dechunked(body: bytes) -> bytes:
    """A body without its chunks (RFC 9112, section 7.1); as it is where it has none, as many programs write it."""
    out: list[bytes] = []
    at = 0
    while True:
        line, found, _ = body[at : at + 4096].partition(b"\r\n")
        try:
            size = int(line.partition(b";")[0].strip(), 16)
        except ValueError:
            return body if not out else b"".join(out)
        if not found or size < 0:
            return body if not out else b"".join(out)
        at += len(line) + 2
        if size == 0:
            return b"".join(out)
        out.append(body[at : at + size])
        at += size + 2
