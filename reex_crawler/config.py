"""The program's configuration: the one place that reads the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from reex_crawler.errors import ConfigError
from reex_crawler.urls import origin

DEFAULT_DATABASE_URL = "sqlite:///data/reex.db"
DEFAULT_ARCHIVE_DIR = "data/warc"
DEFAULT_DAILY_REVISITS = 200
# One request a second, all day long.
_MOST_REVISITS = 86_400

_DRIVERS = {
    **dict.fromkeys(("sqlite", "sqlite+pysqlite"), "sqlite"),
    **dict.fromkeys(("postgresql", "postgres", "postgresql+psycopg"), "postgresql+psycopg"),
}
_SCHEME = re.compile(r"[a-z][a-z0-9+]*")
_DELIMITER = re.compile(r"[@:/?#\[\]]")
_DATABASE_FILE = re.compile(r"[\w./~-]+\.(?:db|sqlite3?)")
_SECRET_OPTIONS = frozenset({"password", "sslpassword"})
_PGPASSFILE = "leave the password out and keep it in PostgreSQL's password file (PGPASSFILE)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What a user can set from outside."""

    site_url: str
    database_url: URL
    archive_dir: Path
    contact: str | None
    """An address or URL that goes into the user agent."""
    daily_revisits: int
    """How many article pages may be asked again a day only because nothing tells whether they changed."""


def from_env(environ: Mapping[str, str], *, default_site_url: str) -> Config:
    """Read ``REEX_*`` variables; raises ``ConfigError`` that names the variable, its value and what to try."""
    return Config(
        site_url=_site_url(environ.get("REEX_SITE_URL") or default_site_url),
        database_url=_database_url(environ.get("REEX_DATABASE_URL") or DEFAULT_DATABASE_URL),
        archive_dir=Path(environ.get("REEX_ARCHIVE_DIR") or DEFAULT_ARCHIVE_DIR),
        contact=_contact(environ.get("REEX_CONTACT")),
        daily_revisits=_daily_revisits(environ.get("REEX_DAILY_REVISITS") or str(DEFAULT_DAILY_REVISITS)),
    )


def _site_url(value: str) -> str:
    try:
        origin(value)
    except ValueError as error:
        message = f"REEX_SITE_URL is not a web address: {value!r}"
        raise ConfigError(message, hint="Give scheme and host, such as https://rareearthexchanges.com") from error
    return value.rstrip("/")


def _database_url(value: str) -> URL:
    """The address, of a driver that is supported. It may hold a password, so no error shows what follows its scheme."""
    scheme, sign, rest = value.partition("://")
    driver = _DRIVERS.get(scheme) if sign else None
    if driver is None:
        named = (
            f"names {scheme!r}, which is not supported"
            if sign and _SCHEME.fullmatch(scheme)
            else "is not a database address"
        )
        path = value if _DATABASE_FILE.fullmatch(value) else DEFAULT_DATABASE_URL.removeprefix("sqlite:///")
        message = f"REEX_DATABASE_URL {named}"
        raise ConfigError(message, hint=f"Try sqlite:///{path} or postgresql+psycopg://user@host/database")
    shown = f"REEX_DATABASE_URL ({scheme}://…)"
    if driver == "sqlite":
        _check_sqlite(shown, rest)
    else:
        _check_credentials(shown, rest)
    try:
        url = make_url(value).set(drivername=driver)
    except (ArgumentError, ValueError) as error:
        message = f"{shown} is not a database address"
        raise ConfigError(message, hint=f"Try {scheme}://user@host:port/database, the port a number") from error
    if secret := next((name for name in url.query if name in _SECRET_OPTIONS), None):
        message = f"{shown} gives {secret} as an option, which is shown and logged"
        raise ConfigError(message, hint=f"Instead, {_PGPASSFILE}")
    return url


def _check_sqlite(shown: str, rest: str) -> None:
    path, question, _ = rest.partition("?")
    if path in {"", "/", "/:memory:"}:
        message = f"{shown} is a database in memory, which would be lost with the end of the program"
        raise ConfigError(message, hint=f"Name a file, such as {DEFAULT_DATABASE_URL}")
    if not path.startswith("/"):
        message = f"{shown} names a host, which SQLite does not know"
        raise ConfigError(message, hint="Write three slashes before a path, four before one that begins with a slash")
    if question or path.startswith("/file:"):
        message = f"{shown} has options of SQLite, which this program sets itself"
        raise ConfigError(message, hint=f"Give the path alone, such as {DEFAULT_DATABASE_URL}")


def _check_credentials(shown: str, rest: str) -> None:
    """Refuse what two readers take for two addresses: delimiters in user name or password (RFC 3986, section 3.2.1)."""
    before, sign, _ = rest.rpartition("@")
    user, _, password = before.partition(":")
    if sign and not rest.startswith("/") and _DELIMITER.search(user + password):
        message = f"{shown} has one of @ : / ? # [ ] as it stands in its user name or password"
        raise ConfigError(message, hint=f"Write it as %40 %3A %2F %3F %23 %5B %5D; or {_PGPASSFILE}")


def _contact(value: str | None) -> str | None:
    if value and not value.isprintable():
        message = f"REEX_CONTACT has characters that cannot stand in a header: {value!r}"
        raise ConfigError(message, hint="Give an e-mail address or a URL")
    return value or None


def _daily_revisits(value: str) -> int:
    if not (value.isascii() and value.isdecimal()) or int(value) > _MOST_REVISITS:
        message = f"REEX_DAILY_REVISITS is no number of requests: {value!r}"
        raise ConfigError(message, hint=f"Give a whole number from 0 to {_MOST_REVISITS}, such as 200")
    return int(value)
