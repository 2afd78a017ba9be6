"""Comments of one article: new ones, edited ones, and those a complete reading no longer shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from reex_crawler.records import Comment
from reex_crawler.storage.comment_texts import earlier_text
from reex_crawler.storage.merging import dated, finer
from reex_crawler.storage.models import CommentRow, CommentState, CommentVersionRow, Origin


def upsert(  # noqa: PLR0913 - each is a fact of the reading, given by name
    session: Session,
    article_id: int,
    comments: Sequence[Comment],
    *,
    seen_at: datetime,
    complete: bool,
    outdated: bool = False,
    origin: Origin,
) -> int:
    """Bring the thread up to a reading; gives how many comments are new.

    ``origin`` says whose change another text of a known comment is.

    Only a ``complete`` reading makes an absent comment missing: otherwise it may stand on a page that was not read.
    Where a later reading saw the whole thread, this one is ``outdated``: what only it shows is missing now. A reading
    older than the last sight of a comment leaves it as it is, and an earlier text goes among its versions.
    """
    state = CommentState.MISSING if outdated else CommentState.VISIBLE
    thread = select(CommentRow).where(CommentRow.article_id == article_id)
    stored = {row.comment_id: row for row in session.scalars(thread)}
    parents = {row.comment_id: row.parent_id for row in stored.values()}
    read = {comment.comment_id: (position, comment) for position, comment in enumerate(comments)}
    new: list[dict[str, Any]] = []
    versions: list[dict[str, Any]] = []
    for comment_id, (position, comment) in read.items():
        row = stored.get(comment_id)
        if row is None:
            columns = _columns(comment, position, seen_at, state)
            new.append({"article_id": article_id, "first_seen_at": seen_at, **columns})
        elif row.last_seen_at > seen_at:
            _precede(session, row, comment.body, seen_at, origin)
        else:
            if row.body != comment.body:
                versions.append(
                    {
                        "comment_row_id": row.id,
                        "body": row.body,
                        "origin": origin,
                        "last_seen_at": row.last_seen_at,
                        "replaced_at": seen_at,
                    }
                )
            _follow(row, comment, _columns(comment, position, seen_at, state), parents, read.keys())
    if complete:
        for comment_id in stored.keys() - read.keys():
            row = stored[comment_id]
            if row.state is CommentState.VISIBLE and row.last_seen_at <= seen_at:
                row.state = CommentState.MISSING
    if new:
        session.execute(insert(CommentRow), new)
    if versions:
        session.execute(insert(CommentVersionRow), versions)
    return len(new)


def _precede(session: Session, row: CommentRow, body: str, seen_at: datetime, origin: Origin) -> None:
    """Note that a comment stood before it was last seen, and what it said then, unless only our reading differs."""
    if row.body != body and origin is Origin.SITE:
        earlier_text(session, row, body, seen_at=seen_at)
    row.first_seen_at = min(row.first_seen_at, seen_at)


def _columns(comment: Comment, position: int, seen_at: datetime, state: CommentState) -> dict[str, Any]:
    posted = comment.posted
    return {
        "comment_id": comment.comment_id,
        "parent_id": comment.parent_id,
        "kind": comment.kind,
        "author_name": comment.author_name,
        "author_url": comment.author_url,
        "by_article_author": comment.by_article_author,
        "posted_at": posted.at if posted else None,
        "posted_precision": posted.precision if posted else None,
        "posted_raw": posted.raw if posted else None,
        "body": comment.body,
        "position": position,
        "state": state,
        "last_seen_at": seen_at,
    }


def _follow(
    row: CommentRow,
    comment: Comment,
    values: dict[str, Any],
    parents: Mapping[int, int | None],
    shown: AbstractSet[int],
) -> None:
    """Bring a known comment up to a reading, keeping what the reading knows less exactly."""
    known = dated(row.posted_at, row.posted_precision, row.posted_raw)
    posted = finer(known, comment.posted)
    values |= {
        "parent_id": _parent(row.parent_id, comment.parent_id, parents, shown),
        "author_url": comment.author_url or row.author_url,
        "posted_at": posted.at if posted else None,
        "posted_precision": posted.precision if posted else None,
        "posted_raw": posted.raw if posted else None,
    }
    if row.last_seen_at == values["last_seen_at"]:
        # The same answer read again: what a later one did not show stays missing.
        values["state"] = row.state
    for column, value in values.items():
        if getattr(row, column) != value:
            setattr(row, column, value)


def _parent(
    stored: int | None, read: int | None, parents: Mapping[int, int | None], shown: AbstractSet[int]
) -> int | None:
    """The comment that is answered, as exactly as it is known.

    Markup shows threads only so deep (WordPress' ``thread_comments_depth``): a deeper answer stands beside the comment
    it answers, under an ancestor of it, or at the root. Where the stored parent still stands, that says nothing new.
    """
    if stored is None or stored not in shown:
        return read
    ancestors: set[int | None] = {None}
    ancestor: int | None = stored
    while ancestor not in ancestors:
        ancestors.add(ancestor)
        ancestor = parents.get(ancestor or 0)
    return stored if read in ancestors else read
