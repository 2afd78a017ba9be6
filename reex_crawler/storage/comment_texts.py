"""The texts a comment has had, in the order of time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.storage.models import CommentRow, CommentVersionRow, Origin


def earlier_text(session: Session, row: CommentRow, body: str, *, seen_at: datetime) -> None:
    """Put what the site showed before the comment was last seen into its history.

    To be called before the comment's ``first_seen_at`` follows.
    """
    versions = session.scalars(
        select(CommentVersionRow)
        .where(CommentVersionRow.comment_row_id == row.id)
        .order_by(CommentVersionRow.replaced_at, CommentVersionRow.id)
    ).all()
    later = [version for version in versions if version.replaced_at > seen_at]
    stood = later[0] if later else None
    if (stood or row).body == body:
        if stood is not None:
            stood.last_seen_at = max(stood.last_seen_at, seen_at)
        return
    if stood is not None and stood.last_seen_at < seen_at:
        follower = later[1] if len(later) > 1 else row
        replaced_at, stood.replaced_at = stood.replaced_at, seen_at
        if follower.body == body:
            return
    elif seen_at < row.first_seen_at:
        replaced_at = row.first_seen_at
    else:
        replaced_at = (stood or row).last_seen_at
    text = {"body": body, "origin": Origin.SITE, "last_seen_at": seen_at, "replaced_at": replaced_at}
    session.add(CommentVersionRow(comment_row_id=row.id, **text))
