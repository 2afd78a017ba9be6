"""Writing WARC 1.1: one gzip member a record, on the disk before any row of the database points to it."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders

from reex_crawler.archive import notes
from reex_crawler.archive.exchange import Exchange, payload_digest, request_head, response_head
from reex_crawler.archive.files import OpenFile
from reex_crawler.archive.foreign import Found
from reex_crawler.archive.notes import Note
from reex_crawler.records import Record

ANSWER = "application/http; msgtype=response"
REQUEST = "application/http; msgtype=request"
LIMIT = 1_000_000_000
"""Bytes after which the next file is begun."""

# What another program says of a record that holds of its own file only, or is written anew.
_NOT_COPIED = frozenset(
    {
        "warc-type",
        "content-length",
        "warc-block-digest",
        "warc-payload-digest",
        "warc-warcinfo-id",
        "warc-concurrent-to",
        "warc-record-id",
        "warc-date",
    }
)
_VERSION = "WARC/1.1"
_SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
# The compressor's usual level; warcio's own is the highest, at twice the time for one part in a hundred.
_LEVEL = 6

# What stands in a record is less than what came over the wire; whoever reads it must know.
LOST = (
    "Twisted, the HTTP client, has removed the transfer coding (chunks) and the fields that describe the connection "
    "(Connection, Keep-Alive, Transfer-Encoding, TE, Trailer, Upgrade), spelt the names of header fields its own way, "
    "brought fields of one name together and stripped white space around values. The request is given as it was handed "
    "to Twisted, with the Host field that Twisted adds."
)


@dataclass(frozen=True, slots=True)
class Earlier:
    """An answer in the archive that a new one repeats."""

    record: Record
    url: str
    received_at: datetime


class Writer:
    """Writes the answers of one run into ``folder``; a file is begun with the first of them.

    ``info`` says who writes: it goes into the ``warcinfo`` record of every file. Every method raises ``StorageError``
    where something cannot be written; what was written before stays whole.
    """

    def __init__(self, folder: Path, info: Mapping[str, str], *, limit: int = LIMIT) -> None:
        self._folder = folder
        self._info = info
        self._limit = limit
        self._file: OpenFile | None = None
        self._info_id = ""

    def exchange(self, exchange: Exchange, earlier: Earlier | None = None) -> Record:
        """Write an answer and its request; where it repeats an ``earlier`` one, without the body it had."""
        file = self._begun()
        digest = payload_digest(exchange.body)
        common = {
            "WARC-Date": date(exchange.received_at),
            "WARC-Target-URI": exchange.url,
            "WARC-Warcinfo-ID": self._info_id,
        }
        if exchange.ip_address:
            common["WARC-IP-Address"] = exchange.ip_address
        record_id = _new_id()
        own = common | {"WARC-Record-ID": record_id, "WARC-Payload-Digest": digest}
        head = response_head(exchange)
        if earlier is None:
            answer = _member("response", ANSWER, own, head + exchange.body)
        else:
            profile = _NOT_MODIFIED if exchange.status == HTTPStatus.NOT_MODIFIED else _SAME_PAYLOAD
            answer = _member("revisit", ANSWER, own | _refers(earlier, profile), head)
        asked = common | {
            "WARC-Record-ID": _new_id(),
            "WARC-Concurrent-To": record_id,
            "WARC-Payload-Digest": payload_digest(b""),
        }
        offset = file.append(answer + _member("request", REQUEST, asked, request_head(exchange)))
        return Record(
            file=file.name,
            offset=offset,
            length=len(answer),
            record_id=record_id,
            payload_digest=digest,
            body_at=(earlier.record.file, earlier.record.offset) if earlier else None,
        )

    def copy(self, found: Found, payload: str, repeats: Record | None = None) -> Record:
        """Write an answer from another program's file, its block byte for byte, under its own id and date.

        ``payload`` is the digest of what it holds or, for a revisit, of what it ``repeats``.
        """
        file = self._begun()
        told = _joined((name, value) for name, value in found.fields if name.lower() not in _NOT_COPIED)
        own = {
            "WARC-Record-ID": found.record_id,
            "WARC-Date": date(found.at),
            "WARC-Warcinfo-ID": self._info_id,
            "WARC-Payload-Digest": payload,
        }
        answer = _member(found.kind, told.pop("Content-Type", ANSWER), told | own, found.block)
        return Record(
            file=file.name,
            offset=file.append(answer),
            length=len(answer),
            record_id=found.record_id,
            payload_digest=payload,
            body_at=(repeats.file, repeats.offset) if repeats else None,
        )

    def note(self, note: Note) -> tuple[str, int]:
        """Write a note on an answer; gives its file and offset.

        It names no URL of its own, lest a program that replays archives show it in place of the page.
        """
        file = self._begun()
        fields = {
            "WARC-Record-ID": _new_id(),
            "WARC-Date": date(datetime.now(UTC)),
            "WARC-Refers-To": note.answer.record_id,
            "WARC-Warcinfo-ID": self._info_id,
        }
        return file.name, file.append(_member("metadata", notes.CONTENT_TYPE, fields, notes.dump(note)))

    def sync(self) -> None:
        """Have everything that was written on the disk, so that rows may point to it."""
        if self._file is not None:
            self._file.sync()

    def rotate(self) -> None:
        """End the file where it is full. To be called when all rows that point to it are committed."""
        if self._file is not None and self._file.end >= self._limit:
            self.close()

    def close(self) -> None:
        """End the file under its own name; the rows that point to it must be committed."""
        if self._file is not None:
            self._file.finish()
            self._file = None

    def abandon(self) -> None:
        """Leave the file open where rows that point to it are missing: the next run takes it up."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _begun(self) -> OpenFile:
        """The file being written, begun now with its ``warcinfo`` if there is none."""
        if self._file is None:
            now = datetime.now(UTC)
            self._file = OpenFile(self._folder, now)
            self._info_id = _new_id()
            fields = {"WARC-Record-ID": self._info_id, "WARC-Date": date(now), "WARC-Filename": self._file.name}
            told = {"format": "WARC File Format 1.1", "description": LOST, **self._info}
            block = "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in told.items())
            self._file.append(_member("warcinfo", "application/warc-fields", fields, block.encode()))
        return self._file


def _member(kind: str, content_type: str, fields: Mapping[str, str], block: bytes) -> bytes:
    """One record as one gzip member. Its block is kept byte for byte: warcio's writer would write parsed HTTP anew."""
    digest = payload_digest(block)
    named = {
        "WARC-Type": kind,
        **fields,
        "WARC-Block-Digest": digest,
        "Content-Type": content_type,
        "Content-Length": str(len(block)),
    }
    head = StatusAndHeaders("", list(named.items()), protocol=_VERSION).to_bytes()
    return gzip.compress(head + block + b"\r\n\r\n", _LEVEL, mtime=0)


def _joined(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Fields by their names; what has one name more than once as one list."""
    found: dict[str, str] = {}
    for name, value in fields:
        found[name] = f"{found[name]}, {value}" if name in found else value
    return found


def _refers(earlier: Earlier, profile: str) -> dict[str, str]:
    return {
        "WARC-Profile": profile,
        "WARC-Refers-To": earlier.record.record_id,
        "WARC-Refers-To-Target-URI": earlier.url,
        "WARC-Refers-To-Date": date(earlier.received_at),
    }


def _new_id() -> str:
    return f"<urn:uuid:{uuid4()}>"


def date(at: datetime) -> str:
    """An instant as a ``WARC-Date``, to the microsecond (WARC 1.1, section 5.4)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
