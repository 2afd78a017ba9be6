"""The program's configuration: the one place that reads the environment."""

from __future__ import annotations

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
    hint = "Try sqlite:///data/reex.db or postgresql+psycopg://user@host/database"
    try:
        url = make_url(value)
    except (ArgumentError, ValueError) as error:
        # The value may hold a password, so only what stands before any user name is shown.
        message = f"REEX_DATABASE_URL is not a database address: {value.partition(':')[0]}:…"
        raise ConfigError(message, hint=hint) from error
    if url.get_backend_name() not in {"sqlite", "postgresql"}:
        message = f"REEX_DATABASE_URL names {url.get_backend_name()!r}, which is not supported"
        raise ConfigError(message, hint=hint)
    if url.drivername in {"postgresql", "postgres"}:
        url = url.set(drivername="postgresql+psycopg")
    return url


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
