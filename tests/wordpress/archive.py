"""The archive as an analyst reads it: plain SQL on the SQLite file that a crawl left."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredComment:
    comment_id: int
    parent: int | None
    author: str
    url: str | None
    by_author: bool
    posted: datetime | None
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    post_id: int | None
    url: str
    title: str
    published: datetime | None
    precision: str | None
    modified: datetime | None
    authors: tuple[str, ...]
    terms: frozenset[tuple[str, str]]
    highlights: tuple[str, ...]
    body: str
    layout: str
    thread_complete: bool
    comments: dict[int, StoredComment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    articles: dict[int | None, StoredArticle]
    quarantine: dict[str, str]
    """URL to reason."""


def read(database: Path) -> Archive:
    """Everything the tests compare."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        rows = connection.execute("SELECT * FROM articles").fetchall()
        return Archive(
            articles={row["post_id"]: _article(connection, row) for row in rows},
            quarantine={row["url"]: row["reason"] for row in connection.execute("SELECT url, reason FROM quarantine")},
        )


def counts(database: Path) -> dict[str, int]:
    """How many rows there are of what grows when a site says something new."""
    tables = ("articles", "revisions", "authors", "terms", "comments", "comment_versions", "repairs")
    with closing(sqlite3.connect(database)) as connection:
        return {table: connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}


def columns_with(database: Path, text: str) -> list[str]:
    """Every ``table.column`` in which the text stands, letter by letter."""
    found = []
    with closing(sqlite3.connect(database)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            for column in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)).fetchall():
                query = f'SELECT 1 FROM "{table}" WHERE instr("{column[0]}", ?) LIMIT 1'
                if connection.execute(query, (text,)).fetchone():
                    found.append(f"{table}.{column[0]}")
    return found


def _article(connection: sqlite3.Connection, row: sqlite3.Row) -> StoredArticle:
    def related(query: str) -> list[Any]:
        return connection.execute(query, (row["id"],)).fetchall()

    authors = related(
        "SELECT name FROM authors JOIN article_authors ON author_id = authors.id WHERE article_id = ? ORDER BY position"
    )
    terms = related("SELECT taxonomy, name FROM terms JOIN article_terms ON term_id = terms.id WHERE article_id = ?")
    comments = related("SELECT * FROM comments WHERE article_id = ?")
    return StoredArticle(
        post_id=row["post_id"],
        url=row["url"],
        title=row["title"],
        published=_instant(row["published_at"]),
        precision=row["published_precision"],
        modified=_instant(row["modified_at"]),
        authors=tuple(name for (name,) in authors),
        terms=frozenset((kind, name) for kind, name in terms),
        highlights=tuple(json.loads(row["highlights"])),
        body=row["body"],
        layout=row["layout"],
        thread_complete=bool(row["thread_complete"]),
        comments={comment["comment_id"]: _comment(comment) for comment in comments},
    )


def _comment(row: sqlite3.Row) -> StoredComment:
    return StoredComment(
        comment_id=row["comment_id"],
        parent=row["parent_id"],
        author=row["author_name"],
        url=row["author_url"],
        by_author=bool(row["by_article_author"]),
        posted=_instant(row["posted_at"]),
        kind=row["kind"],
        text=row["body"],
    )


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
