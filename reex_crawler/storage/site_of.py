"""Which site a database is the archive of: one for ever.

Another one would be asked for addresses it never had, and its articles would take the place of those with their ids.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.errors import ConfigError
from reex_crawler.storage.faults import describe
from reex_crawler.storage.models import ResourceKind, ResourceRow
from reex_crawler.urls import same_origin


def held(session: Session) -> str | None:
    """Scheme, host and port of the articles that are stored or due; none where no article is known.

    A robots.txt or a listing that was asked proves nothing: a mistyped address may have answered.
    """
    first = select(ResourceRow.url).where(ResourceRow.kind == ResourceKind.ARTICLE).order_by(ResourceRow.id).limit(1)
    url = session.scalar(first)
    if url is None:
        return None
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def check(session: Session, site_url: str) -> None:
    """Raise ``ConfigError`` where the database is the archive of another site (RFC 6454: another scheme is another)."""
    site = held(session)
    if site is not None and not same_origin(site, site_url):
        name = describe(session.get_bind().engine.url)
        message = f"{name} holds the archive of {site}, not of {site_url}"
        raise ConfigError(message, hint=f"Set REEX_SITE_URL={site}, or name another database in REEX_DATABASE_URL")
