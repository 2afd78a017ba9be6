"""WARC files that other programs made: wget, Browsertrix, Common Crawl, warcprox, recorders in a browser.

They are read as leniently as their programs write: gzip by record, by file or not at all, in a WACZ file or alone. What
is damaged is named, and what follows it is read: warcio's iterator would lose it, and refuses a file packed as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO
from uuid import NAMESPACE_URL, uuid5
from zipfile import BadZipFile, ZipFile, is_zipfile

from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser, StatusAndHeadersParserException

from reex_crawler.archive.decoding import LARGEST
from reex_crawler.archive.exchange import parse_response
from reex_crawler.archive.members import Damaged
from reex_crawler.archive.reader import ANSWERS, RESPONSE, Broken
from reex_crawler.archive.unpacking import LONGEST_HEAD, Unpacked, resumed
from reex_crawler.errors import UsageError
from reex_crawler.urls import on_site

# What browsers and databases take.
_LONGEST_URL = 2083
_VERSIONS = StatusAndHeadersParser(["WARC/1.1", "WARC/1.0", "WARC/0.18", "WARC/0.17"])
_ENTRY = re.compile(r"archive/[^/]+\.warc(?:\.gz)?\Z")
# A clock may be wrong; a capture dated later than any crawl to come would hide what the crawls find.
_AHEAD = timedelta(days=1)
_STATUS = range(100, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An answer of the site."""

    offset: int
    kind: str
    """``response`` or ``revisit``."""
    url: str
    """As it was asked, without the brackets that some programs write around it."""
    asked: str
    """The same as the site's own address is spelt: its scheme and host."""
    at: datetime
    record_id: str
    status: int
    content_type: str
    fields: tuple[tuple[str, str], ...]
    """What the record says of itself, as it stands there."""
    block: bytes

    def field(self, name: str) -> str:
        """What it says by one name; empty where it does not."""
        return _field(self.fields, name)


@dataclass(frozen=True, slots=True)
class Passed:
    """A record that is no answer of the site."""

    offset: int
    is_answer: bool
    """Whether it is another site's answer; else it is none (a request, what the program noted, DNS)."""


@dataclass(frozen=True, slots=True)
class Source:
    """One WARC file, alone or inside of a WACZ file."""

    path: Path
    entry: str | None
    size: int

    @property
    def name(self) -> str:
        """What it is called where something is said of it."""
        return f"{self.path} ({self.entry})" if self.entry else str(self.path)

    def read(self, site_url: str, now: datetime) -> Iterator[Found | Passed | Broken]:
        """All records in order, and what is no record. Raises ``UsageError`` where the file cannot be read."""
        with _errors(self.path):
            if self.entry is None:
                with self.path.open("rb") as stream:
                    yield from _records(stream, self, site_url, now)
            else:
                with ZipFile(self.path) as packed, packed.open(self.entry) as stream:
                    yield from _records(stream, self, site_url, now)


def sources(path: Path) -> list[Source]:
    """The WARC files in a file: itself, or those of a WACZ file. Raises ``UsageError`` where it cannot be read."""
    with _errors(path):
        # A cut WACZ file has no list of its entries any more; the records in it are found all the same.
        if is_zipfile(path):
            with ZipFile(path) as packed:
                return [
                    Source(path, one.filename, one.file_size) for one in packed.infolist() if _ENTRY.match(one.filename)
                ] or [Source(path, None, path.stat().st_size)]
        with path.open("rb"):
            return [Source(path, None, path.stat().st_size)]


@contextmanager
def _errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = f"{path} cannot be read: {error.strerror or error}"
        raise UsageError(message, hint="Give WARC files (.warc, .warc.gz) or WACZ files") from error
    except BadZipFile as error:
        message = f"{path} cannot be read: {error}"
        raise UsageError(message, hint="Unpack it, and give the WARC files in its folder archive/") from error


def _records(stream: IO[bytes], source: Source, site_url: str, now: datetime) -> Iterator[Found | Passed | Broken]:
    offset = 0
    if source.size == 0:
        yield Broken(source.name, 0, 0, "the file is empty")
    while offset < source.size:
        unpacked = Unpacked(stream, offset)
        begins: int | None = None
        try:
            while unpacked.next_line():
                begins = unpacked.offset
                head = _head(unpacked)
                try:
                    yield _record(head, unpacked, begins, site_url, now)
                except ValueError as error:
                    yield Broken(source.name, begins, 0, str(error))
                begins = None
        except Damaged as damaged:
            # Between records it is the next one, whose member cannot be unpacked.
            lost = unpacked.offset if begins is None else begins
            offset = resumed(stream, lost + 1, source.size)
            yield Broken(source.name, lost, offset - lost, str(damaged))
        else:
            offset = source.size


def _head(unpacked: Unpacked) -> StatusAndHeaders:
    lines = BytesIO()
    while line := unpacked.line():
        lines.write(line)
        if not line.strip():
            break
        if lines.tell() > LONGEST_HEAD:
            message = "the head of the record does not end"
            raise Damaged(message)
    lines.seek(0)
    try:
        return _VERSIONS.parse(lines)
    except StatusAndHeadersParserException as error:
        message = "this is no WARC record"
        raise Damaged(message) from error


def _record(head: StatusAndHeaders, unpacked: Unpacked, offset: int, site_url: str, now: datetime) -> Found | Passed:
    """The record whose head was read. Raises ``Damaged``, and ``ValueError`` for an answer that cannot be taken."""
    length = head.get_header("Content-Length") or ""
    if not (length.isascii() and length.isdigit()):
        message = "the record does not say how long it is"
        raise Damaged(message)
    fields = tuple(head.headers)
    kind = _field(fields, "WARC-Type").lower()
    url = _field(fields, "WARC-Target-URI").removeprefix("<").removesuffix(">")
    asked = on_site(url, site_url) if kind in ANSWERS else None
    size = int(length)
    if asked is None or size > LARGEST or len(asked) > _LONGEST_URL:
        unpacked.skip(size)
        if asked is not None:
            message = f"the answer of {asked[:80]} is larger than can be taken, or its address longer"
            raise ValueError(message)
        return Passed(offset, is_answer=kind in ANSWERS and url.lower().startswith("http"))
    block = unpacked.take(size)
    if not block and kind != RESPONSE:
        # Some programs repeat not even the head of an answer that came before.
        return Passed(offset, is_answer=False)
    answer = parse_response(block)
    if answer.status not in _STATUS:
        message = f"{answer.status} is no status of HTTP"
        raise ValueError(message)
    at = _date(_field(fields, "WARC-Date"))
    if at > now + _AHEAD:
        message = f"the record is dated {at:%Y-%m-%d}, which is yet to come"
        raise ValueError(message)
    content_type = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    return Found(
        offset=offset,
        kind=kind,
        url=url,
        asked=asked,
        at=at,
        # What has no name of its own gets the same one every time.
        record_id=_field(fields, "WARC-Record-ID") or f"<{uuid5(NAMESPACE_URL, f'{kind} {at} {url}').urn}>",
        status=answer.status,
        content_type=content_type.partition(";")[0].strip().lower(),
        fields=fields,
        block=block,
    )


def _field(fields: tuple[tuple[str, str], ...], wanted: str) -> str:
    return next((value.strip() for name, value in fields if name.lower() == wanted.lower()), "")


def _date(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        message = f"the record has no date that can be read: {text!r}"
        raise ValueError(message) from error
    # WARC 1.0 and 1.1 know no other zone than UTC.
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
