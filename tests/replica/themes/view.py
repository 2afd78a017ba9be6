"""What a theme needs to know to print one page, and the small texts every theme prints alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from tests.replica.content import RawComment
from tests.replica.options import Options
from tests.replica.post import Post
from tests.replica.thread import Node

SITE_NAME = "Rare Earth Exchanges"
ZONE = ZoneInfo("America/Denver")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    options: Options
    base: str
    post: Post
    part: int
    """The text page shown, from 1."""
    nodes: tuple[Node, ...]
    """The top-level comments of the comment page shown."""
    comment_page: int
    """The comment page shown, from 1; a number past the end shows none."""
    comment_pages: int
    bare: bool
    """Whether the address names no comment page."""
    recent: Sequence[Post]
    """The newest public posts, for widgets."""
    neighbours: tuple[Post | None, Post | None]
    """The posts published just before and after."""

    @property
    def comment_count(self) -> int:
        """What the heading says: visible comments without pings."""
        return sum(comment.kind == "comment" for comment in self.post.shown_comments)

    @property
    def pings(self) -> tuple[RawComment, ...]:
        return tuple(node.comment for node in self.nodes if node.comment.kind != "comment")

    def comment_page_url(self, number: int) -> str:
        """Where WordPress links a comment page: the default page has the bare address."""
        default = self.comment_pages if self.options.comments_first == "newest" else 1
        path = "" if number == default else f"comment-page-{number}/"
        return f"{self.post.url}{path}#comments"


def local(instant: datetime) -> datetime:
    """The instant on the site's clock."""
    return instant.astimezone(ZONE)


def short_date(instant: datetime) -> str:
    """``Oct 27, 2025``, the date format of the site."""
    at = local(instant)
    return f"{at:%b} {at.day}, {at.year}"


def clock(instant: datetime) -> str:
    """``5:29 pm``."""
    at = local(instant)
    return f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"


def commenter(comment: RawComment, post: Post) -> str:
    """The name of a commenter, linked where there is an address, as ``get_comment_author_link`` prints it."""
    name = escape(comment.author_name)
    if comment.author_url is None:
        return name
    return f'<a href="{escape(comment.author_url)}" class="url" rel="ugc external nofollow">{name}</a>'


def comment_classes(node: Node, post: Post) -> str:
    """What ``comment_class`` prints, without the counters of odd and even."""
    comment = node.comment
    classes = [comment.kind, "even" if comment.comment_id % 2 else "odd alt"]
    if comment.member:
        classes += ["byuser", f"comment-author-{comment.member}"]
        if comment.member == post.entry.authors[0].slug:
            classes.append("bypostauthor")
    if node.depth == 1:
        classes.append("thread-even" if comment.comment_id % 4 < 2 else "thread-odd thread-alt")
    classes.append(f"depth-{node.depth}")
    return " ".join(classes)


def names(parts: Sequence[str]) -> str:
    """``A``, ``A and B`` or ``A, B and C``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
