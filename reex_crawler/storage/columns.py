"""``docs/columns.md``, written from the models: ``python -m reex_crawler.storage.columns > docs/columns.md``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table

from reex_crawler.storage.models import Base
from reex_crawler.storage.types import Json, StorableText, UtcDateTime, Word

_INTRODUCTION = """\
# Tables and columns

Written from the models by `make docs`; change the comments there.

The names are the same on SQLite and PostgreSQL.

- A *time* is an instant in UTC, to the second: `timestamptz` on PostgreSQL, text like `2025-10-27 23:29:00+00:00` on
  SQLite, which sorts and compares as it stands and which `datetime()` and `strftime()` read.
- *JSON* is `jsonb` on PostgreSQL; on SQLite it is text for `json_each`.
- A *word* is one of the words listed.
"""

_TYPES = (
    (Word, "word"),
    (StorableText, "text"),
    (UtcDateTime, "time"),
    (Json, "JSON"),
    (Boolean, "yes or no"),
    (BigInteger, "integer"),
    (Integer, "integer"),
    (LargeBinary, "bytes"),
)


def markdown() -> str:
    """The whole document."""
    tables = Base.metadata.tables
    sections = ["\n".join(_section(tables[name])) for name in sorted(tables)]
    return "\n".join([_INTRODUCTION, *sections])


def _section(table: Table) -> Iterator[str]:
    yield f"## {table.name}\n\n{table.comment}\n"
    yield "| column | type | may be null | meaning |"
    yield "|---|---|---|---|"
    for column in table.columns:
        yield f"| `{column.name}` | {_type(column)} | {'yes' if column.nullable else ''} | {_meaning(column)} |"
    yield ""


def _type(column: Column[object]) -> str:
    return next(name for kind, name in _TYPES if isinstance(column.type, kind))


def _meaning(column: Column[object]) -> str:
    facts = [column.comment or ""]
    if isinstance(column.type, Word):
        facts.append(", ".join(f"`{member.value}`" for member in column.type.kind))
    facts += [f"→ `{key.target_fullname}`" for key in column.foreign_keys]
    return "; ".join(facts).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(markdown())
