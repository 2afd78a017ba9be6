"""What editors and readers do to a running replica. Feeds, sitemaps, REST and their validators follow as in WordPress.

Each function replaces ``replica.site``; ``at`` is the time that WordPress stamps what is done with, now by default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.replica.blocks import Block
from tests.replica.content import Entry, RawComment
from tests.replica.server import Replica
from tests.replica.truth import Status


def entry(replica: Replica, post_id: int) -> Entry:
    """A post as it stands now."""
    return next(one for one in replica.site.written if one.post_id == post_id)


def publish(replica: Replica, *, slug: str, at: datetime | None = None, **over: Any) -> int:
    """Publish a new article, by the hand that wrote the newest one; gives its post id."""
    at = at or _now()
    model = next(
        one for one in replica.site.written if one.status is Status.PUBLISH and one.post_type == "news-archive"
    )
    post_id = max(one.post_id for one in replica.site.written) + 1
    made = replace(
        model,
        **{"title": f"Just In: {slug.replace('-', ' ').title()}", "comments": (), "old_slugs": ()} | over,
        post_id=post_id,
        slug=slug,
        published=at,
        modified=at,
    )
    _write(replica, (made, *replica.site.written))
    return post_id


def edit(replica: Replica, post_id: int, text: str, at: datetime | None = None) -> None:
    """Add a paragraph to an article."""
    _change(replica, post_id, modified=at or _now(), blocks=_with(text))


def edit_silently(replica: Replica, post_id: int, text: str) -> None:
    """Add a paragraph to an article past WordPress, as a plugin does that writes to the database: nothing is stamped."""
    _change(replica, post_id, blocks=_with(text))


def comment(
    replica: Replica,
    post_id: int,
    text: str,
    *,
    at: datetime | None = None,
    approved: bool = True,
) -> int:
    """Comment on an article, which is not modified by it; gives the comment's id."""
    comment_id = max(one.comment_id for post in replica.site.written for one in post.comments) + 1
    made = RawComment(
        comment_id=comment_id,
        parent_id=None,
        author_name="Late Reader",
        author_url=None,
        posted=at or _now(),
        paragraphs=(text,),
        kind="comment",
        approved=approved,
        member=None,
    )
    _change(replica, post_id, comments=lambda one: (*one.comments, made))
    return comment_id


def approve(replica: Replica, post_id: int, comment_id: int) -> None:
    """Let a comment appear that was held; its time stays that of its posting."""

    def approved(one: Entry) -> tuple[RawComment, ...]:
        return tuple(replace(each, approved=True) if each.comment_id == comment_id else each for each in one.comments)

    _change(replica, post_id, comments=approved)


def change_slug(replica: Replica, post_id: int, slug: str, at: datetime | None = None) -> None:
    """Give an article another address; the old one redirects to it."""
    _change(replica, post_id, modified=at or _now(), slug=slug, old_slugs=lambda one: (*one.old_slugs, one.slug))


def trash(replica: Replica, post_id: int, at: datetime | None = None) -> None:
    """Put an article into the bin."""
    _change(replica, post_id, modified=at or _now(), status=Status.TRASH)


def _with(text: str) -> Callable[[Entry], tuple[Block, ...]]:
    return lambda one: (*one.blocks, Block(kind="p", texts=(text,)))


def _change(replica: Replica, post_id: int, **values: Any) -> None:
    """Set fields of a post; a function gives the new value from the post as it is."""
    old = entry(replica, post_id)
    new = replace(old, **{name: value(old) if callable(value) else value for name, value in values.items()})
    _write(replica, tuple(new if one is old else one for one in replica.site.written))


def _write(replica: Replica, written: tuple[Entry, ...]) -> None:
    # In a feed and a REST collection the newest stands first.
    newest_first = sorted(written, key=lambda one: (one.published, one.post_id), reverse=True)
    replica.site = replace(replica.site, written=tuple(newest_first))


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
