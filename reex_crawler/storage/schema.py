"""The version of the schema: bring a database up to this program, or say why it cannot be used.

A database at head is recognised by its version alone; Alembic is loaded only where there is something to do. Revisions
are named by date, so their order is that of their names.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import URL, Engine

from reex_crawler.errors import StorageError
from reex_crawler.storage.faults import describe
from reex_crawler.storage.session import reading, storage_errors

if TYPE_CHECKING:
    from alembic.config import Config

_PACKAGE = Path(__file__).parent.parent
_REVISION_LENGTH = len("20261123_1130")
_UPGRADE = "Run: reex db upgrade"
_START = "Start one with: reex crawl"
# Any number will do, as long as every version of this program uses the same.
_LOCK = 20_261_123


def upgrade(engine: Engine) -> bool:
    """Create the tables or bring them up to this program, all or nothing; whether there was anything to do.

    A SQLite file that holds an older schema is copied first, beside itself. Raises ``StorageError``, also for a
    database that is newer than this program.
    """
    with storage_errors(engine.url):
        found = revision(engine)
        if found == head():
            return False
        _refuse(engine.url, found)
        if found is not None:
            _back_up(engine.url, found)
        from alembic import command  # noqa: PLC0415 - takes as long to load as a run with nothing new

        with migrating(engine) as connection:
            command.upgrade(config(connection), "head")
    return True


def downgrade(engine: Engine, target: str = "base") -> None:
    """Take migrations back, down to a revision; ``base`` drops every table. Raises ``StorageError``."""
    with storage_errors(engine.url):
        _refuse(engine.url, revision(engine))
        from alembic import command  # noqa: PLC0415 - as above

        with migrating(engine) as connection:
            command.downgrade(config(connection), target)


def check(engine: Engine) -> None:
    """Raise ``StorageError`` unless the database is there and exactly at the version of this program."""
    name = describe(engine.url)
    path = _file(engine.url)
    if path is not None and not _is_file(path):
        message = f"There is no archive at {path}"
        raise StorageError(message, hint=f"{_START}, or name another in REEX_DATABASE_URL")
    found = revision(engine)
    if found is None:
        message = f"There is no archive in {name} yet"
        raise StorageError(message, hint=f"{_START}, or an empty one: reex db upgrade")
    _refuse(engine.url, found)
    if found != head():
        message = f"{_sentence(name)} is older than this program ({found}, not {head()})"
        raise StorageError(message, hint=_UPGRADE)


def is_there(engine: Engine) -> bool:
    """Whether there is a database with our tables, of whatever version. Raises ``StorageError``."""
    path = _file(engine.url)
    return (path is None or _is_file(path)) and revision(engine) is not None


def revision(engine: Engine) -> str | None:
    """The revision the database is at; none where it has none of our tables. Raises ``StorageError``."""
    with reading(engine) as session:
        connection = session.connection()
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def head() -> str:
    """The newest revision of this program."""
    return max(revisions())


def config(connection: Connection) -> Config:
    """Alembic's configuration for one connection; nothing is read from a file."""
    from alembic.config import Config  # noqa: PLC0415 - as above

    # Alembic would talk to the standard output there was when it was first imported.
    made = Config(stdout=sys.stderr, attributes={"connection": connection})
    made.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    made.set_main_option("path_separator", "os")
    return made


def _folder() -> Path:
    """The folder of migrations: inside an installed package, beside the package in the repository."""
    installed = _PACKAGE / "migrations"
    return installed if installed.is_dir() else _PACKAGE.parent / "migrations"


@cache
def revisions() -> frozenset[str]:
    """Every revision this program knows."""
    return frozenset(path.name[:_REVISION_LENGTH] for path in (_folder() / "versions").glob("[0-9]*.py"))


def _refuse(url: URL, found: str | None) -> None:
    """Raise ``StorageError`` for a database of which this program knows nothing."""
    if found is not None and found not in revisions():
        message = f"{_sentence(describe(url))} is newer than this program (schema {found}, known up to {head()})"
        raise StorageError(message, hint="Upgrade reex_crawler; nothing was changed")


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """One transaction for all of a migration, on SQLite too; other programs that migrate wait for it."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _without_foreign_keys(connection), connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    message = f"{_sentence(describe(engine.url))} has rows that refer to none: {broken[0]}"
                    raise StorageError(message, hint="Nothing was changed; restore a backup")
        else:
            with connection.begin():
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                _require_utf8(connection)
                yield connection


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by copying it and dropping the old one, which must not touch what refers to it."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        msg = f"not SQLite's own driver: {type(driver).__name__}"
        raise TypeError(msg)
    # The pragma works outside a transaction only, so it is not given to SQLAlchemy, which would begin one.
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def _require_utf8(connection: Connection) -> None:
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        message = f"{_sentence(describe(connection.engine.url))} is not in UTF-8 but {encoding}"
        raise StorageError(message, hint="Create it with: createdb --encoding=UTF8 --template=template0")


def _back_up(url: URL, found: str) -> None:
    """Copy a SQLite file beside itself, named for its schema; a copy is there whole or not at all."""
    path = _file(url)
    if path is None:
        return
    target = path.with_name(f"{path.name}.{found}.backup")
    partial = target.with_name(f"{target.name}.part")
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        os.replace(partial, target)  # noqa: PTH105 - Path.replace gives a path nobody needs
    except OSError as error:
        message = f"{_sentence(describe(url))} cannot be copied to {target}: {error.strerror}"
        raise StorageError(message, hint="Nothing was changed; make room or let this user write there") from error


def _file(url: URL) -> Path | None:
    """The file of a SQLite database; none for PostgreSQL and for a database in memory."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError as error:
        message = f"The archive at {path} cannot be read: {error.strerror}"
        raise StorageError(message, hint="May this user enter its folder? Else check REEX_DATABASE_URL") from error


def _sentence(name: str) -> str:
    return name[0].upper() + name[1:]
