"""The one difference between the two databases that the statements of this program meet."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from reex_crawler.storage.models import Base


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert:
    """An ``INSERT`` that knows ``ON CONFLICT``; both dialects spell it alike, each in a class of its own."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement: sqlite.Insert = insert(table.__table__)
    return statement
