"""How the archive came to know things: runs, addresses, listings, answers, and pages set aside."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from reex_crawler.records import DueReason
from reex_crawler.storage.models.base import Base, FetchOutcome, ResourceKind, ResourceState, RunOutcome
from reex_crawler.storage.types import Digest, Id, SiteId, one_of, unique_where


class CrawlRunRow(Base):
    """One run of a spider."""

    __tablename__ = "crawl_runs"
    __table_args__ = (Index(None, "started_at"), one_of("outcome", RunOutcome), {"comment": "One run of a spider."})

    id: Mapped[Id]
    spider: Mapped[str] = mapped_column(comment="name of the spider")
    arguments: Mapped[dict[str, Any]] = mapped_column(comment="JSON object: what the spider was asked to do")
    versions: Mapped[dict[str, str]] = mapped_column(comment="JSON object: versions of this program and its libraries")
    started_at: Mapped[datetime] = mapped_column(comment="start")
    ended_at: Mapped[datetime | None] = mapped_column(comment="end; null while running or after a kill")
    outcome: Mapped[RunOutcome] = mapped_column(comment="how it ended")
    exit_code: Mapped[int | None] = mapped_column(comment="exit code of the command")
    stats: Mapped[dict[str, Any]] = mapped_column(comment="JSON object: counts of the run")


class ResourceRow(Base):
    """One address we know."""

    __tablename__ = "resources"
    __table_args__ = (
        UniqueConstraint("url"),
        Index(None, "state", "next_due_at"),
        one_of("kind", ResourceKind),
        one_of("state", ResourceState),
        one_of("due_reason", DueReason),
        {"comment": "One URL we know."},
    )

    id: Mapped[Id]
    url: Mapped[str] = mapped_column(comment="absolute URL without fragment")
    kind: Mapped[ResourceKind] = mapped_column(comment="what it is asked for")
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("articles.id"), index=True, comment="the article it leads to, once known"
    )
    state: Mapped[ResourceState] = mapped_column(comment="where it stands in its life")
    tries: Mapped[int] = mapped_column(comment="failures since the last usable answer")
    last_outcome: Mapped[FetchOutcome | None] = mapped_column(comment="what the last answer turned out to be")
    last_status: Mapped[int | None] = mapped_column(comment="HTTP status of the last answer")
    last_error: Mapped[str | None] = mapped_column(comment="why the last try failed")
    etag: Mapped[str | None] = mapped_column(comment="ETag of the last answer, as received")
    last_modified: Mapped[str | None] = mapped_column(comment="Last-Modified of the last answer, as received")
    first_seen_at: Mapped[datetime] = mapped_column(comment="when we first knew of it")
    last_fetched_at: Mapped[datetime | None] = mapped_column(comment="when it was last asked")
    next_due_at: Mapped[datetime | None] = mapped_column(comment="when to ask again; null: as the spider decides")
    due_reason: Mapped[DueReason | None] = mapped_column(comment="why it is to be asked then")
    items: Mapped[int | None] = mapped_column(comment="a listing: how many articles or comments it last named")
    total: Mapped[int | None] = mapped_column(comment="a listing: how many the site says there are (X-WP-Total)")


class ListingRow(Base):
    """What one kind of source last said of an address."""

    __tablename__ = "listings"
    __table_args__ = (
        Index(None, "source", "last_listed_at"),
        {"comment": "What one source (feed, sitemap, REST) last said of a URL, and since when it lists it."},
    )

    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), primary_key=True, comment="the URL")
    source: Mapped[str] = mapped_column(primary_key=True, comment="feed, sitemap, rest, ...")
    listed_in: Mapped[str] = mapped_column(comment="URL of the listing that named it last")
    post_id: Mapped[SiteId | None] = mapped_column(comment="the site's id of the article, as listed")
    published_at: Mapped[datetime | None] = mapped_column(comment="as listed")
    modified_at: Mapped[datetime | None] = mapped_column(comment="as listed; a sitemap's lastmod")
    comment_count: Mapped[int | None] = mapped_column(comment="as listed")
    facts: Mapped[dict[str, Any] | None] = mapped_column(comment="JSON object: what else it said (title, authors, ...)")
    first_listed_at: Mapped[datetime] = mapped_column(comment="when the source first named it")
    last_listed_at: Mapped[datetime] = mapped_column(comment="when the source last named it")


class FetchRow(Base):
    """One answer received, or one try that got none."""

    __tablename__ = "fetches"
    __table_args__ = (
        # The same answer read again is the same row: in the archive it has an id, a page read from a file has none.
        UniqueConstraint("record_id"),
        unique_where("record_id IS NULL", "uq_fetches_without_record", "resource_id", "fetched_at", "digest"),
        Index(None, "resource_id", "fetched_at"),
        Index(None, "fetched_at"),
        Index(None, "payload_digest"),
        one_of("outcome", FetchOutcome),
        one_of("reason", DueReason),
        {"comment": "One answer received."},
    )

    id: Mapped[Id]
    resource_id: Mapped[int] = mapped_column(ForeignKey("resources.id"), comment="the URL that was asked")
    run_id: Mapped[int | None] = mapped_column(
        ForeignKey("crawl_runs.id"), index=True, comment="the run that asked; null for a file read by hand"
    )
    fetched_at: Mapped[datetime] = mapped_column(comment="when the answer came")
    final_url: Mapped[str | None] = mapped_column(comment="the URL that answered, after redirects")
    status: Mapped[int | None] = mapped_column(comment="HTTP status; null where no answer came")
    reason: Mapped[DueReason | None] = mapped_column(comment="why it was asked; null for anything but an article")
    outcome: Mapped[FetchOutcome] = mapped_column(comment="what the answer turned out to be")
    error: Mapped[str | None] = mapped_column(comment="why it was of no use")
    digest: Mapped[Digest | None] = mapped_column(comment="SHA-256 of the body, its Content-Encoding removed")
    size: Mapped[int | None] = mapped_column(BigInteger, comment="bytes of that body")
    warc_file: Mapped[str | None] = mapped_column(comment="WARC file that holds the answer, relative to the archive")
    warc_offset: Mapped[int | None] = mapped_column(BigInteger, comment="first byte of its record in that file")
    warc_length: Mapped[int | None] = mapped_column(BigInteger, comment="bytes of its compressed record")
    record_id: Mapped[str | None] = mapped_column(comment="WARC-Record-ID of that record; null where none is archived")
    payload_digest: Mapped[str | None] = mapped_column(
        comment="WARC-Payload-Digest of that record: of the body as it came, its Content-Encoding kept"
    )
    note_file: Mapped[str | None] = mapped_column(comment="WARC file that says with what the answer was read")
    note_offset: Mapped[int | None] = mapped_column(BigInteger, comment="first byte of that record in it")
    reading_hash: Mapped[Digest | None] = mapped_column(
        comment="SHA-256 of what was read from an article's page, so that an equal reading changes nothing"
    )


class RobotsCopyRow(Base):
    """The last robots.txt that could be had."""

    __tablename__ = "robots_copies"
    __table_args__ = ({"comment": "The last robots.txt that could be had; it serves for a day where it cannot."},)

    url: Mapped[str] = mapped_column(primary_key=True, comment="absolute URL")
    body: Mapped[str] = mapped_column(comment="its text; empty where the site has none")
    fetched_at: Mapped[datetime] = mapped_column(comment="when it was had")


class QuarantineRow(Base):
    """A page that could not be understood."""

    __tablename__ = "quarantine"
    __table_args__ = (
        UniqueConstraint("url", "digest", "reason"),
        Index(None, "reason"),
        {"comment": "A page that was fetched and could not be understood, with the reason and its bytes."},
    )

    id: Mapped[Id]
    fetch_id: Mapped[int] = mapped_column(ForeignKey("fetches.id"), index=True, comment="the answer it came with")
    url: Mapped[str] = mapped_column(comment="the URL that was asked")
    final_url: Mapped[str] = mapped_column(comment="the URL that answered")
    status: Mapped[int] = mapped_column(comment="HTTP status")
    headers: Mapped[list[list[str]]] = mapped_column(comment="JSON array of [name, value] in the order received")
    reason: Mapped[str] = mapped_column(comment="a short stable word")
    detail: Mapped[str] = mapped_column(comment="the reason as a sentence")
    digest: Mapped[Digest] = mapped_column(comment="SHA-256 of the body")
    body_gzip: Mapped[bytes] = mapped_column(LargeBinary, comment="the body, compressed with gzip")
    first_seen_at: Mapped[datetime] = mapped_column(comment="when this page was first set aside for this reason")
    last_seen_at: Mapped[datetime] = mapped_column(comment="when it was last set aside for this reason")
