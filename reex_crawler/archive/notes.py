"""The journal: what became of an answer, written beside it, so that the database can be made anew from the archive.

A note is the JSON of a ``metadata`` record that refers to the answer (WARC 1.1, section 6.4). An answer without a note
(robots.txt, a redirect, a try that was repeated) was kept, and nothing was read from it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from reex_crawler.records import Record

CONTENT_TYPE = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A further page of an article that it was read with."""

    url: str
    """The URL that was asked."""
    at: datetime
    """When it was asked."""
    record: Record | None
    """Where the answer is; none where there was no answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What an answer was asked for and read with, and what it turned out to be where that is not read from it."""

    kind: str
    """What was asked for: ``article``, ``feed``, ``sitemap``, ``rest``."""
    asked: str
    """The URL that was asked, before any redirect; of a part of a listing, what the whole of it is known as."""
    answer: Record
    """Where the answer is."""
    reason: str | None = None
    """Why it was asked."""
    outcome: str | None = None
    """What it turned out to be; none where it was read as an article, which tells it anew."""
    error: str | None = None
    leads_to: str | None = None
    """The URL at the end of its redirects."""
    listed: Mapping[str, Any] | None = None
    """What a listing says of the article: ``url``, ``source``, ``listed_in`` and ``facts``."""
    total: int | None = None
    """Of a listing that was asked whole: how many there are, as the site says."""
    parts: tuple[Part, ...] = ()
    run: int | None = None
    """The number of the run, in the database of its time."""


def dump(note: Note) -> bytes:
    """The note as JSON, without its empty fields."""
    told = {name: value for name, value in asdict(note).items() if value not in (None, ())}
    return json.dumps(told, ensure_ascii=False, default=datetime.isoformat).encode("utf-8", "surrogatepass")


def load(content: bytes) -> Note | None:
    """What ``dump`` was given; none for another program's JSON. Fields of other versions are passed over."""
    try:
        told = json.loads(content.decode("utf-8", "surrogatepass"))
        known = {field.name for field in fields(Note)}
        told = {name: value for name, value in told.items() if name in known}
        parts = tuple(
            Part(url=one["url"], at=datetime.fromisoformat(one["at"]), record=_record(one["record"]))
            for one in told.pop("parts", ())
        )
        answer = _record(told.pop("answer"))
        return Note(**told, parts=parts, answer=answer) if answer else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _record(told: Mapping[str, Any] | None) -> Record | None:
    if told is None:
        return None
    body_at = told.get("body_at")
    return Record(**dict(told) | {"body_at": (body_at[0], body_at[1]) if body_at else None})
