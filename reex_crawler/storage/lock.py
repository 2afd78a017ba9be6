"""The lock of a run: one crawl at a time for each database, taken where the data is.

A lock is a property of an open file or connection, so it ends with its process, however that ends. A file of SQLite is
never locked itself: SQLite locks ranges of it, which some systems do not tell from a lock of the whole.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from sqlalchemy import text
from sqlalchemy.engine import URL, Connection, Engine

from reex_crawler.errors import AlreadyRunning, StorageError
from reex_crawler.storage.faults import describe
from reex_crawler.storage.session import storage_errors

if TYPE_CHECKING:
    from reex_crawler.storage.patience import PatientConnection

# Any number will do, as long as every version of this program uses the same; an advisory lock belongs to one database.
_KEY = 0x72656578
_HOLDER = text("""
    SELECT backend_start
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND classid = 0 AND objid = :key AND objsubid = 1
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
""")
# Of a run that is told to end: the server's limit comes first, and says why; the other is for a server that hangs.
_STATEMENT_LIMIT = "15s"
_ANSWER_SECONDS = 18


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock of a run. Where ``connection`` is given it holds the lock: a run that works over it has the lock."""

    release: Callable[[], None]
    connection: Connection | None = None

    def check(self) -> None:
        """Raise ``StorageError`` where the lock was lost; a connection that was lost would be made anew without it."""
        if self.connection is not None and self.connection.invalidated:
            message = "the lock of this run was lost with its connection"
            raise StorageError(message, hint="Nothing stored was lost; run again")


def hold(engine: Engine) -> Lock:
    """Take the lock of the engine's database without waiting.

    Raises ``AlreadyRunning`` where another run holds it, in this process or another, and ``StorageError`` where it
    cannot be taken at all. A database in memory belongs to one process and has no lock.
    """
    if engine.dialect.name == "postgresql":
        return _hold_advisory(engine)
    path = lock_file(engine.url)
    return _hold_file(engine.url, path) if path else Lock(_nothing)


def lock_file(url: URL) -> Path | None:
    """The file whose lock stands for a SQLite database, whatever link leads to it; it stays when a run has ended.

    None for PostgreSQL, and for a database in memory or named by an SQLite URI.
    """
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith((":memory:", "file:")):
        return None
    database = Path(url.database).resolve()
    return database.with_name(f"{database.name}.lock")


def _hold_file(url: URL, path: Path) -> Lock:
    try:
        with ExitStack() as opened:
            # Python closes it in programs that this one starts (PEP 446), so none of them can keep the lock.
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
            opened.callback(os.close, descriptor)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise _already_running(url, os.pread(descriptor, 200, 0).decode("ascii", "replace").strip()) from None
            # For whoever is turned away; that it stands there means nothing.
            os.ftruncate(descriptor, 0)
            os.write(descriptor, f"process {os.getpid()} since {_shown(datetime.now(UTC))}\n".encode("ascii"))
            return Lock(opened.pop_all().close)
    except OSError as error:
        message = f"The lock file {path} cannot be used: {error.strerror}"
        raise StorageError(message, hint="May this user write in its folder? Else move the database") from error


def _hold_advisory(engine: Engine) -> Lock:
    with storage_errors(engine.url), ExitStack() as opened:
        connection = opened.enter_context(engine.connect())
        cast("PatientConnection", connection.connection.driver_connection).patience = _ANSWER_SECONDS
        # Taken out of the pool: closing it closes the session, and with that ends the lock.
        connection.detach()
        with connection.begin():
            if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _KEY}).scalar_one():
                since = connection.execute(_HOLDER, {"key": _KEY}).scalars().first()
                raise _already_running(engine.url, f"since {_shown(since)}" if since else "")
            connection.execute(text(f"SET statement_timeout = '{_STATEMENT_LIMIT}'"))
        return Lock(opened.pop_all().close, connection)


def _already_running(url: URL, holder: str) -> AlreadyRunning:
    message = f"another run is crawling into {describe(url)}" + (f" ({holder})" if holder else "")
    return AlreadyRunning(message, hint="Nothing was done; run again when it has ended")


def _shown(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def _nothing() -> None:
    """Release nothing."""
