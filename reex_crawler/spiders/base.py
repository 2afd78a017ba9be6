"""What every spider shares: which article pages to ask for, and how an answer becomes an ``Article``.

A spider only names the listings it reads (``discover``). What a page means is decided by ``ingest``, never here.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator
from http import HTTPStatus
from typing import Any, NoReturn, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy_spider_metadata import Args  # type: ignore[attr-defined]
from twisted.python.failure import Failure

from reex_crawler.discovery.policy import Window, article_key, merge, newest_first
from reex_crawler.errors import Incomplete, PageError, SiteRefused
from reex_crawler.middlewares import RobotsMiddleware
from reex_crawler.pipelines import StorePipeline
from reex_crawler.records import Listed, Page, Quarantined
from reex_crawler.site.profile import SiteProfile, profile
from reex_crawler.spiders.arguments import Arguments
from reex_crawler.spiders.fetching import NoAnswer, asked_url, no_page, to_page
from reex_crawler.spiders.listings import Listings
from reex_crawler.spiders.reader import ArticleReader
from reex_crawler.spiders.reasons import DEFECT, SITE_REFUSED
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind

logger = logging.getLogger(__name__)

_OUTCOMES: dict[int, FetchOutcome] = {
    HTTPStatus.NOT_FOUND: FetchOutcome.GONE,
    HTTPStatus.GONE: FetchOutcome.GONE,
    HTTPStatus.UNAUTHORIZED: FetchOutcome.REFUSED,
    HTTPStatus.FORBIDDEN: FetchOutcome.REFUSED,
    HTTPStatus.TOO_MANY_REQUESTS: FetchOutcome.REFUSED,
}


class ArticleSpider(Args[Arguments], Spider):
    """Reads listings, then the articles they name; yields ``Article`` and ``Quarantined``."""

    site: SiteProfile
    window: Window
    listings: Listings
    reader: ArticleReader

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._met: set[str | int] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to make a spider."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.site = profile(crawler.settings["REEX_SITE_URL"])
        spider.window = Window.of_days(spider.args.since, spider.args.until, spider.site.time_zone)
        spider.listings = Listings(spider.site, spider.get)
        spider.reader = ArticleReader(spider.site, spider.get)
        return spider

    @abstractmethod
    async def discover(self, announced: Iterable[str]) -> list[Listed]:
        """What the listings name, given the sitemaps that robots.txt announces."""

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every wanted article that the listings name, newest first."""
        store = self.crawler.get_item_pipeline(StorePipeline)
        if store is not None:
            await store.open()
        listed = await self.discover(await self._announced_sitemaps())
        if not self.listings.read:
            message = f"none of {len(self.listings.problems)} listings of {self.site.site_url} can be read"
            hint = f"The first: {self.listings.problems[0]}. Check REEX_SITE_URL and what robots.txt allows"
            self._refuse(SiteRefused(message, hint=hint))
        if store is not None:
            await store.remember(listed)
        articles = newest_first(merge(listed, self.site).values())
        wanted = [one for one in articles if self.window.may_hold(one)][: self.args.max_articles]
        self.crawler.stats.set_value("reex/articles_listed", len(wanted))
        for one in wanted:
            yield self.request(one.url, one)

    def request(self, url: str, listed: Listed | None = None) -> Request:
        """The request for an article, together with what its listing says of it."""
        return Request(url, callback=self.parse_article, errback=self.failed, cb_kwargs={"listed": listed})

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """What one address gives on its own; ``scrapy parse`` asks for it by this name."""
        async for found in self.parse_article(response):
            yield found

    async def parse_article(self, response: Response, listed: Listed | None = None) -> AsyncIterator[Any]:
        """The article of a page, read together with its further pages, or what became of it instead."""
        page = to_page(response)
        key = article_key(page.final_url, self.site)
        if page.status != HTTPStatus.OK:
            yield self._lost(page, f"http-{page.status}")
        elif not self._is_first(key):
            if page.url != page.final_url:
                yield _fetched(page, FetchOutcome.REDIRECTED)
        else:
            try:
                article = await self.reader.read(page, listed)
            except Incomplete as error:
                self._met.discard(key or "")
                yield self._once_more(response, error) or _quarantined(error, page)
            except PageError as error:
                yield _quarantined(error, page)
            except Exception as error:
                # A fault of ours, which must cost neither this page nor those after it.
                logger.exception("the page of %s cannot be read", page.final_url)
                yield Quarantined(reason=DEFECT, detail=f"{type(error).__name__}: {error}", page=page)
            else:
                if article.published and not self.window.holds(article.published.at):
                    self.crawler.stats.inc_value("reex/articles_outside")
                elif self._is_first(article.post_id):
                    yield article

    async def get(self, url: str) -> Page:
        """Fetch one URL, past the scheduler but through every middleware; raises ``NoAnswer``."""
        try:
            response = await self.crawler.engine.download_async(Request(url, callback=NO_CALLBACK))
        except Exception as error:
            # Download handlers and middlewares raise what they like; whatever it is, there is no answer.
            raise NoAnswer(url, error) from error
        return to_page(response)

    def failed(self, failure: Failure) -> Iterator[Fetched]:
        """What became of an article page that gave no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = NoAnswer(asked_url(request.url, request.meta), failure.value or failure)
        yield self._lost(no_page(error.url), error.reason, error)

    def _lost(self, page: Page, reason: str, error: NoAnswer | None = None) -> Fetched:
        """Say and count that an article could not be fetched, for the frontier to keep."""
        message = str(error) if error else f"{page.url} answers {page.status}"
        self.crawler.stats.inc_value(f"reex/failed/{reason}")
        logger.warning("not stored: %s", message)
        refused = error is not None and error.refused
        outcome = FetchOutcome.REFUSED if refused else _OUTCOMES.get(page.status, FetchOutcome.FAILED)
        return _fetched(page, outcome, message)

    def _once_more(self, response: Response, error: Incomplete) -> Request | None:
        return get_retry_request(response.request, spider=self, reason=error.reason) if response.request else None

    def _is_first(self, key: str | int | None) -> bool:
        """Whether an address or post id is met for the first time in this run; no key is always new."""
        if key in self._met:
            self.crawler.stats.inc_value("reex/articles_met_again")
            return False
        if key is not None:
            self._met.add(key)
        return True

    async def _announced_sitemaps(self) -> list[str]:
        """The ``Sitemap`` lines of robots.txt; ends the crawl where robots.txt cannot be had."""
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        if robots is None:
            return []
        try:
            return list((await robots.rules()).sitemaps)
        except SiteRefused as error:
            self._refuse(error)

    def _refuse(self, error: SiteRefused) -> NoReturn:
        logger.error("%s", error)
        raise CloseSpider(SITE_REFUSED)


def _quarantined(error: PageError, page: Page) -> Quarantined:
    return Quarantined(reason=error.reason, detail=str(error), page=page)


def _fetched(page: Page, outcome: FetchOutcome, error: str | None = None) -> Fetched:
    return Fetched(
        url=page.url,
        kind=ResourceKind.ARTICLE,
        outcome=outcome,
        fetched_at=page.fetched_at,
        final_url=page.final_url,
        status=page.status or None,
        error=error,
    )
