"""The one difference between the two databases that the statements of this program meet."""

from __future__ import annotations

from importlib import import_module

from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from reex_crawler.storage.models import Base


def insert_into(session: Session, table: type[Base]) -> sqlite.Insert:
    """An ``INSERT`` that knows ``ON CONFLICT``; both dialects spell it alike, each in a class of its own."""
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    statement: sqlite.Insert = dialect.insert(table.__table__)
    return statement
