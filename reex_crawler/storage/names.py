"""Authors and terms by their slug, or by name where no slug is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from reex_crawler.records import Author, Term
from reex_crawler.storage.dialect import insert_into
from reex_crawler.storage.models import AuthorRow, TermRow
from reex_crawler.storage.types import whole_second

Row = TypeVar("Row", AuthorRow, TermRow)
Facts = dict[str, Any]


def author_ids(session: Session, authors: Sequence[Author], seen_at: datetime) -> list[int]:
    """The rows of the authors in the order given, each once; new ones are added, known ones completed."""
    return _ids(
        session,
        AuthorRow,
        [{"slug": one.slug, "name": one.name, "url": one.url, "bio": one.bio} for one in authors],
        seen_at,
    )


def term_ids(session: Session, terms: Sequence[Term], seen_at: datetime) -> list[int]:
    """The same for categories and tags."""
    return _ids(
        session,
        TermRow,
        [{"taxonomy": one.taxonomy, "slug": one.slug, "name": one.name, "url": one.url} for one in terms],
        seen_at,
    )


def _ids(session: Session, table: type[Row], wanted: list[Facts], seen_at: datetime) -> list[int]:
    rows = _find(session, table, wanted)
    new = [facts for facts, row in zip(wanted, rows, strict=True) if row is None]
    if new:
        # Another writer may add the same name at the same time: then its row is found.
        insert = insert_into(session, table).on_conflict_do_nothing()
        session.execute(insert, [{**facts, "first_seen_at": seen_at} for facts in new])
        rows = _find(session, table, wanted)
    ids: dict[int, None] = {}
    for facts, row in zip(wanted, rows, strict=True):
        if row is None:
            msg = f"{facts['name']!r} was added and is not there"
            raise LookupError(msg)
        _complete(row, facts)
        row.first_seen_at = min(row.first_seen_at, whole_second(seen_at))
        ids[row.id] = None
    return list(ids)


def _find(session: Session, table: type[Row], wanted: list[Facts]) -> list[Row | None]:
    if not wanted:
        return []
    slugs = [facts["slug"] for facts in wanted if facts["slug"] is not None]
    names = [facts["name"] for facts in wanted]
    rows = session.scalars(select(table).where(or_(table.slug.in_(slugs), table.name.in_(names)))).all()
    return [_pick(rows, facts) for facts in wanted]


def _pick(rows: Sequence[Row], facts: Facts) -> Row | None:
    """The row that the facts mean. Namesakes are told apart by slug; a bare name means the only one who bears it."""
    rows = [row for row in rows if getattr(row, "taxonomy", None) == facts.get("taxonomy")]
    if facts["slug"] is not None:
        same = [row for row in rows if row.slug == facts["slug"]]
        same = same or [row for row in rows if row.slug is None and row.name == facts["name"]]
        return same[0] if same else None
    same = [row for row in rows if row.name == facts["name"]]
    bare = [row for row in same if row.slug is None]
    return (bare or same)[0] if bare or len(same) == 1 else None


def _complete(row: AuthorRow | TermRow, facts: Facts) -> None:
    """Write what is known and differs; what the reading lacks stays."""
    for column, value in facts.items():
        if value is not None and getattr(row, column) != value:
            setattr(row, column, value)
