"""The archive packed as one WACZ file (version 1.1.1, https://specs.webrecorder.net/wacz/1.1.1/).

Records go into it byte for byte, in the files that they were in; what is made anew is the index by which captures are
found, the list of pages, and the digests of all of it. Which pages are worth listing is for the caller to say.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from reex_crawler.archive import cdxj, files
from reex_crawler.archive.cdxj import SortedLines
from reex_crawler.archive.exchange import Answered, parse_response
from reex_crawler.archive.reader import ANSWERS, RESPONSE, REVISIT, Archive, Broken, Raw
from reex_crawler.errors import StorageError

VERSION = "1.1.1"
SUFFIX = ".wacz"

# An index in blocks (index.cdx.gz) would be read in parts, and ReplayWeb.page would miss captures: it seeks their block
# by a key that keeps the slash at the end of a path, which pywb's keys have lost. A plain one it reads whole, by URL.
_INDEX = "indexes/index.cdx"
_PAGES = "pages/pages.jsonl"
_PACKAGE = "datapackage.json"
# The first day that a ZIP file knows: equal archives are packed to equal bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_MODE = 0o644 << 16
_HTML = frozenset({"text/html", "application/xhtml+xml"})

Write = Callable[[bytes], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a WACZ file says of itself."""

    title: str
    software: str
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """A capture of a page, for the list that the reader of a WACZ file begins with."""

    url: str
    at: datetime
    """When it was received, aware UTC."""
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """What went into a WACZ file."""

    files: int
    captures: int
    pages: int
    unfinished: tuple[Broken, ...]
    """Left out: what follows the last whole record of files that are being written, or whose writer was killed."""
    damaged: tuple[Broken, ...]
    """Left out: what else is no record. Programs that read the file from its beginning would stop there."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A record, its bytes, and where they are in the WACZ file's copy."""

    record: Raw
    content: bytes
    offset: int


def pack(
    archive: Archive,
    target: Path,
    about: About,
    *,
    pages: Iterable[PageEntry] | None = None,
    progress: Callable[[int, int], object] = lambda _done, _all: None,
) -> Packed:
    """Pack the whole archive into the file ``target``, which appears, or is replaced, when it is whole.

    ``pages`` are listed in the order given; without them every HTML page that was answered with 200 is, by time.
    ``progress`` gets the number of bytes of WARC that are packed, and of all. Memory does not grow with the archive:
    the index is sorted in temporary files beside the target. Raises ``StorageError``.
    """
    sizes = {name: archive.size(name) for name in _names(archive)}
    total, done, captures, listed = sum(sizes.values()), 0, 0, 0
    unfinished: list[Broken] = []
    damaged: list[Broken] = []
    with (
        _appearing(target) as stream,
        ZipFile(stream, "w") as zipped,
        SortedLines(target.parent) as index,
        SortedLines(target.parent) as seen,
    ):
        package = _Package(zipped)
        for name, size in sizes.items():
            with package.entry(f"archive/{name}", size=size, compressed=False) as write:
                for found in _whole_records(archive, name, unfinished, damaged):
                    write(found.content)
                    done += len(found.content)
                    progress(done, total)
                    if (answer := _answer(found.record)) is None:
                        continue
                    captures += 1
                    index.add(_capture(found, answer))
                    if pages is None and _is_page(found.record, answer):
                        seen.add(_page(PageEntry(url=found.record.url, at=found.record.date)))
        with package.entry(_INDEX, size=index.size) as write:
            for line in index:
                write(line)
        with package.entry(_PAGES, size=seen.size) as write:
            write(_line({"format": "json-pages-1.0", "id": "pages", "title": "Pages"}))
            for line in seen if pages is None else map(_page, pages):
                write(line)
                listed += 1
        package.describe(about)
    return Packed(
        files=len(sizes), captures=captures, pages=listed, unfinished=tuple(unfinished), damaged=tuple(damaged)
    )


class _Package:
    """The entries of a WACZ file, and what ``datapackage.json`` says of them."""

    def __init__(self, zipped: ZipFile) -> None:
        self._zipped = zipped
        self._resources: list[dict[str, Any]] = []

    @contextmanager
    def entry(self, path: str, *, size: int = 0, compressed: bool = True) -> Iterator[Write]:
        """Gives what writes an entry of about ``size`` bytes; what was compressed before is stored as it is."""
        info = ZipInfo(path, _NO_TIME)
        info.compress_type = ZIP_DEFLATED if compressed else ZIP_STORED
        info.external_attr = _MODE
        info.file_size = size
        digest = hashlib.sha256()
        with self._zipped.open(info, "w") as out:

            def write(content: bytes) -> None:
                digest.update(content)
                out.write(content)

            yield write
        self._resources.append(
            {
                "name": Path(path).name.lower(),
                "path": path,
                "hash": f"sha256:{digest.hexdigest()}",
                "bytes": info.file_size,
            }
        )

    def describe(self, about: About) -> None:
        """Write the two entries that say what the others are."""
        told = {
            "profile": "data-package",
            "wacz_version": VERSION,
            "title": about.title,
            "software": about.software,
            "created": _instant(about.created),
            "resources": tuple(self._resources),
        }
        with self.entry(_PACKAGE) as write:
            write(json.dumps(told, ensure_ascii=False, indent=2).encode())
        with self.entry("datapackage-digest.json") as write:
            write(_line({"path": _PACKAGE, "hash": self._resources[-1]["hash"]}))


@contextmanager
def _appearing(target: Path) -> Iterator[BinaryIO]:
    """A file to write, which gets its name when all of it is on the disk, and else leaves nothing behind."""
    part = target.with_name(f".{target.name}.{secrets.token_hex(3)}")
    try:
        try:
            with part.open("xb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror or error}"
        raise StorageError(message, hint="Choose a folder that can be written and has room for the archive") from error


def _names(archive: Archive) -> list[str]:
    names = archive.files()
    if not names:
        message = f"there is no raw archive in {archive.folder}"
        raise StorageError(message, hint="A crawl writes one: reex crawl. REEX_ARCHIVE_DIR says where it is")
    return names


def _whole_records(archive: Archive, name: str, unfinished: list[Broken], damaged: list[Broken]) -> Iterator[_Found]:
    """The records of a file, one behind the other; what is left out is added to the lists."""
    offset = 0
    last: Raw | Broken | None = None
    with files.reading(archive.folder, name) as stream, files.clear_errors(archive.folder / name, deed="read"):
        for last in archive.records(name):
            if isinstance(last, Broken):
                damaged.append(last)
                continue
            stream.seek(last.offset)
            yield _Found(last, stream.read(last.length), offset)
            offset += last.length
        if isinstance(last, Broken) and stream.name.endswith(files.OPEN):
            unfinished.append(damaged.pop())


def _answer(record: Raw) -> Answered | None:
    """The answer that a record shows; none for other records, and for 304, which shows nothing of its own."""
    if record.kind not in ANSWERS or "warc-date" not in record.fields:
        return None
    try:
        answer = parse_response(record.block)
    except ValueError:
        return None  # Of another protocol, such as DNS.
    return None if answer.status == HTTPStatus.NOT_MODIFIED else answer


def _capture(found: _Found, answer: Answered) -> bytes:
    record = found.record
    fields = {
        "mime": "warc/revisit" if record.kind == REVISIT else _mime(answer),
        "status": str(answer.status),
        "digest": record.payload_digest,
        "length": str(record.length),
        "offset": str(found.offset),
        "recordDigest": f"sha256:{hashlib.sha256(found.content).hexdigest()}",
        "filename": record.file,
    }
    return cdxj.line(record.url, record.date, {name: value for name, value in fields.items() if value})


def _mime(answer: Answered) -> str:
    given = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
    return given.partition(";")[0].strip().lower()


def _is_page(record: Raw, answer: Answered) -> bool:
    return record.kind == RESPONSE and answer.status == HTTPStatus.OK and _mime(answer) in _HTML


def _page(page: PageEntry) -> bytes:
    ts = _instant(page.at)
    told = {"ts": ts, "url": page.url, "id": hashlib.sha256(f"{ts} {page.url}".encode()).hexdigest()[:16]}
    return _line(told if page.title is None else told | {"title": page.title})


def _line(told: dict[str, str]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
