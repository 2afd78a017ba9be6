"""The declarative base and the words that columns may hold."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy.orm import DeclarativeBase

from reex_crawler.records import CommentKind, DueReason, Precision, Taxonomy
from reex_crawler.storage.types import Json, StorableText, UtcDateTime, Word, metadata


class ArticleState(StrEnum):
    """Whether the site still shows an article; the last good copy stays in every state."""

    LIVE = "live"
    MISSING = "missing"
    """The last look found nothing there; not confirmed yet."""
    SUSPECT = "suspect"
    """The last look found something that may not be the article."""
    GONE = "gone"
    """Confirmed as withdrawn."""
    RETURNED = "returned"
    MOVED = "moved"


class CommentState(StrEnum):
    """Whether the site still shows a comment."""

    VISIBLE = "visible"
    MISSING = "missing"
    """Absent from a complete reading of the thread; not confirmed yet."""
    REMOVED = "removed"
    RETURNED = "returned"
    MOVED = "moved"


class Origin(StrEnum):
    """Whose change a new text is."""

    SITE = "site"
    EXTRACTOR = "extractor"
    """The reader of the page changed: what the site says may be the same."""


class ResourceKind(StrEnum):
    """What an address is asked for."""

    ARTICLE = "article"
    PART = "part"
    """A further page of an article: comments, text, its REST answers."""
    FEED = "feed"
    SITEMAP = "sitemap"
    REST = "rest"
    OTHER = "other"


class ResourceState(StrEnum):
    """Where an address stands in its life."""

    NEW = "new"
    """Listed, never asked."""
    FETCHED = "fetched"
    MOVED = "moved"
    """It redirects to another address."""
    FAILED = "failed"
    """The last try gave no usable answer; it is tried again."""
    QUARANTINED = "quarantined"
    GONE = "gone"
    DEAD = "dead"
    """It failed in so many runs that it is asked no more, unless a listing says something new of it."""


class FetchOutcome(StrEnum):
    """What one answer turned out to be."""

    ARTICLE = "article"
    PART = "part"
    LISTING = "listing"
    NOT_MODIFIED = "not_modified"
    REDIRECTED = "redirected"
    QUARANTINED = "quarantined"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"
    KEPT = "kept"
    """It is in the archive and nothing was read from it: robots.txt, a redirect, a try that was repeated."""


class RunOutcome(StrEnum):
    """How a crawl run ended."""

    RUNNING = "running"
    DONE = "done"
    PARTIAL = "partial"
    """Done, but some pages failed."""
    REFUSED = "refused"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    KILLED = "killed"
    """Its process ended without a word; the next run notes that."""


class Base(DeclarativeBase):
    """Base of all tables. Rows are written by the functions of ``storage``, never through relationships."""

    metadata = metadata
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: StorableText,
        datetime: UtcDateTime,
        list[str]: Json,
        list[list[str]]: Json,
        list[dict[str, Any]]: Json,
        dict[str, str]: Json,
        dict[str, Any]: Json,
        ArticleState: Word(ArticleState),
        CommentKind: Word(CommentKind),
        CommentState: Word(CommentState),
        DueReason: Word(DueReason),
        FetchOutcome: Word(FetchOutcome),
        Origin: Word(Origin),
        Precision: Word(Precision),
        ResourceKind: Word(ResourceKind),
        ResourceState: Word(ResourceState),
        RunOutcome: Word(RunOutcome),
        Taxonomy: Word(Taxonomy),
    }

    def __repr__(self) -> str:
        identity = ", ".join(f"{key.name}={getattr(self, key.name)!r}" for key in self.__table__.primary_key)
        return f"{type(self).__name__}({identity})"
