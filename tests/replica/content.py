"""Reads the article files: what the editors of the replica wrote, before any theme or damage.

An article file has header lines (``name: value``), highlights (``* …``), a line ``---``, the body, and after a line ``@comments`` the
thread. The body's notation is a little Markdown (``inline.py`` has the inline part). A comment starts with
``#id ^parent time | name | url | notes``; notes may be held, spam, trash, pingback, trackback or by:author-slug.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from tests.replica.blocks import Block
from tests.replica.people import AUTHORS, TERMS
from tests.replica.truth import AuthorTruth, ImageTruth, Status, TermTruth

ARTICLES = Path(__file__).parent / "articles"

_COMMENT = re.compile(
    r"^#(?P<id>\d+) \^(?P<parent>\d+) (?P<time>\S+) \| (?P<name>[^|]+?) \| (?P<url>[^|]*?) ?\|(?P<notes>.*)$"
)
_IMAGE = re.compile(r"^!\[(?P<file>[^|]+)\|(?P<alt>[^|]*)(?:\|(?P<caption>.+))?\]$")


@dataclass(frozen=True, slots=True, kw_only=True)
class RawComment:
    comment_id: int
    parent_id: int | None
    author_name: str
    author_url: str | None
    posted: datetime
    paragraphs: tuple[str, ...]
    kind: str
    approved: bool
    member: str | None
    """The slug of the site's author who wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One post as the editors wrote it."""

    post_id: int
    post_type: str
    slug: str
    title: str
    status: Status
    published: datetime
    modified: datetime
    authors: tuple[AuthorTruth, ...]
    terms: tuple[TermTruth, ...]
    highlights: tuple[str, ...]
    blocks: tuple[Block, ...]
    comments: tuple[RawComment, ...]
    damage: str | None
    old_slugs: tuple[str, ...]
    notes: frozenset[str]
    """``classic-editor`` (its content knows no blocks), ``forum`` (its feed item points to a forum thread), ``closed`` (no comment form), ``control`` (its feed text holds a
    control character), ``highlights-heading`` (a heading in place of the bold line)."""


@cache
def entries() -> tuple[Entry, ...]:
    """Every post of the replica, newest first, hidden ones too."""
    found = [_entry(path.read_text(encoding="utf-8")) for path in sorted(ARTICLES.glob("*.md"))]
    return tuple(sorted(found, key=lambda entry: (entry.published, entry.post_id), reverse=True))


def _entry(source: str) -> Entry:
    head, _, rest = source.partition("\n---\n")
    body, _, thread = rest.partition("\n@comments\n")
    fields: dict[str, str] = {}
    highlights = []
    for line in head.splitlines():
        if line.startswith("* "):
            highlights.append(line[2:])
        else:
            name, _, value = line.partition(": ")
            fields[name] = value
    published = datetime.fromisoformat(fields["published"])
    return Entry(
        post_id=int(fields["id"]),
        post_type=fields.get("type", "news-archive"),
        slug=fields["slug"],
        title=fields["title"],
        status=Status(fields.get("status", "publish")),
        published=published,
        modified=datetime.fromisoformat(fields["modified"]) if "modified" in fields else published,
        authors=tuple(AUTHORS[slug] for slug in fields["authors"].split()),
        terms=tuple(TERMS[slug] for slug in fields["terms"].split()),
        highlights=tuple(highlights),
        blocks=tuple(_blocks(body)),
        comments=tuple(_comments(thread)),
        damage=fields.get("damage"),
        old_slugs=tuple(fields.get("old", "").split()),
        notes=frozenset(fields.get("notes", "").split()),
    )


def _blocks(body: str) -> Iterator[Block]:
    for chunk in re.split(r"\n{2,}", body.strip("\n")):
        first = chunk.partition("\n")[0]
        if image := _IMAGE.match(first):
            path = f"/wp-content/uploads/2025/{image['file']}"
            yield Block(kind="img", image=ImageTruth(path=path, alt=image["alt"], caption=image["caption"]))
        elif first.startswith("@raw "):
            yield Block(kind="raw", raw=chunk.removeprefix("@raw "))
        elif first.startswith("#"):
            level, _, text = first.partition(" ")
            yield Block(kind=f"h{len(level)}", texts=(text,))
        elif first.startswith("| "):
            rows = tuple(tuple(cell.strip() for cell in line.strip("|").split("|")) for line in chunk.split("\n"))
            yield Block(kind="table", rows=rows)
        else:
            yield _text_block(first, chunk.split("\n"))


def _text_block(first: str, lines: list[str]) -> Block:
    if first == "<!--nextpage-->":
        return Block(kind="nextpage")
    if first == "@forged":
        return Block(kind="forged", texts=tuple(line.removeprefix("- ") for line in lines[1:]))
    for kind, mark in (("ul", r"- "), ("ol", r"\d+\. "), ("quote", r"> ")):
        if re.match(mark, first):
            return Block(kind=kind, texts=tuple(re.sub(f"^{mark}", "", line) for line in lines))
    (text,) = lines
    return Block(kind="p", texts=(text,))


def _comments(thread: str) -> Iterator[RawComment]:
    for chunk in re.split(r"\n(?=#\d+ \^)", thread.strip("\n")):
        if not chunk:
            continue
        first, _, text = chunk.partition("\n")
        match = _COMMENT.match(first)
        assert match, first
        notes = match["notes"].split()
        kind = next((note for note in notes if note in {"pingback", "trackback"}), "comment")
        yield RawComment(
            comment_id=int(match["id"]),
            parent_id=int(match["parent"]) or None,
            author_name=match["name"],
            author_url=match["url"] or None,
            posted=datetime.fromisoformat(match["time"]),
            paragraphs=tuple(text.strip("\n").split("\n\n")),
            kind=kind,
            approved=not {"held", "spam", "trash"} & set(notes),
            member=next((note.removeprefix("by:") for note in notes if note.startswith("by:")), None),
        )
