"""Engines and transactions: the one door to the database, and its errors as one clear line.

Callers make one engine and open a transaction for each unit of work; nothing here is global.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from reex_crawler.errors import StorageError
from reex_crawler.storage.faults import describe, explained

# A run that is told to end waits twice at most, for the work it is at and for the note of its end.
_BUSY_SECONDS = 10
_CONNECT_SECONDS = 10
# The connection of a run is silent while the site makes it wait, and routers forget those that are.
_KEEPALIVE_SECONDS = 60
# UTC for whoever reads timestamps as text; the limits keep a stuck statement from holding up a run for ever.
_POSTGRESQL_OPTIONS = "-c TimeZone=UTC -c lock_timeout=10s -c statement_timeout=60s"


def make_engine(url: URL, *, make_folder: bool = True) -> Engine:
    """An engine for a SQLite file or a PostgreSQL database; nothing is opened yet.

    ``make_folder``: the folder of a SQLite file is made. Raises ``StorageError`` where it cannot be.
    """
    # Readable JSON for whoever opens the file: letters as they are, not as \\u escapes.
    serializer = partial(json.dumps, ensure_ascii=False)
    if url.get_backend_name() != "sqlite":
        made = create_engine(
            url,
            json_serializer=serializer,
            pool_pre_ping=True,
            connect_args={
                "connect_timeout": _CONNECT_SECONDS,
                "keepalives_idle": _KEEPALIVE_SECONDS,
                "options": _POSTGRESQL_OPTIONS,
            },
        )
        event.listen(made, "do_connect", _connect_patiently)
        return made
    if make_folder:
        _make_folder(url)
    engine = create_engine(url, json_serializer=serializer, connect_args={"timeout": _BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def transaction(bind: Engine | Connection) -> Iterator[Session]:
    """A session whose work is committed at the end, or not at all. Raises ``StorageError``."""
    # Where a rehearsal is on, work that fails must take back itself, and not end the rehearsal.
    made = Session(bind, expire_on_commit=False, join_transaction_mode="create_savepoint")
    with storage_errors(bind.engine.url), made as session, session.begin():
        yield session


@contextmanager
def rehearsing(bind: Engine | Connection) -> Iterator[Connection]:
    """A connection on which transactions see each other's work, and which takes all of it back at the end.

    Raises ``StorageError``.
    """
    opened = bind.connect() if isinstance(bind, Engine) else nullcontext(bind)
    with storage_errors(bind.engine.url), opened as connection:
        rehearsal = connection.begin()
        try:
            yield connection
        finally:
            rehearsal.rollback()


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads: one state of the database, no lock on writers. Raises ``StorageError``."""
    reader = engine.execution_options(reex_reading=True, postgresql_readonly=True)
    with storage_errors(engine.url), Session(reader, expire_on_commit=False) as session:
        yield session


@contextmanager
def storage_errors(url: URL) -> Iterator[None]:
    """Turn what the driver raises into a ``StorageError`` that names the database, never its password."""
    try:
        yield
    except DBAPIError as error:
        raise explained(url, error.orig or error) from error
    except sqlite3.Error as error:
        # Raised while a new connection is prepared, where SQLAlchemy does not wrap it.
        raise explained(url, error) from error


def _make_folder(url: URL) -> None:
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        return
    folder = Path(url.database).parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {folder} for {describe(url)} cannot be made: {error.strerror}"
        raise StorageError(message, hint="Choose another path in REEX_DATABASE_URL") from error


def _connect_patiently(_dialect: Any, _record: Any, args: tuple[Any, ...], options: dict[str, Any]) -> Any:
    # As SQLAlchemy would, but for the class. SQLite needs no PostgreSQL driver.
    from reex_crawler.storage.patience import PatientConnection  # noqa: PLC0415

    return PatientConnection.connect(*args, **options)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions by rules of its own, and none for DDL: _begin_sqlite does it instead.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: one that reads first could not wait for another writer later.
    deferred = connection.get_execution_options().get("reex_reading", False)
    connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")
