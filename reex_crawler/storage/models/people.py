"""Authors and terms: what articles share, and in which order each article names them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reex_crawler.records import Taxonomy
from reex_crawler.storage.models.base import Base
from reex_crawler.storage.types import Id, one_of, unique_where


class AuthorRow(Base):
    """A person who is named in a byline."""

    __tablename__ = "authors"
    __table_args__ = (
        UniqueConstraint("slug"),
        unique_where("slug IS NULL", "uq_authors_name_without_slug", "name"),
        {"comment": "A person who is named in a byline."},
    )

    id: Mapped[Id]
    slug: Mapped[str | None] = mapped_column(comment="last segment of the author's page; it tells namesakes apart")
    name: Mapped[str] = mapped_column(comment="the name as last shown")
    url: Mapped[str | None] = mapped_column(comment="the author's page")
    bio: Mapped[str | None] = mapped_column(comment="what the site says of the author, as last shown")
    first_seen_at: Mapped[datetime] = mapped_column(comment="when we first saw the name")


class ArticleAuthorRow(Base):
    """A byline."""

    __tablename__ = "article_authors"
    __table_args__ = (UniqueConstraint("article_id", "position"), {"comment": "One byline of an article."})

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True, comment="the article")
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"), primary_key=True, index=True, comment="the person")
    position: Mapped[int] = mapped_column(comment="order of the bylines, from 0")


class TermRow(Base):
    """A category or tag."""

    __tablename__ = "terms"
    __table_args__ = (
        UniqueConstraint("taxonomy", "slug"),
        unique_where("slug IS NULL", "uq_terms_name_without_slug", "taxonomy", "name"),
        one_of("taxonomy", Taxonomy),
        {"comment": "A category or tag of the site."},
    )

    id: Mapped[Id]
    taxonomy: Mapped[Taxonomy] = mapped_column(comment="category or tag")
    slug: Mapped[str | None] = mapped_column(comment="last segment of the term's page")
    name: Mapped[str] = mapped_column(comment="the name as last shown")
    url: Mapped[str | None] = mapped_column(comment="the term's page")
    first_seen_at: Mapped[datetime] = mapped_column(comment="when we first saw the term")


class ArticleTermRow(Base):
    """A term that the site gave an article."""

    __tablename__ = "article_terms"
    __table_args__ = (UniqueConstraint("article_id", "position"), {"comment": "One category or tag of an article."})

    article_id: Mapped[int] = mapped_column(ForeignKey("articles.id"), primary_key=True, comment="the article")
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True, index=True, comment="the term")
    position: Mapped[int] = mapped_column(comment="order shown, from 0")
