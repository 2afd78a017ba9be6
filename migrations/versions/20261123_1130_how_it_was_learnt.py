"""Hold how it was learnt: runs, addresses, listings, answers, revisions, and pages set aside."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_1130"
down_revision = "20261123_1100"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "crawl_runs",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("spider", sa.Text(), nullable=False, comment="name of the spider"),
        sa.Column("arguments", JSON, nullable=False, comment="JSON object: what the spider was asked to do"),
        sa.Column("versions", JSON, nullable=False, comment="JSON object: versions of this program and its libraries"),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False, comment="start"),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="end; null while running or after a kill"
        ),
        sa.Column("outcome", sa.Text(), nullable=False, comment="how it ended"),
        sa.Column("exit_code", sa.Integer(), nullable=True, comment="exit code of the command"),
        sa.Column("stats", JSON, nullable=False, comment="JSON object: counts of the run"),
        sa.CheckConstraint(
            "outcome IN ('running', 'done', 'partial', 'refused', 'interrupted', 'failed')",
            name=op.f("ck_crawl_runs_outcome"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawl_runs")),
        comment="One run of a spider.",
    )
    op.create_index(op.f("ix_crawl_runs_started_at"), "crawl_runs", ["started_at"])

    op.create_table(
        "resources",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("url", sa.Text(), nullable=False, comment="absolute URL without fragment"),
        sa.Column("kind", sa.Text(), nullable=False, comment="what it is asked for"),
        sa.Column("article_id", sa.Integer(), nullable=True, comment="the article it leads to, once known"),
        sa.Column("state", sa.Text(), nullable=False, comment="where it stands in its life"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="failures since the last usable answer"),
        sa.Column("last_outcome", sa.Text(), nullable=True, comment="what the last answer turned out to be"),
        sa.Column("last_status", sa.Integer(), nullable=True, comment="HTTP status of the last answer"),
        sa.Column("last_error", sa.Text(), nullable=True, comment="why the last try failed"),
        sa.Column("etag", sa.Text(), nullable=True, comment="ETag of the last answer, as received"),
        sa.Column("last_modified", sa.Text(), nullable=True, comment="Last-Modified of the last answer, as received"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we first knew of it"),
        sa.Column("last_fetched_at", sa.DateTime(timezone=True), nullable=True, comment="when it was last asked"),
        sa.Column(
            "next_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when to ask again; null: as the spider decides",
        ),
        sa.CheckConstraint(
            "kind IN ('article', 'part', 'feed', 'sitemap', 'rest', 'other')", name=op.f("ck_resources_kind")
        ),
        sa.CheckConstraint(
            "state IN ('new', 'fetched', 'moved', 'failed', 'quarantined', 'gone')", name=op.f("ck_resources_state")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_resources_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resources")),
        sa.UniqueConstraint("url", name=op.f("uq_resources_url")),
        comment="One URL we know.",
    )
    op.create_index(op.f("ix_resources_article_id"), "resources", ["article_id"])
    op.create_index(op.f("ix_resources_state_next_due_at"), "resources", ["state", "next_due_at"])

    op.create_table(
        "listings",
        sa.Column("resource_id", sa.Integer(), nullable=False, comment="the URL"),
        sa.Column("source", sa.Text(), nullable=False, comment="feed, sitemap, rest, ..."),
        sa.Column("listed_in", sa.Text(), nullable=False, comment="URL of the listing that named it last"),
        sa.Column("post_id", sa.BigInteger(), nullable=True, comment="the site's id of the article, as listed"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True, comment="as listed"),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True, comment="as listed; a sitemap's lastmod"),
        sa.Column("comment_count", sa.Integer(), nullable=True, comment="as listed"),
        sa.Column(
            "first_listed_at", sa.DateTime(timezone=True), nullable=False, comment="when the source first named it"
        ),
        sa.Column(
            "last_listed_at", sa.DateTime(timezone=True), nullable=False, comment="when the source last named it"
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_listings_resource_id_resources")),
        sa.PrimaryKeyConstraint("resource_id", "source", name=op.f("pk_listings")),
        comment="What one source (feed, sitemap, REST) last said of a URL, and since when it lists it.",
    )
    op.create_index(op.f("ix_listings_source_last_listed_at"), "listings", ["source", "last_listed_at"])

    op.create_table(
        "fetches",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("resource_id", sa.Integer(), nullable=False, comment="the URL that was asked"),
        sa.Column("run_id", sa.Integer(), nullable=True, comment="the run that asked; null for a file read by hand"),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False, comment="when the answer came"),
        sa.Column("final_url", sa.Text(), nullable=True, comment="the URL that answered, after redirects"),
        sa.Column("status", sa.Integer(), nullable=True, comment="HTTP status; null where no answer came"),
        sa.Column("outcome", sa.Text(), nullable=False, comment="what the answer turned out to be"),
        sa.Column("error", sa.Text(), nullable=True, comment="why it was of no use"),
        sa.Column("digest", sa.Text(), nullable=True, comment="SHA-256 of the body, its Content-Encoding removed"),
        sa.Column("size", sa.BigInteger(), nullable=True, comment="bytes of that body"),
        sa.Column(
            "warc_file", sa.Text(), nullable=True, comment="WARC file that holds the answer, relative to the archive"
        ),
        sa.Column("warc_offset", sa.BigInteger(), nullable=True, comment="first byte of its record in that file"),
        sa.Column("warc_length", sa.BigInteger(), nullable=True, comment="bytes of its compressed record"),
        sa.CheckConstraint(
            "outcome IN ('article', 'part', 'listing', 'not_modified', 'redirected', 'quarantined', 'gone', 'refused', 'failed')",
            name=op.f("ck_fetches_outcome"),
        ),
        sa.ForeignKeyConstraint(["resource_id"], ["resources.id"], name=op.f("fk_fetches_resource_id_resources")),
        sa.ForeignKeyConstraint(["run_id"], ["crawl_runs.id"], name=op.f("fk_fetches_run_id_crawl_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
        sa.UniqueConstraint(
            "resource_id", "fetched_at", "digest", name=op.f("uq_fetches_resource_id_fetched_at_digest")
        ),
        comment="One answer received.",
    )
    op.create_index(op.f("ix_fetches_fetched_at"), "fetches", ["fetched_at"])
    op.create_index(op.f("ix_fetches_run_id"), "fetches", ["run_id"])

    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("fetch_id", sa.Integer(), nullable=True, comment="the answer it was first read from"),
        sa.Column(
            "origin",
            sa.Text(),
            nullable=False,
            comment="site: the site changed it; extractor: our reading of it changed",
        ),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="as articles.content_hash"),
        sa.Column("title", sa.Text(), nullable=False, comment="the headline"),
        sa.Column("highlights", JSON, nullable=False, comment="JSON array of strings"),
        sa.Column("body", sa.Text(), nullable=False, comment="plain text"),
        sa.Column("body_markdown", sa.Text(), nullable=False, comment="Markdown, with its links"),
        sa.Column("authors", JSON, nullable=False, comment="JSON array: names of the bylines in order"),
        sa.Column("terms", JSON, nullable=False, comment="JSON array of [taxonomy, name], sorted"),
        sa.Column("lead_image", sa.Text(), nullable=True, comment="URL of the image that stands for the article"),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True, comment="what the site claimed then"),
        sa.Column("modified_at", sa.DateTime(timezone=True), nullable=True, comment="what the site claimed then"),
        sa.Column("layout", sa.Text(), nullable=False, comment="the layout it was read by"),
        sa.Column("extractor_version", sa.Text(), nullable=False, comment="version of the reader that first read it"),
        sa.Column(
            "first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we first saw this content"
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when we last saw this content unchanged",
        ),
        sa.CheckConstraint("origin IN ('site', 'extractor')", name=op.f("ck_revisions_origin")),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_revisions_article_id_articles")),
        sa.ForeignKeyConstraint(["fetch_id"], ["fetches.id"], name=op.f("fk_revisions_fetch_id_fetches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        comment="One distinct content of an article in the order seen, append-only.",
    )
    op.create_index(op.f("ix_revisions_article_id_first_seen_at"), "revisions", ["article_id", "first_seen_at"])
    op.create_index(op.f("ix_revisions_fetch_id"), "revisions", ["fetch_id"])

    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("fetch_id", sa.Integer(), nullable=False, comment="the answer it came with"),
        sa.Column("url", sa.Text(), nullable=False, comment="the URL that was asked"),
        sa.Column("final_url", sa.Text(), nullable=False, comment="the URL that answered"),
        sa.Column("status", sa.Integer(), nullable=False, comment="HTTP status"),
        sa.Column("headers", JSON, nullable=False, comment="JSON array of [name, value] in the order received"),
        sa.Column("reason", sa.Text(), nullable=False, comment="a short stable word"),
        sa.Column("detail", sa.Text(), nullable=False, comment="the reason as a sentence"),
        sa.Column("digest", sa.Text(), nullable=False, comment="SHA-256 of the body"),
        sa.Column("body_gzip", sa.LargeBinary(), nullable=False, comment="the body, compressed with gzip"),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when this page was first set aside for this reason",
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when it was last set aside for this reason",
        ),
        sa.ForeignKeyConstraint(["fetch_id"], ["fetches.id"], name=op.f("fk_quarantine_fetch_id_fetches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("url", "digest", "reason", name=op.f("uq_quarantine_url_digest_reason")),
        comment="A page that was fetched and could not be understood, with the reason and its bytes.",
    )
    op.create_index(op.f("ix_quarantine_fetch_id"), "quarantine", ["fetch_id"])
    op.create_index(op.f("ix_quarantine_reason"), "quarantine", ["reason"])


def downgrade() -> None:
    op.drop_table("quarantine")
    op.drop_table("revisions")
    op.drop_table("fetches")
    op.drop_table("listings")
    op.drop_table("resources")
    op.drop_table("crawl_runs")
