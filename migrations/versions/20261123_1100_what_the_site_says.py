"""Hold what the site says: articles with their authors, terms, images, links and comments."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261123_1100"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "authors",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column(
            "slug", sa.Text(), nullable=True, comment="last segment of the author's page; it tells namesakes apart"
        ),
        sa.Column("name", sa.Text(), nullable=False, comment="the name as last shown"),
        sa.Column("url", sa.Text(), nullable=True, comment="the author's page"),
        sa.Column("bio", sa.Text(), nullable=True, comment="what the site says of the author, as last shown"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we first saw the name"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authors")),
        sa.UniqueConstraint("slug", name=op.f("uq_authors_slug")),
        comment="A person who is named in a byline.",
    )
    op.create_index(
        "uq_authors_name_without_slug",
        "authors",
        ["name"],
        unique=True,
        sqlite_where=sa.text("slug IS NULL"),
        postgresql_where=sa.text("slug IS NULL"),
    )

    op.create_table(
        "terms",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("taxonomy", sa.Text(), nullable=False, comment="category or tag"),
        sa.Column("slug", sa.Text(), nullable=True, comment="last segment of the term's page"),
        sa.Column("name", sa.Text(), nullable=False, comment="the name as last shown"),
        sa.Column("url", sa.Text(), nullable=True, comment="the term's page"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we first saw the term"),
        sa.CheckConstraint("taxonomy IN ('category', 'tag')", name=op.f("ck_terms_taxonomy")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms")),
        sa.UniqueConstraint("taxonomy", "slug", name=op.f("uq_terms_taxonomy_slug")),
        comment="A category or tag of the site.",
    )
    op.create_index(
        "uq_terms_name_without_slug",
        "terms",
        ["taxonomy", "name"],
        unique=True,
        sqlite_where=sa.text("slug IS NULL"),
        postgresql_where=sa.text("slug IS NULL"),
    )

    op.create_table(
        "articles",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column(
            "post_id", sa.BigInteger(), nullable=True, comment="the site's own id; it stays when the address changes"
        ),
        sa.Column("url", sa.Text(), nullable=False, comment="canonical URL, the newest one seen"),
        sa.Column("slug", sa.Text(), nullable=True, comment="last segment of the URL, percent-encoding decoded"),
        sa.Column("title", sa.Text(), nullable=False, comment="the headline, without the site's name"),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=True, comment="when the site says it was published"
        ),
        sa.Column(
            "published_precision",
            sa.Text(),
            nullable=True,
            comment="finest unit the source gave: day, minute or second; a day is the start of it in the site's time zone",
        ),
        sa.Column("published_raw", sa.Text(), nullable=True, comment="the text that published_at was read from"),
        sa.Column(
            "modified_at", sa.DateTime(timezone=True), nullable=True, comment="when the site says it was last changed"
        ),
        sa.Column("modified_precision", sa.Text(), nullable=True, comment="as published_precision"),
        sa.Column("modified_raw", sa.Text(), nullable=True, comment="the text that modified_at was read from"),
        sa.Column("highlights", JSON, nullable=False, comment="the key points above the body: a JSON array of strings"),
        sa.Column(
            "body",
            sa.Text(),
            nullable=False,
            comment="plain text: paragraphs parted by a blank line, headings on their own line, list items with '- '",
        ),
        sa.Column("body_markdown", sa.Text(), nullable=False, comment="the body as Markdown"),
        sa.Column("body_html", sa.Text(), nullable=False, comment="the body as sanitised HTML"),
        sa.Column("word_count", sa.Integer(), nullable=False, comment="words of the body"),
        sa.Column("language", sa.Text(), nullable=True, comment="BCP 47 tag"),
        sa.Column("lead_image", sa.Text(), nullable=True, comment="URL of the image that stands for the article"),
        sa.Column(
            "layout",
            sa.Text(),
            nullable=False,
            comment="the page layout that was recognised, or trafilatura where none was",
        ),
        sa.Column("sources", JSON, nullable=False, comment="JSON object: field name to the source that won"),
        sa.Column("extractor_version", sa.Text(), nullable=False, comment="version of the reader that made this row"),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of what the site says: title, highlights, body, bylines, terms, lead image",
        ),
        sa.Column(
            "reading_hash",
            sa.Text(),
            nullable=False,
            comment="SHA-256 of all that was read, so that an equal reading writes nothing",
        ),
        sa.Column(
            "state", sa.Text(), nullable=False, comment="whether the site still shows it; the last good copy stays"
        ),
        sa.Column(
            "thread_complete",
            sa.Boolean(),
            nullable=False,
            comment="whether the last reading saw every page of the comments",
        ),
        sa.Column(
            "conflict_with",
            sa.Integer(),
            nullable=True,
            comment="another article that had this address before, with another post id; null for nearly all",
        ),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we first fetched it"),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we last fetched it and found it"
        ),
        sa.CheckConstraint(
            "modified_precision IN ('day', 'minute', 'second')", name=op.f("ck_articles_modified_precision")
        ),
        sa.CheckConstraint(
            "published_precision IN ('day', 'minute', 'second')", name=op.f("ck_articles_published_precision")
        ),
        sa.CheckConstraint(
            "state IN ('live', 'missing', 'suspect', 'gone', 'returned', 'moved')", name=op.f("ck_articles_state")
        ),
        sa.ForeignKeyConstraint(["conflict_with"], ["articles.id"], name=op.f("fk_articles_conflict_with_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("post_id", name=op.f("uq_articles_post_id")),
        comment="One article as it is now.",
    )
    op.create_index(op.f("ix_articles_last_seen_at"), "articles", ["last_seen_at"])
    op.create_index(op.f("ix_articles_published_at"), "articles", ["published_at"])
    op.create_index(op.f("ix_articles_url"), "articles", ["url"])
    op.create_index(
        "uq_articles_url_without_post_id",
        "articles",
        ["url"],
        unique=True,
        sqlite_where=sa.text("post_id IS NULL"),
        postgresql_where=sa.text("post_id IS NULL"),
    )

    op.create_table(
        "article_authors",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("author_id", sa.Integer(), nullable=False, comment="the person"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order of the bylines, from 0"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_authors_article_id_articles")),
        sa.ForeignKeyConstraint(["author_id"], ["authors.id"], name=op.f("fk_article_authors_author_id_authors")),
        sa.PrimaryKeyConstraint("article_id", "author_id", name=op.f("pk_article_authors")),
        sa.UniqueConstraint("article_id", "position", name=op.f("uq_article_authors_article_id_position")),
        comment="One byline of an article.",
    )
    op.create_index(op.f("ix_article_authors_author_id"), "article_authors", ["author_id"])

    op.create_table(
        "article_terms",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("term_id", sa.Integer(), nullable=False, comment="the term"),
        sa.Column("position", sa.Integer(), nullable=False, comment="order shown, from 0"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_terms_article_id_articles")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_article_terms_term_id_terms")),
        sa.PrimaryKeyConstraint("article_id", "term_id", name=op.f("pk_article_terms")),
        sa.UniqueConstraint("article_id", "position", name=op.f("uq_article_terms_article_id_position")),
        comment="One category or tag of an article.",
    )
    op.create_index(op.f("ix_article_terms_term_id"), "article_terms", ["term_id"])

    op.create_table(
        "images",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="its place in the body, from 0"),
        sa.Column("url", sa.Text(), nullable=False, comment="absolute URL"),
        sa.Column("alt", sa.Text(), nullable=True, comment="text alternative"),
        sa.Column("caption", sa.Text(), nullable=True, comment="text below the image"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_images_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_images")),
        comment="One image that an article's body shows.",
    )

    op.create_table(
        "links",
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("position", sa.Integer(), nullable=False, comment="its place in the body, from 0"),
        sa.Column("url", sa.Text(), nullable=False, comment="absolute URL"),
        sa.Column("text", sa.Text(), nullable=False, comment="visible anchor text"),
        sa.Column("internal", sa.Boolean(), nullable=False, comment="whether it stays on the site"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_links_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", "position", name=op.f("pk_links")),
        comment="One link that an article's body cites.",
    )
    op.create_index(op.f("ix_links_url"), "links", ["url"], postgresql_using="hash")

    op.create_table(
        "repairs",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("field", sa.Text(), nullable=False, comment="where: title, body, comment:17, ..."),
        sa.Column("codecs", sa.Text(), nullable=False, comment="how the damage came about, such as utf-8>windows-874"),
        sa.Column("before", sa.Text(), nullable=False, comment="the text as the site served it"),
        sa.Column("after", sa.Text(), nullable=False, comment="the text as stored"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_repairs_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repairs")),
        comment="One encoding repair made in an article or its comments as they are now.",
    )
    op.create_index(op.f("ix_repairs_article_id"), "repairs", ["article_id"])

    op.create_table(
        "suspicions",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article"),
        sa.Column("field", sa.Text(), nullable=False, comment="where: title, body, comment:17, ..."),
        sa.Column("text", sa.Text(), nullable=False, comment="the text as stored"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it looks damaged"),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_suspicions_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspicions")),
        comment="Text that looks damaged and was left alone, since no repair of it is certain.",
    )
    op.create_index(op.f("ix_suspicions_article_id"), "suspicions", ["article_id"])

    op.create_table(
        "comments",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("article_id", sa.Integer(), nullable=False, comment="the article it stands under"),
        sa.Column("comment_id", sa.BigInteger(), nullable=False, comment="the site's own id"),
        sa.Column(
            "parent_id",
            sa.BigInteger(),
            nullable=True,
            comment="the site's id of the comment it answers (comments.comment_id); null at the root",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="comment, pingback or trackback"),
        sa.Column("author_name", sa.Text(), nullable=False, comment="the name as shown"),
        sa.Column("author_url", sa.Text(), nullable=True, comment="the web site the commenter gave"),
        sa.Column("by_article_author", sa.Boolean(), nullable=False, comment="whether the article's author wrote it"),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True, comment="when the site says it was posted"),
        sa.Column("posted_precision", sa.Text(), nullable=True, comment="finest unit the source gave"),
        sa.Column("posted_raw", sa.Text(), nullable=True, comment="the text that posted_at was read from"),
        sa.Column("body", sa.Text(), nullable=False, comment="plain text, paragraphs parted by a blank line"),
        sa.Column("position", sa.Integer(), nullable=False, comment="its place in the thread as last shown, from 0"),
        sa.Column("state", sa.Text(), nullable=False, comment="whether the site still shows it"),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we first saw it"),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when we last saw it"),
        sa.CheckConstraint("kind IN ('comment', 'pingback', 'trackback')", name=op.f("ck_comments_kind")),
        sa.CheckConstraint(
            "posted_precision IN ('day', 'minute', 'second')", name=op.f("ck_comments_posted_precision")
        ),
        sa.CheckConstraint(
            "state IN ('visible', 'missing', 'removed', 'returned', 'moved')", name=op.f("ck_comments_state")
        ),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_comments_article_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
        sa.UniqueConstraint("article_id", "comment_id", name=op.f("uq_comments_article_id_comment_id")),
        comment="One comment as it is now.",
    )
    op.create_index(op.f("ix_comments_author_name"), "comments", ["author_name"], postgresql_using="hash")
    op.create_index(op.f("ix_comments_posted_at"), "comments", ["posted_at"])

    op.create_table(
        "comment_versions",
        sa.Column("id", sa.Integer(), nullable=False, comment="our own number of the row"),
        sa.Column("comment_row_id", sa.Integer(), nullable=False, comment="comments.id"),
        sa.Column("body", sa.Text(), nullable=False, comment="the earlier text"),
        sa.Column(
            "origin",
            sa.Text(),
            nullable=False,
            comment="who replaced it; site: the site's edit; extractor: our reading changed",
        ),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False, comment="when this text was last seen"),
        sa.Column(
            "replaced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="when another text was first seen in its place",
        ),
        sa.CheckConstraint("origin IN ('site', 'extractor')", name=op.f("ck_comment_versions_origin")),
        sa.ForeignKeyConstraint(
            ["comment_row_id"], ["comments.id"], name=op.f("fk_comment_versions_comment_row_id_comments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_versions")),
        comment="An earlier text of a comment, append-only.",
    )
    op.create_index(op.f("ix_comment_versions_comment_row_id"), "comment_versions", ["comment_row_id"])


def downgrade() -> None:
    op.drop_table("comment_versions")
    op.drop_table("comments")
    op.drop_table("suspicions")
    op.drop_table("repairs")
    op.drop_table("links")
    op.drop_table("images")
    op.drop_table("article_terms")
    op.drop_table("article_authors")
    op.drop_table("articles")
    op.drop_table("terms")
    op.drop_table("authors")
