"""Two databases laid beside each other: every row, with what it points to in place of our own numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import URL, Engine, make_url

from reex_crawler.storage.models import Base
from reex_crawler.storage.session import make_engine, reading

TABLES = (
    "articles",
    "revisions",
    "authors",
    "article_authors",
    "terms",
    "article_terms",
    "comments",
    "comment_versions",
    "images",
    "links",
    "repairs",
    "suspicions",
    "quarantine",
)
# What an id stands for, by its table.
_NAMES = {
    "articles": ("url", "post_id"),
    "authors": ("name", "slug"),
    "terms": ("taxonomy", "name", "slug"),
    "comments": ("comment_id",),
    "fetches": ("record_id",),
    "resources": ("url",),
}


def rows(engine: Engine, *tables: str, without: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """All rows of some tables as sorted text, our own numbers resolved; columns ``without`` left out."""
    with reading(engine) as session:
        metadata = Base.metadata
        named: dict[str, dict[int, Any]] = {}
        for table, columns in _NAMES.items():
            found = metadata.tables[table]
            statement = select(found.c.id, *(found.c[name] for name in columns))
            named[table] = {row[0]: tuple(row[1:]) for row in session.execute(statement)}
        told: dict[str, list[str]] = {}
        for name in tables or TABLES:
            table = metadata.tables[name]
            points = {
                column.name: key.column.table.name
                for column in table.columns
                for key in column.foreign_keys
                if key.column.table.name in named
            }
            told[name] = sorted(
                repr(
                    {
                        column: named[points[column]].get(value)
                        if column in points and value is not None
                        else _plain(value)
                        for column, value in row.items()
                        if column not in {"id", *without}
                    }
                )
                for row in session.execute(select(table)).mappings()
            )
        return told


def _plain(value: Any) -> Any:
    """A JSON object without the order of its keys, which PostgreSQL does not keep."""
    return sorted(value.items()) if isinstance(value, dict) else value


def difference(one: Engine, other: Engine, *tables: str, without: tuple[str, ...] = ()) -> list[str]:
    """The rows that only one of two databases has, a line each."""
    mine, theirs = rows(one, *tables, without=without), rows(other, *tables, without=without)
    return [
        f"{table} {sign} {row}"
        for table in mine
        for sign, here, there in (("-", mine, theirs), ("+", theirs, mine))
        for row in sorted(set(here[table]) - set(there[table]))
    ] + [
        f"{table}: {len(mine[table])} and {len(theirs[table])} rows"
        for table in mine
        if len(mine[table]) != len(theirs[table])
    ]


def compared(one: Path | URL, other: Path | URL, *tables: str, without: tuple[str, ...] = ()) -> list[str]:
    """The same for two databases by their addresses; a path is a file of SQLite."""
    urls = [make_url(f"sqlite:///{place}") if isinstance(place, Path) else place for place in (one, other)]
    engines = [make_engine(url) for url in urls]
    try:
        return difference(*engines, *tables, without=without)
    finally:
        for engine in engines:
            engine.dispose()
