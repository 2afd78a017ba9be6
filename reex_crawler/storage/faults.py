"""What a database driver's error means, as one line a user can act on. Raising it is left to ``session``."""

from __future__ import annotations

import re
import sqlite3
from urllib.parse import quote

from sqlalchemy.engine import URL

from reex_crawler.errors import StorageError


def describe(url: URL) -> str:
    """The database in words that may be shown and logged: no password, no query."""
    if url.get_backend_name() == "sqlite":
        return f"the database {url.database or 'in memory'}"
    host = url.host or url.query.get("host") or "the local socket"
    port = f":{url.port}" if url.port else ""
    user = f" as {url.username}" if url.username else ""
    return f"the database {url.database or ''} on {host}{port}{user}"


_SQLITE_FAULTS = {
    sqlite3.SQLITE_CANTOPEN: ("cannot be opened", "May this user write the file and enter its folder?"),
    sqlite3.SQLITE_PERM: ("cannot be opened", "Is the path a file that this user may write?"),
    sqlite3.SQLITE_READONLY: ("cannot be written", "Is the file, or its disk, read-only for this user?"),
    sqlite3.SQLITE_NOTADB: ("is no SQLite database", "Choose another path in REEX_DATABASE_URL, or move the file away"),
    sqlite3.SQLITE_CORRUPT: ("is damaged", "Restore a backup; sqlite3's .recover saves what can be read"),
    sqlite3.SQLITE_FULL: ("cannot grow: the disk is full", "Make room and run again; nothing stored was lost"),
    sqlite3.SQLITE_BUSY: ("is locked by another program", "Close what else writes to it, and run again"),
    sqlite3.SQLITE_IOERR: ("cannot be read or written", "Is the disk full or failing?"),
}
"""Primary result codes (https://www.sqlite.org/rescode.html): what is wrong, and what to try."""

_POSTGRESQL_FAULTS = {
    "28": ("refuses the user or password", "Check both in REEX_DATABASE_URL, and the server's pg_hba.conf"),
    "3D": ("does not exist", "Create it with createdb, or name another in REEX_DATABASE_URL"),
    "42501": ("does not allow this", "Grant the user the right to create and write tables"),
    "53": ("has run out of room", "Make room on the server and run again; nothing stored was lost"),
    "55P03": ("is locked by another program", "Close what else writes to it, and run again"),
    "57": ("stopped the work", "Is the server being shut down, or very busy?"),
    "42P01": ("has no tables of this program, or older ones", "Run: reex db upgrade"),
    "42703": ("has no tables of this program, or older ones", "Run: reex db upgrade"),
    "08": ("cannot be reached", "Is the server running there? Nothing stored was lost; run again"),
}
"""SQLSTATE codes or classes (PostgreSQL documentation, appendix A): what is wrong, and what to try."""

_POSTGRESQL_CONNECTING = {
    "password authentication failed": "28",
    "no password supplied": "28",
    "pg_hba.conf": "28",
    'role "': "28",
    'database "': "3D",
}
"""A refused connection carries its SQLSTATE in words only."""


def explained(url: URL, error: BaseException) -> StorageError:
    """The driver's error as one line: what is wrong with which database, and what to try."""
    detail = _first_line(url, error)
    if isinstance(error, sqlite3.Error):
        # The low byte of an extended code is its primary code.
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        fault = _SQLITE_FAULTS.get(code)
        if detail.startswith(("no such table", "no such column")):
            fault = _POSTGRESQL_FAULTS["42P01"]
    else:
        fault = _postgresql_fault(getattr(error, "sqlstate", None), detail)
    what, hint = fault or ("reports an error", None)
    name = describe(url)
    return StorageError(f"{name[0].upper()}{name[1:]} {what}: {detail}", hint=hint)


def _postgresql_fault(sqlstate: str | None, detail: str) -> tuple[str, str] | None:
    if sqlstate is None:
        sqlstate = next((code for words, code in _POSTGRESQL_CONNECTING.items() if words in detail), "08")
    return _POSTGRESQL_FAULTS.get(sqlstate) or _POSTGRESQL_FAULTS.get(sqlstate[:2])


def _first_line(url: URL, error: BaseException) -> str:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    line = lines[0].rstrip(".")
    return _without(str(url.password), line) if url.password else line


def _without(password: str, line: str) -> str:
    """Blank a password where it stands as one: wherever its letters occur would mangle words, and give it away."""
    given = "|".join(re.escape(one) for one in (password, quote(password, safe="")))
    return re.sub(rf"(password\s*=\s*['\"]?|:)(?:{given})(?=['\"\s@]|$)", r"\1***", line)
