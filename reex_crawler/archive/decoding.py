"""Content-Encoding taken off a body as the crawl takes it off, so that a page read again is the page that was read."""

from __future__ import annotations

import gzip
import struct
import sys
import zlib
from collections.abc import Callable
from io import BytesIO

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_CHUNK = 64 * 1024
LARGEST = 64 * 1024 * 1024
"""Bytes that a body may have decoded. A crawl takes less (``DOWNLOAD_MAXSIZE``)."""


class TooLarge(ValueError):
    """A body that unpacks to more than can be read."""


def decoded(body: bytes, codings: list[str]) -> tuple[bytes, list[str]]:
    """The body without its codings, the last one first (RFC 9110, section 8.4), and those that are not known.

    Of a body that was cut there is as much as can be had. One that is not coded as its header says stays as it is:
    captures made by browsers keep the header and not the coding. Raises ``TooLarge``.
    """
    left = [coding.strip().lower() for each in codings for coding in each.split(",")]
    while left and left[-1] in _DECODERS:
        try:
            body = _DECODERS[left[-1]](body)
        except (OSError, EOFError, struct.error, zlib.error, brotli.error, zstd.ZstdError):
            break
        left.pop()
    return body, left


def _gunzip(body: bytes) -> bytes:
    stream = gzip.GzipFile(fileobj=BytesIO(body))
    out = BytesIO()
    while True:
        try:
            chunk = stream.read1(_CHUNK)
        except (OSError, EOFError, struct.error, zlib.error):
            if out.getbuffer().nbytes:
                break
            raise
        if not chunk:
            break
        _add(out, chunk)
    return out.getvalue()


def _inflate(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    try:
        chunk = unpacker.decompress(body, _CHUNK)
    except zlib.error:
        # Some servers send deflate without the wrapper that RFC 9110 asks for.
        unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        chunk = unpacker.decompress(body, _CHUNK)
    out = BytesIO()
    _add(out, chunk)
    while unpacker.unconsumed_tail and not unpacker.eof:
        _add(out, unpacker.decompress(unpacker.unconsumed_tail, _CHUNK))
    return out.getvalue()


def _unbrotli(body: bytes) -> bytes:
    unpacker = brotli.Decompressor()
    out = BytesIO()
    _add(out, unpacker.process(body, output_buffer_limit=_CHUNK))
    while not unpacker.is_finished():
        chunk = unpacker.process(b"", output_buffer_limit=_CHUNK)
        if not chunk:
            break
        _add(out, chunk)
    return out.getvalue()


def _unzstd(body: bytes) -> bytes:
    stream = zstd.ZstdFile(BytesIO(body))
    out = BytesIO()
    try:
        while chunk := stream.read(_CHUNK):
            _add(out, chunk)
    except EOFError:
        pass  # What was cut gives what there is of it.
    return out.getvalue()


def _add(out: BytesIO, chunk: bytes) -> None:
    if out.getbuffer().nbytes + len(chunk) > LARGEST:
        message = f"the body unpacks to more than {LARGEST:,} bytes"
        raise TooLarge(message)
    out.write(chunk)


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
