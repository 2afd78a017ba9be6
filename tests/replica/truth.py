"""What a correct archive of the replica holds, in plain values. Nothing here reads HTML or knows a theme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Status(StrEnum):
    """WordPress' post states, and ``password`` for a published post that asks for one."""

    PUBLISH = "publish"
    PASSWORD = "password"
    DRAFT = "draft"
    PRIVATE = "private"
    FUTURE = "future"
    TRASH = "trash"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorTruth:
    name: str
    slug: str
    bio: str

    @property
    def path(self) -> str:
        return f"/author/{self.slug}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class TermTruth:
    taxonomy: str
    """``category`` or ``tag``."""
    name: str
    slug: str

    @property
    def path(self) -> str:
        return f"/{self.taxonomy}/{self.slug}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentTruth:
    comment_id: int
    parent_id: int | None
    """The comment it answers."""
    shown_parent_id: int | None
    """The comment it hangs under in the page: WordPress flattens what is deeper than five."""
    author_name: str
    author_url: str | None
    by_article_author: bool
    posted: datetime
    """Aware UTC, to the second."""
    text: str
    """Paragraphs parted by a blank line."""
    kind: str
    """``comment``, ``pingback`` or ``trackback``."""
    visible: bool
    """Approved, and so is every comment above it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyBlock:
    """One block of a body: ``p``, ``h2`` to ``h4``, ``ul``, ``ol``, ``quote``, ``table`` or ``caption``."""

    kind: str
    lines: tuple[str, ...]
    """One line for a paragraph or heading, one an item or paragraph for lists and quotations, none of them marked."""
    cells: tuple[tuple[str, ...], ...] = ()
    """The rows of a table."""


def body_text(blocks: Iterable[BodyBlock]) -> str:
    """Blocks as the archive writes a body: parted by blank lines, items marked ``- ``, cells parted by `` | ``.

    The caption of an image belongs to the image.
    """
    return "\n\n".join(_block_text(block) for block in blocks if block.kind != "caption")


def _block_text(block: BodyBlock) -> str:
    if block.kind == "table":
        return "\n".join(" | ".join(row) for row in block.cells)
    if block.kind in {"ul", "ol"}:
        return "\n".join(f"- {line}" for line in block.lines)
    return "\n\n".join(block.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageTruth:
    path: str
    alt: str
    caption: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTruth:
    url: str
    """A path for a link inside the site."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTruth:
    post_id: int
    post_type: str
    url: str
    slug: str
    """Decoded, as a reader would write it."""
    title: str
    published: datetime
    modified: datetime
    authors: tuple[AuthorTruth, ...]
    terms: tuple[TermTruth, ...]
    highlights: tuple[str, ...]
    body: tuple[BodyBlock, ...]
    parts: tuple[tuple[BodyBlock, ...], ...]
    """The body as the pages of an article parted by ``<!--nextpage-->`` show it."""
    images: tuple[ImageTruth, ...]
    links: tuple[LinkTruth, ...]
    comments: tuple[CommentTruth, ...]
    layout: str
    status: Status

    @property
    def hidden(self) -> bool:
        """Whether no archive may ever hold it."""
        return self.status is not Status.PUBLISH

    @property
    def visible_comments(self) -> tuple[CommentTruth, ...]:
        return tuple(comment for comment in self.comments if comment.visible)
