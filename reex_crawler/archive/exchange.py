"""One request and its answer as bytes: what the archive keeps, and how HTTP writes it (RFC 9112)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

# Not all that Python takes for white space: U+0085 and U+00A0 are bytes of a value here.
_BLANK = " \t"

Headers = tuple[tuple[bytes, bytes], ...]
"""Header fields as received, in order, repeated names kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request that was sent and the answer to it."""

    url: str
    """The URL of this one request; a redirect is an exchange of its own."""
    method: str
    request_headers: Headers
    protocol: str
    """Of the answer, such as ``HTTP/1.1``."""
    status: int
    reason: bytes
    """The words of the status line."""
    headers: Headers
    body: bytes
    """As it came: its transfer coding removed, its Content-Encoding kept."""
    ip_address: str | None
    received_at: datetime
    """Aware UTC."""


def response_head(exchange: Exchange) -> bytes:
    """Status line and header fields of the answer, up to the body."""
    line = f"{exchange.protocol} {exchange.status} ".encode("ascii") + exchange.reason
    return _head(line, exchange.headers)


def request_head(exchange: Exchange) -> bytes:
    """Request line and header fields, up to the body; ``Host`` stands first, as RFC 9110, section 7.2, advises."""
    parts = urlsplit(exchange.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = parts.netloc.rpartition("@")[2].encode("idna" if not parts.netloc.isascii() else "ascii")
    line = f"{exchange.method} {target} HTTP/1.1".encode("ascii", "backslashreplace")
    return _head(line, ((b"Host", host), *exchange.request_headers))


@dataclass(frozen=True, slots=True)
class Answered:
    """The head of an answer as it was read back."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def parse_response(block: bytes) -> Answered:
    """Take an answer apart. Latin-1 keeps every byte of a header (RFC 9110, section 5.5).

    Lines may end without CR and continue on the next one, as captures of others have them. Raises ``ValueError`` for
    what is no answer.
    """
    end, gap = _end_of_head(block)
    first, *lines = block[:end].split(b"\n")
    words = first.split(None, 2)
    if len(words) < 2 or not words[0].upper().startswith(b"HTTP/") or not words[1].isdigit():  # noqa: PLR2004 - version and status
        message = f"no status line: {first[:40]!r}"
        raise ValueError(message)
    fields: list[tuple[str, str]] = []
    for line in lines:
        name, colon, value = line.decode("latin-1").rstrip("\r").partition(":")
        if line[:1] in b" \t" and line.strip() and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {(name + colon + value).strip(_BLANK)}")
        elif colon:
            fields.append((name.strip(_BLANK), value.strip(_BLANK)))
    return Answered(int(words[1]), tuple(fields), block[end + gap :])


def payload_digest(body: bytes) -> str:
    """A digest as the archive writes it; it serves for a payload and for a whole block."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _head(line: bytes, fields: Iterable[tuple[bytes, bytes]]) -> bytes:
    return b"\r\n".join((line, *(name + b": " + value for name, value in fields), b"", b""))


def _end_of_head(block: bytes) -> tuple[int, int]:
    ends = [(at, len(gap)) for gap in (b"\r\n\r\n", b"\n\n") if (at := block.find(gap)) >= 0]
    return min(ends, default=(len(block), 0))
