"""Whether one record is sound: what it says of itself against what it holds (WARC 1.1)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from reex_crawler.archive.digests import parse
from reex_crawler.archive.exchange import parse_response
from reex_crawler.archive.ledger import Entry
from reex_crawler.archive.reader import ANSWERS, REQUEST, RESPONSE, REVISIT, WARCINFO, Raw, dechunked, to_page

_MANDATORY = ("warc-record-id", "warc-type", "warc-date", "content-length")
_HTTP = "application/http"
# As the writer names its files; those of others may be renamed as one likes.
_OWN = "reex-"


def problems(raw: Raw) -> Iterator[str]:
    """What is wrong with a record, each in a few words."""
    for name in _MANDATORY:
        if name not in raw.fields:
            yield f"the {raw.kind or 'record'} has no {name}"
    if "warc-date" in raw.fields and _seconds(raw) is None:
        yield f"{raw.fields['warc-date']!r} is no WARC-Date"
    written_as = raw.fields.get("warc-filename", "")
    if raw.kind == WARCINFO and written_as.startswith(_OWN) and written_as != raw.file:
        yield f"the file was written as {written_as}"
    yield from _digest_problems(raw, "warc-block-digest", (raw.block,))
    if raw.kind != REVISIT:
        yield from _digest_problems(raw, "warc-payload-digest", _payloads(raw))


def entry(raw: Raw) -> Entry:
    """What is to be known of a record when others, or rows, refer to it."""
    status = digest = None
    if raw.kind in ANSWERS and _is_http(raw):
        try:
            status = parse_response(raw.block).status
            digest = hashlib.sha256(to_page(raw).body).hexdigest() if raw.kind == RESPONSE else None
        except (ValueError, KeyError):
            pass  # It is no answer that could be read; a row that says otherwise disagrees.
    return Entry(
        file=raw.file,
        offset=raw.offset,
        length=raw.length,
        record_id=raw.record_id,
        kind=raw.kind,
        url=raw.url,
        status=status,
        at=_seconds(raw),
        payload_digest=raw.payload_digest,
        digest=digest,
        refers_to=raw.refers_to,
    )


def _digest_problems(raw: Raw, name: str, contents: tuple[bytes, ...]) -> Iterator[str]:
    """Of a digest of one of these contents; one of an unknown algorithm proves nothing, and is none."""
    label = raw.fields.get(name)
    if label is None:
        return
    try:
        digest = parse(label)
    except ValueError as error:
        yield f"its {name}: {error}"
        return
    if digest is not None and not any(map(digest.is_of, contents)):
        yield f"the {raw.kind} is not what its {name} says ({label})"


def _payloads(raw: Raw) -> tuple[bytes, ...]:
    """The payload; of an answer with chunks as it stands and without them, since programs differ in which they mean."""
    if not _is_http(raw):
        return (raw.block,)
    if raw.kind == REQUEST:
        return (raw.block.partition(b"\r\n\r\n")[2],)
    try:
        body = parse_response(raw.block).body
    except ValueError:
        return ()
    whole = dechunked(body)
    return (body,) if whole == body else (body, whole)


def _is_http(raw: Raw) -> bool:
    return raw.fields.get("content-type", "").lower().startswith(_HTTP)


def _seconds(raw: Raw) -> int | None:
    try:
        return int(raw.date.timestamp())
    except (ValueError, KeyError):
        return None
