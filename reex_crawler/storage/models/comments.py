"""Comments as they are now, and their earlier texts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reex_crawler.records import CommentKind, Precision
from reex_crawler.storage.models.base import Base, CommentState, Origin
from reex_crawler.storage.types import Id, SiteId, hashed, one_of


class CommentRow(Base):
    """One comment, pingback or trackback as it is now."""

    __tablename__ = "comments"
    __table_args__ = (
        UniqueConstraint("article_id", "comment_id"),
        Index(None, "posted_at"),
        hashed("author_name"),
        one_of("kind", CommentKind),
        one_of("state", CommentState),
        one_of("posted_precision", Precision),
        {"comment": "One comment as it is now."},
    )

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), comment="the article it stands under")
    comment_id: Mapped[SiteId] = mapped_column(comment="the site's own id")
    parent_id: Mapped[SiteId | None] = mapped_column(
        comment="the site's id of the comment it answers (comments.comment_id); null at the root"
    )
    kind: Mapped[CommentKind] = mapped_column(comment="comment, pingback or trackback")
    author_name: Mapped[str] = mapped_column(comment="the name as shown")
    author_url: Mapped[str | None] = mapped_column(comment="the web site the commenter gave")
    by_article_author: Mapped[bool] = mapped_column(comment="whether the article's author wrote it")
    posted_at: Mapped[datetime | None] = mapped_column(comment="when the site says it was posted")
    posted_precision: Mapped[Precision | None] = mapped_column(comment="finest unit the source gave")
    posted_raw: Mapped[str | None] = mapped_column(comment="the text that posted_at was read from")
    body: Mapped[str] = mapped_column(comment="plain text, paragraphs parted by a blank line")
    position: Mapped[int] = mapped_column(comment="its place in the thread as last shown, from 0")
    state: Mapped[CommentState] = mapped_column(comment="whether the site still shows it")
    first_seen_at: Mapped[datetime] = mapped_column(comment="when we first saw it")
    last_seen_at: Mapped[datetime] = mapped_column(comment="when we last saw it")

    versions: Mapped[list[CommentVersionRow]] = relationship(
        order_by="(CommentVersionRow.replaced_at, CommentVersionRow.id)", viewonly=True
    )


class CommentVersionRow(Base):
    """An earlier text of a comment."""

    __tablename__ = "comment_versions"
    __table_args__ = (one_of("origin", Origin), {"comment": "An earlier text of a comment, append-only."})

    id: Mapped[Id]
    comment_row_id: Mapped[int] = mapped_column(ForeignKey("comments.id"), index=True, comment="comments.id")
    body: Mapped[str] = mapped_column(comment="the earlier text")
    origin: Mapped[Origin] = mapped_column(
        comment="who replaced it; site: the site's edit; extractor: our reading changed"
    )
    last_seen_at: Mapped[datetime] = mapped_column(comment="when this text was last seen")
    replaced_at: Mapped[datetime] = mapped_column(comment="when another text was first seen in its place")
