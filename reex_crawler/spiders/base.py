"""What every spider shares: asking one address after the other, and how an answer becomes an ``Article``.

A spider only says which addresses to ask (``plan``). What a page means is decided by ``ingest``, never here. Nothing
goes through Scrapy's scheduler: the database is the queue, one request at most is on its way, a stop costs one page.
"""

from __future__ import annotations

import asyncio
import logging
import math
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from time import monotonic
from typing import Any, NoReturn, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from reex_crawler.discovery.policy import article_key
from reex_crawler.errors import DEFECT, Incomplete, PageError, SiteRefused, UsageError
from reex_crawler.middlewares import Blocked, RobotsMiddleware
from reex_crawler.pipelines import Asked, StorePipeline
from reex_crawler.reasons import SITE_REFUSED, TIME_IS_UP
from reex_crawler.records import Article, DueReason, Page, Quarantined
from reex_crawler.site.profile import SiteProfile, profile
from reex_crawler.spiders.fetching import OUTCOMES, NoAnswer, no_page, to_page
from reex_crawler.spiders.listings import Listings
from reex_crawler.spiders.reader import ArticleReader
from reex_crawler.storage.agenda import Visit
from reex_crawler.storage.doors import doors
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome, ResourceKind

logger = logging.getLogger(__name__)

# A page that was cut on its way is asked so often in a run.
_TRIES = 3


class ArticleSpider(Spider):
    """Asks the addresses of its ``plan``; yields ``Article``, ``Quarantined`` and ``Fetched``."""

    site: SiteProfile
    store: StorePipeline
    listings: Listings
    reader: ArticleReader
    now: datetime
    """When the run began."""
    announced: Sequence[str] = ()
    """The sitemaps that robots.txt names."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked: dict[str, Asked] = {}
        """By the address that was asked; the pipeline takes out what it stores."""
        self.planned: list[Visit] = []
        """What a dry run would have asked."""
        self._ends_at = math.inf
        self._met: dict[str | int, int | None] = {}
        """The post id of each article read in this run, by itself and by the address that answered."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Scrapy's way to make a spider."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.site = profile(crawler.settings["REEX_SITE_URL"])
        spider.reader = ArticleReader(spider.site, spider.get)
        return spider

    @abstractmethod
    def plan(self) -> AsyncIterator[Visit]:
        """The addresses to ask, in order; found by reading listings, and taken from the database."""

    async def start(self) -> AsyncIterator[Any]:
        """Ask every address of the plan, one after the other, each stored before the next is asked."""
        await self.run()
        # Scrapy wants a generator; what that gives would be stored while the next request is under way.
        nothing: tuple[Any, ...] = ()
        for item in nothing:
            yield item

    async def run(self) -> None:
        """Do what the spider is there for; raises ``CloseSpider``."""
        minutes = self.crawler.settings.getfloat("REEX_MAX_MINUTES")
        self._ends_at = monotonic() + minutes * 60 if minutes else math.inf
        await self._open()
        async for visit in self.plan():
            self._keep_time()
            if self.crawler.settings.getbool("REEX_DRY_RUN"):
                self.planned.append(visit)
                continue
            if visit.reason is DueReason.NEW or not self._was_met(visit):
                await self.ask(visit)
            self.store.check()
            if self.crawler.engine.needs_backout():
                # With one request at a time it only says so where the crawl is being closed.
                return

    async def ask(self, visit: Visit) -> None:
        """Visit one address and have what was found there stored."""
        async for found in self.visit(visit):
            await self._hand_on(found)

    async def visit(self, visit: Visit) -> AsyncIterator[Any]:
        """Ask one address, and the further pages that its article turns out to have."""
        self.crawler.stats.inc_value("reex/articles_asked")
        self.asked[visit.url] = Asked(visit.reason)
        for tries in range(1, _TRIES + 1):
            try:
                page = await self.get(visit.url)
            except NoAnswer as error:
                yield self._lost(no_page(visit.url), error.reason, error)
                return
            try:
                async for found in self._read(page, visit):
                    yield found
            except Incomplete as error:
                if tries < _TRIES:
                    continue
                yield _quarantined(error, page)
            return

    async def parse(self, response: Response) -> AsyncIterator[Any]:
        """What one address gives on its own; ``scrapy parse`` asks for it by this name."""
        page = to_page(response)
        try:
            async for found in self._read(page, Visit(url=page.url, reason=DueReason.RECHECK)):
                yield found
        except Incomplete as error:
            yield _quarantined(error, page)

    async def get(self, url: str, headers: dict[str, str] | None = None) -> Page:
        """Fetch one URL through every middleware; raises ``NoAnswer``, and ``CloseSpider`` where all is refused."""
        request = Request(url, callback=NO_CALLBACK, headers=headers)
        try:
            response = await self.crawler.engine.download_async(request)
        except Blocked as error:
            self._refuse(SiteRefused(str(error)))
        except CloseSpider:
            raise
        except Exception as error:
            # Download handlers and middlewares raise what they like; whatever it is, there is no answer.
            raise NoAnswer(url, error) from error
        return replace(to_page(response), url=url)

    async def _get_listing(self, url: str, headers: dict[str, str] | None = None) -> Page:
        self._keep_time()
        return await self.get(url, headers)

    def _keep_time(self) -> None:
        """Raise ``CloseSpider`` where the time of the run is over."""
        if monotonic() > self._ends_at:
            raise CloseSpider(TIME_IS_UP)

    async def _hand_on(self, item: Article | Quarantined | Fetched) -> None:
        """Let the pipelines take an item, to the end even where the crawl is stopped meanwhile."""
        scraper = self.crawler.engine.scraper
        taking = asyncio.ensure_future(scraper.start_itemproc_async(item, response=None))
        try:
            await asyncio.shield(taking)
        finally:
            await asyncio.wait([taking])
            if scraper.slot and scraper.slot.closing and not scraper.slot.closing.called:
                # Scrapy 2.19 waits for such items when it closes, and does not look again once they are done.
                scraper._check_if_closing()  # noqa: SLF001

    def refuse_without_listings(self) -> None:
        """End the crawl where none of the listings that were asked could be read."""
        if self.listings.read:
            return
        problems = self.listings.problems
        if not problems:
            message = f"{self.site.site_url} does not want its listings asked yet"
            self._refuse(SiteRefused(message, hint="It said when (Retry-After); try again later"))
        message = f"none of {len(problems)} listings of {self.site.site_url} can be read"
        self._refuse(
            SiteRefused(message, hint=f"The first: {problems[0]}. Check REEX_SITE_URL and what robots.txt allows")
        )

    async def _open(self) -> None:
        """Open the database, then read robots.txt; raises ``CloseSpider``."""
        self.now = datetime.now(UTC)
        store = self.crawler.get_item_pipeline(StorePipeline)
        if store is None:
            error = UsageError("this spider keeps its queue in the database", hint="Leave StorePipeline switched on")
            logger.error("%s", error)
            raise CloseSpider(str(error))
        self.store = store
        known = await store.run(doors)
        self.listings = Listings(site=self.site, get=self._get_listing, store=store, doors=known, now=self.now)
        robots = self.crawler.get_downloader_middleware(RobotsMiddleware)
        if robots is not None:
            try:
                self.announced = tuple((await robots.rules()).sitemaps)
            except SiteRefused as error:
                self._refuse(error)

    async def _read(self, page: Page, visit: Visit) -> AsyncIterator[Any]:
        """The article of a page, read together with its further pages, or what became of it; raises ``Incomplete``."""
        key = article_key(page.final_url, self.site)
        if page.status != HTTPStatus.OK:
            yield self._lost(page, f"http-{page.status}")
        elif page.url != page.final_url and key in self._met:
            yield self._leads_elsewhere(page, visit, self._met[key])
        else:
            listed = self.reader.said_of(page, visit.listed)
            self.asked[page.url] = Asked(visit.reason, (page,), listed)
            try:
                article, parts, listed = await self.reader.read(page, listed)
            except (Incomplete, CloseSpider):
                raise
            except PageError as error:
                yield _quarantined(error, page)
            except Exception as error:
                # A fault of ours, which must cost neither this page nor those after it.
                logger.exception("the page of %s cannot be read", page.final_url)
                yield Quarantined(reason=DEFECT, detail=f"{type(error).__name__}: {error}", page=page)
            else:
                for found in self._taken(article, Asked(visit.reason, (page, *parts), listed), visit):
                    yield found

    def _taken(self, article: Article, asked: Asked, visit: Visit) -> Iterator[Article | Fetched]:
        """An article that answered, unless it was met before; and what that says of the address that was asked."""
        page, *parts = asked.pages
        moved = page.url != page.final_url
        # WordPress guesses: the address of a withdrawn article may lead to another one.
        another = moved and visit.post_id not in {None, article.post_id}
        first = self._is_first(article)
        if another or (moved and not first):
            yield self._leads_elsewhere(page, visit, article.post_id)
        if another:
            article = replace(article, capture=replace(article.capture, url=page.final_url))
            asked = replace(asked, why=None, pages=(replace(page, url=page.final_url), *parts))
        if first:
            self.asked[article.capture.url] = asked
            yield article

    def _leads_elsewhere(self, page: Page, visit: Visit, post_id: int | None) -> Fetched:
        """What an address gave that redirects to an article which was met, or which is not the one wanted."""
        if visit.post_id in {None, post_id}:
            found = self._fetched(page, FetchOutcome.REDIRECTED)
        else:
            found = self._fetched(page, FetchOutcome.GONE, f"redirects to another article, {page.final_url}")
        # What says so is the redirect; the article may have been read from what it led to.
        return replace(found, record=page.redirect)

    def _lost(self, page: Page, reason: str, error: NoAnswer | None = None) -> Fetched:
        """Say and count that an article could not be fetched, for the frontier to keep."""
        message = str(error) if error else f"{page.url} answers {page.status}"
        refused = error is not None and error.refused
        outcome = FetchOutcome.REFUSED if refused else OUTCOMES.get(page.status, FetchOutcome.FAILED)
        if outcome is FetchOutcome.GONE:
            logger.info("gone: %s", message)
        else:
            self.crawler.stats.inc_value(f"reex/failed/{reason}")
            logger.warning("not stored: %s", message)
        return self._fetched(page, outcome, message, not_before=error.not_before if error else None)

    def _fetched(
        self, page: Page, outcome: FetchOutcome, error: str | None = None, not_before: datetime | None = None
    ) -> Fetched:
        asked = self.asked.get(page.url, Asked())
        return Fetched(
            url=page.url,
            kind=ResourceKind.ARTICLE,
            outcome=outcome,
            fetched_at=page.fetched_at,
            final_url=page.final_url,
            status=page.status or None,
            error=error,
            reason=asked.why,
            not_before=not_before,
            record=page.record,
        )

    def _was_met(self, visit: Visit) -> bool:
        """Whether the article of an address was read in this run already, at another address say."""
        return visit.post_id in self._met or article_key(visit.url, self.site) in self._met

    def _is_first(self, article: Article) -> bool:
        """Whether an article is met for the first time in this run, by its post id, or else by its address."""
        key = article_key(article.url, self.site)
        known = article.post_id if article.post_id is not None else key
        if known in self._met:
            self.crawler.stats.inc_value("reex/articles_met_again")
            return False
        self._met |= {name: article.post_id for name in (article.post_id, key) if name is not None}
        return True

    def _refuse(self, error: SiteRefused) -> NoReturn:
        logger.error("%s", error)
        raise CloseSpider(SITE_REFUSED)


def _quarantined(error: PageError, page: Page) -> Quarantined:
    return Quarantined(reason=error.reason, detail=str(error), page=page)
