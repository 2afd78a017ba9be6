"""A small archive as the standard has it (WARC 1.1), none of it by our own writer: answers of every kind that must replay."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import brotli

SITE = "https://news.example"
AT = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
LATER = AT + timedelta(days=1)
FILE = "reex-20260301120000000000-abcdef.warc.gz"

HTML = "Content-Type: text/html; charset=UTF-8"
_PROFILE = "http://netpreserve.org/warc/1.1/revisit/"


def html(name: str) -> bytes:
    return f"<!doctype html><title>{name}</title><p>The text of {name} \N{EM DASH} 稀土.</p>".encode()


def coded(body: bytes, coding: str) -> bytes:
    return gzip.compress(body, mtime=0) if coding == "gzip" else brotli.compress(body)


class Captures:
    """Writes captures of ``SITE`` into one WARC file; a record is a gzip member."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._write("warcinfo", "application/warc-fields", b"software: a test\r\n", {"WARC-Date": _date(AT)})

    def answer(self, path: str, body: bytes, *headers: str, status: str = "200 OK", at: datetime = AT) -> None:
        """An answer, its request, and a note that was written about it later."""
        block = _http(f"HTTP/1.1 {status}", *headers) + body
        about = {"WARC-Date": _date(at), "WARC-Target-URI": SITE + path}
        answer = self._write("response", _MESSAGE.format("response"), block, about | {_DIGEST: _sha256(body)})
        request = _http(f"GET {path} HTTP/1.1", "Host: news.example")
        self._write("request", _MESSAGE.format("request"), request, about | {"WARC-Concurrent-To": answer})
        noted = about | {"WARC-Date": _date(at + timedelta(days=9)), "WARC-Refers-To": answer}
        self._write("metadata", "application/json", b'{"kind": "article"}', noted)

    def page(self, path: str, coding: str | None = None, at: datetime = AT) -> None:
        """A page that is named for its path, its body in a content coding."""
        if coding is None:
            self.answer(path, html(path), HTML, at=at)
        else:
            self.answer(path, coded(html(path), coding), HTML, f"Content-Encoding: {coding}", at=at)

    def moved(self, path: str, target: str) -> None:
        """A redirect."""
        self.answer(path, b"", f"Location: {target}", status="301 Moved Permanently")

    def repeated(self, path: str, original: str, coding: str) -> None:
        """A revisit: the page of ``original`` once more, without its body."""
        block = _http("HTTP/1.1 200 OK", HTML, f"Content-Encoding: {coding}")
        digest = _sha256(coded(html(original), coding))
        self._revisit(path, original, block, {"WARC-Profile": f"{_PROFILE}identical-payload-digest", _DIGEST: digest})

    def not_modified(self, path: str) -> None:
        """A 304."""
        block = _http("HTTP/1.1 304 Not Modified", 'ETag: "1"')
        self._revisit(path, path, block, {"WARC-Profile": f"{_PROFILE}server-not-modified", _DIGEST: _sha256(b"")})

    def _revisit(self, path: str, original: str, block: bytes, fields: dict[str, str]) -> None:
        about = {"WARC-Date": _date(LATER), "WARC-Target-URI": SITE + path}
        refers = {"WARC-Refers-To-Target-URI": SITE + original, "WARC-Refers-To-Date": _date(AT)}
        self._write("revisit", _MESSAGE.format("response"), block, about | refers | fields)

    def _write(self, kind: str, content_type: str, block: bytes, fields: dict[str, str]) -> str:
        record_id = f"<urn:uuid:{uuid4()}>"
        named = {"WARC-Type": kind, "WARC-Record-ID": record_id, **fields, "Content-Type": content_type}
        head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        record = f"WARC/1.1\r\n{head}Content-Length: {len(block)}\r\n\r\n".encode() + block + b"\r\n\r\n"
        self._stream.write(gzip.compress(record))
        return record_id


@contextmanager
def writing(folder: Path, name: str = FILE) -> Iterator[Captures]:
    """Write one WARC file."""
    folder.mkdir(exist_ok=True)
    with (folder / name).open("wb") as stream:
        yield Captures(stream)


def everything(folder: Path) -> None:
    """An archive with pages of each coding, a redirect, revisits of both kinds and what is no page."""
    with writing(folder) as captures:
        captures.page("/news/plain/")
        captures.page("/news/gzip/", "gzip")
        captures.page("/news/brotli/", "br")
        captures.moved("/news/moved/", "/news/plain/")
        captures.repeated("/news/gzip/", "/news/gzip/", "gzip")
        captures.repeated("/news/elsewhere/", "/news/gzip/", "gzip")
        captures.not_modified("/news/plain/")
        captures.answer("/gone/", b"Not here.", "Content-Type: text/html", status="404 Not Found")
        captures.answer("/wp-json/wp/v2/posts?per_page=2&page=1", b"[]", "Content-Type: application/json")


_DIGEST = "WARC-Payload-Digest"
_MESSAGE = "application/http; msgtype={}"


def _http(first: str, *headers: str) -> bytes:
    return "\r\n".join((first, *headers, "", "")).encode()


def _sha256(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _date(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%fZ}"
