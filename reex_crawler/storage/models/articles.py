"""Articles as they are now, every content they ever had, and what their bodies show, cite and needed mended."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from reex_crawler.records import Precision
from reex_crawler.storage.models.base import ArticleState, Base, Origin
from reex_crawler.storage.types import Digest, Id, SiteId, hashed, one_of, unique_where

if TYPE_CHECKING:
    from reex_crawler.storage.models.comments import CommentRow
    from reex_crawler.storage.models.people import AuthorRow, TermRow


class ArticleRow(Base):
    """One article as it is now."""

    __tablename__ = "articles"
    __table_args__ = (
        UniqueConstraint("post_id"),
        # Two articles may have had one address at different times; only the site's id tells them apart.
        unique_where("post_id IS NULL", "uq_articles_url_without_post_id", "url"),
        Index(None, "url"),
        Index(None, "published_at"),
        Index(None, "last_seen_at"),
        one_of("state", ArticleState),
        one_of("published_precision", Precision),
        one_of("modified_precision", Precision),
        {"comment": "One article as it is now."},
    )

    id: Mapped[Id]
    post_id: Mapped[SiteId | None] = mapped_column(comment="the site's own id; it stays when the address changes")
    url: Mapped[str] = mapped_column(comment="canonical URL, the newest one seen")
    slug: Mapped[str | None] = mapped_column(comment="last segment of the URL, percent-encoding decoded")
    title: Mapped[str] = mapped_column(comment="the headline, without the site's name")
    published_at: Mapped[datetime | None] = mapped_column(comment="when the site says it was published")
    published_precision: Mapped[Precision | None] = mapped_column(
        comment="finest unit the source gave: day, minute or second; a day is the start of it in the site's time zone"
    )
    published_raw: Mapped[str | None] = mapped_column(comment="the text that published_at was read from")
    modified_at: Mapped[datetime | None] = mapped_column(comment="when the site says it was last changed")
    modified_precision: Mapped[Precision | None] = mapped_column(comment="as published_precision")
    modified_raw: Mapped[str | None] = mapped_column(comment="the text that modified_at was read from")
    highlights: Mapped[list[str]] = mapped_column(comment="the key points above the body: a JSON array of strings")
    body: Mapped[str] = mapped_column(
        comment="plain text: paragraphs parted by a blank line, headings on their own line, list items with '- '"
    )
    body_markdown: Mapped[str] = mapped_column(comment="the body as Markdown")
    body_html: Mapped[str] = mapped_column(comment="the body as sanitised HTML")
    word_count: Mapped[int] = mapped_column(comment="words of the body")
    language: Mapped[str | None] = mapped_column(comment="BCP 47 tag")
    lead_image: Mapped[str | None] = mapped_column(comment="URL of the image that stands for the article")
    layout: Mapped[str] = mapped_column(comment="the page layout that was recognised, or trafilatura where none was")
    sources: Mapped[dict[str, str]] = mapped_column(comment="JSON object: field name to the source that won")
    extractor_version: Mapped[str] = mapped_column(comment="version of the reader that made this row")
    content_hash: Mapped[Digest] = mapped_column(
        comment="SHA-256 of what the site says: title, highlights, body, bylines, terms, lead image"
    )
    reading_hash: Mapped[Digest] = mapped_column(
        comment="SHA-256 of all that was read, so that an equal reading writes nothing"
    )
    state: Mapped[ArticleState] = mapped_column(comment="whether the site still shows it; the last good copy stays")
    thread_complete: Mapped[bool] = mapped_column(comment="whether the last reading saw every page of the comments")
    conflict_with: Mapped[int | None] = mapped_column(
        ForeignKey("articles.id"),
        comment="another article that had this address before, with another post id; null for nearly all",
    )
    first_seen_at: Mapped[datetime] = mapped_column(comment="when we first fetched it")
    last_seen_at: Mapped[datetime] = mapped_column(comment="when we last fetched it and found it")

    authors: Mapped[list[AuthorRow]] = relationship(
        secondary="article_authors", order_by="ArticleAuthorRow.position", viewonly=True
    )
    terms: Mapped[list[TermRow]] = relationship(
        secondary="article_terms", order_by="ArticleTermRow.position", viewonly=True
    )
    images: Mapped[list[ImageRow]] = relationship(order_by="ImageRow.position", viewonly=True)
    links: Mapped[list[LinkRow]] = relationship(order_by="LinkRow.position", viewonly=True)
    repairs: Mapped[list[RepairRow]] = relationship(order_by="RepairRow.id", viewonly=True)
    suspicions: Mapped[list[SuspicionRow]] = relationship(order_by="SuspicionRow.id", viewonly=True)
    comments: Mapped[list[CommentRow]] = relationship(order_by="CommentRow.comment_id", viewonly=True)
    revisions: Mapped[list[RevisionRow]] = relationship(
        order_by="(RevisionRow.first_seen_at, RevisionRow.id)", viewonly=True
    )


class RevisionRow(Base):
    """One content of an article, as long as it stood; never changed but for ``last_seen_at``."""

    __tablename__ = "revisions"
    __table_args__ = (
        Index(None, "article_id", "first_seen_at"),
        one_of("origin", Origin),
        {"comment": "One distinct content of an article in the order seen, append-only."},
    )

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), comment="the article")
    fetch_id: Mapped[int | None] = mapped_column(
        ForeignKey("fetches.id"), index=True, comment="the answer it was first read from"
    )
    origin: Mapped[Origin] = mapped_column(comment="site: the site changed it; extractor: our reading of it changed")
    content_hash: Mapped[Digest] = mapped_column(comment="as articles.content_hash")
    title: Mapped[str] = mapped_column(comment="the headline")
    highlights: Mapped[list[str]] = mapped_column(comment="JSON array of strings")
    body: Mapped[str] = mapped_column(comment="plain text")
    body_markdown: Mapped[str] = mapped_column(comment="Markdown, with its links")
    authors: Mapped[list[str]] = mapped_column(comment="JSON array: names of the bylines in order")
    terms: Mapped[list[list[str]]] = mapped_column(comment="JSON array of [taxonomy, name], sorted")
    lead_image: Mapped[str | None] = mapped_column(comment="URL of the image that stands for the article")
    published_at: Mapped[datetime | None] = mapped_column(comment="what the site claimed then")
    modified_at: Mapped[datetime | None] = mapped_column(comment="what the site claimed then")
    layout: Mapped[str] = mapped_column(comment="the layout it was read by")
    extractor_version: Mapped[str] = mapped_column(comment="version of the reader that first read it")
    first_seen_at: Mapped[datetime] = mapped_column(comment="when we first saw this content")
    last_seen_at: Mapped[datetime] = mapped_column(comment="when we last saw this content unchanged")


class ImageRow(Base):
    """One image that the body shows."""

    __tablename__ = "images"
    __table_args__ = ({"comment": "One image that an article's body shows."},)

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True, comment="the article")
    position: Mapped[int] = mapped_column(primary_key=True, comment="its place in the body, from 0")
    url: Mapped[str] = mapped_column(comment="absolute URL")
    alt: Mapped[str | None] = mapped_column(comment="text alternative")
    caption: Mapped[str | None] = mapped_column(comment="text below the image")


class LinkRow(Base):
    """One link of the body."""

    __tablename__ = "links"
    __table_args__ = (
        hashed("url"),
        {"comment": "One link that an article's body cites."},
    )

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True, comment="the article")
    position: Mapped[int] = mapped_column(primary_key=True, comment="its place in the body, from 0")
    url: Mapped[str] = mapped_column(comment="absolute URL")
    text: Mapped[str] = mapped_column(comment="visible anchor text")
    internal: Mapped[bool] = mapped_column(comment="whether it stays on the site")


class RepairRow(Base):
    """One encoding repair in the article as it is now."""

    __tablename__ = "repairs"
    __table_args__ = ({"comment": "One encoding repair made in an article or its comments as they are now."},)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True, comment="the article")
    field: Mapped[str] = mapped_column(comment="where: title, body, comment:17, ...")
    codecs: Mapped[str] = mapped_column(comment="how the damage came about, such as utf-8>windows-874")
    before: Mapped[str] = mapped_column(comment="the text as the site served it")
    after: Mapped[str] = mapped_column(comment="the text as stored")


class SuspicionRow(Base):
    """Text that looks damaged and was left as it was."""

    __tablename__ = "suspicions"
    __table_args__ = ({"comment": "Text that looks damaged and was left alone, since no repair of it is certain."},)

    id: Mapped[Id]
    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), index=True, comment="the article")
    field: Mapped[str] = mapped_column(comment="where: title, body, comment:17, ...")
    text: Mapped[str] = mapped_column(comment="the text as stored")
    reason: Mapped[str] = mapped_column(comment="why it looks damaged")
