"""WARC files as other programs write them, in all their spellings; none of it by our own writer."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

SITE = "https://news.example"
URL = f"{SITE}/news/magnets/"
AT = datetime(2019, 5, 4, 12, 30, 15, tzinfo=UTC)
HTML = "Content-Type: text/html; charset=UTF-8"

Packing = Literal["records", "whole", "plain"]


def http(body: bytes = b"<p>Text.</p>", *headers: str, status: str = "HTTP/1.1 200 OK") -> bytes:
    """An answer as it stands in a record."""
    return "\r\n".join((status, *(headers or (HTML,)), "", "")).encode() + body


def record(  # noqa: PLR0913 - each is a fact of the record
    kind: str = "response",
    url: str = URL,
    block: bytes | None = None,
    *fields: str,
    at: datetime = AT,
    version: str = "WARC/1.0",
    record_id: str | None = None,
) -> bytes:
    """One record; ``fields`` are those it has beside the usual ones."""
    block = http() if block is None else block
    lines = (
        version,
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: {record_id or f'<urn:uuid:{uuid4()}>'}",
        f"WARC-Date: {at:%Y-%m-%dT%H:%M:%SZ}",
        *((f"WARC-Target-URI: {url}",) if url else ()),
        *fields,
        f"Content-Length: {len(block)}",
    )
    return "\r\n".join((*lines, "", "")).encode() + block + b"\r\n\r\n"


def packed(records: Iterable[bytes], how: Packing = "records") -> bytes:
    """A file of records."""
    match how:
        case "records":
            return b"".join(gzip.compress(one, mtime=0) for one in records)
        case "whole":
            return gzip.compress(b"".join(records), mtime=0)
        case "plain":
            return b"".join(records)


def write(path: Path, *records: bytes, how: Packing = "records") -> Path:
    """A WARC file."""
    path.write_bytes(packed(records, how))
    return path


def wacz(path: Path, *records: bytes, deflated: bool = False) -> Path:
    """A WACZ file, as Browsertrix and ArchiveWeb.page write it."""
    with ZipFile(path, "w", ZIP_DEFLATED if deflated else ZIP_STORED) as made:
        made.writestr("archive/data.warc.gz", packed(records))
        made.writestr("indexes/index.cdx.gz", b"")
        made.writestr("pages/pages.jsonl", "{}")
        made.writestr("datapackage.json", "{}")
    return path
