"""The one road from a page to rows, for live pages, archived ones and saved files alike. Scrapy is not on it.

::

    pages -> read -> Article -> store -> rows        in one transaction, the caller's
         `-> PageError -> Quarantined -> quarantine -> rows
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from reex_crawler.discovery.revisit import Trouble
from reex_crawler.errors import DEFECT, PageError
from reex_crawler.extraction import EXTRACTOR_VERSION
from reex_crawler.extraction.article import extract
from reex_crawler.extraction.checks import LASTING
from reex_crawler.records import Article, DueReason, Listed, Page, Quarantined
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage import articles, frontier
from reex_crawler.storage import quarantine as set_aside
from reex_crawler.storage.articles import Stored
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind
from reex_crawler.storage.reading import reading_hash

logger = logging.getLogger(__name__)


def read(page: Page, profile: SiteProfile, *, more: Sequence[Page] = (), listed: Listed | None = None) -> Article:
    """The article on a page, extracted and checked. Pure: no clock, no network, no database.

    ``more`` are further pages of the same article, ``listed`` what a listing says of it. Raises ``NotAnArticle``,
    ``Incomplete`` or ``Unreadable``.
    """
    return extract(page, profile, more=tuple(more), listed=listed)


def read_or_set_aside(
    page: Page, profile: SiteProfile, *, more: Sequence[Page] = (), listed: Listed | None = None
) -> Article | Quarantined:
    """``read``, with every reason why there is no article as a value. A fault of ours is logged and one of them."""
    try:
        return read(page, profile, more=more, listed=listed)
    except PageError as error:
        return Quarantined(reason=error.reason, detail=str(error), page=page)
    except Exception as error:
        # It must cost neither this page nor those after it.
        logger.exception("the page of %s cannot be read", page.final_url)
        return Quarantined(reason=DEFECT, detail=f"{type(error).__name__}: {error}", page=page)


def store(  # noqa: PLR0913 - each is a fact of the answer, given by name
    session: Session,
    article: Article,
    *,
    run_id: int | None = None,
    pages: Sequence[Page] = (),
    why: DueReason | None = None,
    note: tuple[str, int] | None = None,
) -> Stored:
    """Write an article with its history and comments, and the answer it was read from. The caller commits.

    ``pages`` are the pages it was read from, where they are at hand; each is an answer of its own. ``why`` says why it
    was asked for, ``note`` where the archive notes all that.
    """
    capture = article.capture
    asked = {page.url: page for page in pages}
    main = asked.pop(capture.url, None)
    fetch_id = frontier.record(
        session,
        Fetched(
            url=capture.url,
            kind=ResourceKind.ARTICLE,
            outcome=FetchOutcome.ARTICLE,
            fetched_at=capture.fetched_at,
            final_url=capture.final_url,
            status=capture.status,
            digest=capture.digest,
            size=capture.size,
            etag=main.header("ETag") if main else None,
            last_modified=main.header("Last-Modified") if main else None,
            reason=why,
            run_id=run_id,
            record=main.record if main else None,
            note=note,
            reading_hash=reading_hash(article),
        ),
    )
    for page in asked.values():
        frontier.record(session, _fetched(page, ResourceKind.PART, FetchOutcome.PART, run_id))
    stored = articles.upsert(session, article, extractor_version=EXTRACTOR_VERSION, fetch_id=fetch_id)
    frontier.attach(session, stored.article_id, {capture.url, article.url, *asked}, seen_at=capture.fetched_at)
    return stored


def quarantine(
    session: Session,
    quarantined: Quarantined,
    *,
    run_id: int | None = None,
    why: DueReason | None = None,
    note: tuple[str, int] | None = None,
) -> None:
    """Set a page aside with its reason and its bytes, and note it on its address. The caller commits."""
    page = quarantined.page
    fetched = _fetched(page, ResourceKind.ARTICLE, FetchOutcome.QUARANTINED, run_id)
    trouble = Trouble.LASTING if quarantined.reason in LASTING else Trouble.PASSING
    fetch_id = frontier.record(
        session, replace(fetched, error=quarantined.detail, reason=why, trouble=trouble, note=note)
    )
    set_aside.add(session, quarantined, fetch_id=fetch_id)


def ingest(  # noqa: PLR0913 - what read and store take, given by name
    session: Session,
    page: Page,
    profile: SiteProfile,
    *,
    more: Sequence[Page] = (),
    listed: Listed | None = None,
    run_id: int | None = None,
) -> Stored:
    """``read`` and ``store``. Raises what ``read`` raises; nothing is written then."""
    article = read(page, profile, more=more, listed=listed)
    return store(session, article, run_id=run_id, pages=(page, *more))


def _fetched(page: Page, kind: ResourceKind, outcome: FetchOutcome, run_id: int | None) -> Fetched:
    return Fetched(
        url=page.url,
        kind=kind,
        outcome=outcome,
        fetched_at=page.fetched_at,
        final_url=page.final_url,
        status=page.status,
        digest=hashlib.sha256(page.body).hexdigest(),
        size=len(page.body),
        etag=page.header("ETag"),
        last_modified=page.header("Last-Modified"),
        run_id=run_id,
        record=page.record,
    )
