"""Column types, kinds of indexes, and the names of constraints. What the columns mean is in ``models``."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, Dialect, Index, MetaData, Text, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

E = TypeVar("E", bound=StrEnum)

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING_CONVENTION)

# PostgreSQL stores no NUL, and no encoding has a form for half a surrogate pair.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(text: str) -> str:
    """The text with what no database can hold replaced by U+FFFD."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


class StorableText(TypeDecorator[str]):
    """Text of any length. Characters that cannot be stored become U+FFFD; the raw bytes are kept elsewhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Make the text storable."""
        return None if value is None else storable(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant to the second: aware UTC in Python, ``timestamptz`` on PostgreSQL.

    SQLite has no type for it: the text is ``2025-10-27 23:29:00+00:00``, which sorts, says its zone, and is read by
    SQLite's own date functions.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the form each database keeps an instant in."""
        if dialect.name != "sqlite":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(
            sqlite.DATETIME(  # type: ignore[no-untyped-call]
                storage_format="%(year)04d-%(month)02d-%(day)02d %(hour)02d:%(minute)02d:%(second)02d+00:00",
            )
        )

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Hand the database UTC; raises ``ValueError`` for an instant without a zone."""
        return None if value is None else whole_second(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read back aware UTC, whatever the zone of the connection."""
        return None if value is None else value.astimezone(UTC)


def whole_second(instant: datetime) -> datetime:
    """The instant as it is stored: UTC, without its fraction. Raises ``ValueError`` for one without a zone."""
    if instant.tzinfo is None:
        msg = f"an instant needs a time zone: {instant}"
        raise ValueError(msg)
    if instant.tzinfo is UTC and not instant.microsecond:
        return instant
    return instant.astimezone(UTC).replace(microsecond=0)


class Json(TypeDecorator[Any]):
    """A JSON value: ``jsonb`` on PostgreSQL, text for ``json_each`` on SQLite; strings made storable, none is NULL."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose ``jsonb`` where there is one."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(JSON(none_as_null=True))
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415 - a run on SQLite need not load it

        return dialect.type_descriptor(JSONB(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:  # noqa: ARG002
        """Make every string of the value storable."""
        return _storable_json(value)


def _storable_json(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {storable(str(key)): _storable_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_storable_json(item) for item in value]
    return value


class Word(TypeDecorator[E]):
    """One member of a ``StrEnum``, stored as its value; ``one_of`` is the check that goes with it."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[E]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Store the member's value; raises ``ValueError`` for a word the enum does not have."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:  # noqa: ARG002
        """Read back the member."""
        return None if value is None else self.kind(value)


def one_of(column: str, kind: type[StrEnum]) -> CheckConstraint:
    """A check, named for its column, that the column holds a member of the enum."""
    values = ", ".join(f"'{member.value}'" for member in kind)
    return CheckConstraint(f"{column} IN ({values})", name=column)


# An index keeps what only PostgreSQL's DDL says of it in its ``info``. Declared as an option it would load that dialect
# in every run, since SQLAlchemy asks the dialect whether it knows the option.


def unique_where(condition: str, name: str, *columns: str) -> Index:
    """An index that is unique among the rows which meet a condition."""
    where = text(condition)
    return Index(name, *columns, unique=True, sqlite_where=where, info={"postgresql_where": where})


def hashed(column: str) -> Index:
    """An index of a text that is looked up whole and may be longer than PostgreSQL's usual index takes."""
    return Index(None, column, info={"postgresql_using": "hash"})


def with_postgresql_options(described: MetaData) -> MetaData:
    """The tables as DDL needs them, PostgreSQL's options of indexes included."""
    for table in described.tables.values():
        for index in table.indexes:
            index.dialect_kwargs.update(index.info)
    return described


Id = Annotated[int, mapped_column(primary_key=True, comment="our own number of the row")]
SiteId = Annotated[int, mapped_column(BigInteger)]
"""A number that WordPress gave (BIGINT there)."""
Digest = Annotated[str, mapped_column(StorableText)]
"""SHA-256 in hex."""
