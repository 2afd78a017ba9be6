"""Which capture somebody means by a URL, a slug or a number, and a time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from reex_crawler.cli.common import shown
from reex_crawler.cli.lookup import find_article
from reex_crawler.errors import UsageError
from reex_crawler.site.profile import SiteProfile, UrlKind
from reex_crawler.storage import kept
from reex_crawler.storage.kept import Answers, Kept
from reex_crawler.storage.models import ArticleRow
from reex_crawler.urls import normalise

at_option = click.option(
    "--at",
    metavar="TIME",
    help="The last capture at or before that time: a day, such as 2026-03-03, to its end where the site is, or an "
    "instant, such as 2026-03-03T17:30:00Z, which is in UTC unless it says otherwise.",
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_ARTICLES = frozenset({UrlKind.ARTICLE, UrlKind.ARTICLE_ID})


def of_article(session: Session, row: ArticleRow, at: str | None, zone: ZoneInfo) -> Kept:
    """The capture of an article's page that was the last one then; raises ``UsageError`` where there is none."""
    return _last(session, kept.pages_of(row.id), row.url, at, zone)


def of_anything(session: Session, key: str, at: str | None, site: SiteProfile) -> Kept:
    """The last capture of an article's page, or of any other URL that was ever asked.

    Raises ``UsageError`` where there is none.
    """
    urls = _spellings(key, site)
    answers = kept.answers_of(urls)
    is_article = not urls or site.kind(urls[0]) in _ARTICLES
    if not is_article and kept.first(session, answers):
        return _last(session, answers, key, at, site.time_zone)
    try:
        row = find_article(session, key, site.site_url)
    except UsageError:
        # It may have been asked and never been read as an article.
        if not urls or kept.first(session, answers) is None:
            raise
        return _last(session, answers, key, at, site.time_zone)
    return of_article(session, row, at, site.time_zone)


def end_of(text: str, zone: ZoneInfo) -> datetime:
    """The first instant that is later than a day or a second; raises ``UsageError``."""
    said = text.strip().removesuffix(" UTC")
    try:
        if _DAY.fullmatch(said):
            return datetime.combine(date.fromisoformat(said) + timedelta(days=1), time(), zone).astimezone(UTC)
        instant = datetime.fromisoformat(said)
        aware = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
        return aware.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    except (ValueError, OverflowError) as error:
        message = f"--at is no time: {text!r}"
        hint = "Give a day, such as 2026-03-03, or an instant, such as 2026-03-03T17:30:00Z"
        raise UsageError(message, hint=hint) from error


def _last(session: Session, chosen: Answers, key: str, at: str | None, zone: ZoneInfo) -> Kept:
    found = kept.last(session, chosen, None if at is None else end_of(at, zone))
    if found is not None:
        return found
    earliest = kept.first(session, chosen)
    if earliest is None:
        message = f"the raw archive keeps no capture of {key}"
        raise UsageError(message, hint="It was had before there was one, or read from a file")
    message = f"there is no capture of {key} at or before {at}"
    raise UsageError(message, hint=f"The earliest is of {shown(earliest.at)}")


def _spellings(key: str, site: SiteProfile) -> list[str]:
    """The URL that is meant, as it is usually spelt and as it was given; none where it is no URL."""
    url = key if "://" in key else site.url(key) if key.startswith("/") else None
    if url is None:
        return []
    try:
        return list(dict.fromkeys((normalise(url), url)))
    except ValueError:
        return [url]
