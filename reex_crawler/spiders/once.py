"""One article, read politely and handed back: what ``reex parse URL`` asks for. Nothing is stored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, NoReturn

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import CloseSpider
from scrapy.settings import Settings

from reex_crawler import settings as project
from reex_crawler.errors import PageError, ReexError, SiteRefused, UsageError
from reex_crawler.reasons import SITE_REFUSED
from reex_crawler.records import Article, DueReason, Quarantined
from reex_crawler.site.profile import profile
from reex_crawler.spiders.base import ArticleSpider
from reex_crawler.storage.agenda import Visit
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome


class OnceSpider(ArticleSpider):
    """Asks for one URL. Its class has no name, so that ``scrapy list`` does not offer it."""

    def __init__(self, url: str) -> None:
        self.name = "once"
        self.url = url
        self.refused: SiteRefused | None = None
        super().__init__()

    async def plan(self) -> AsyncIterator[Visit]:
        """The URL that is given."""
        yield Visit(url=self.url, reason=DueReason.RECHECK)

    async def run(self) -> None:
        """Ask for the URL, without a database."""
        async for visit in self.plan():
            await self.ask(visit)

    def _refuse(self, error: SiteRefused) -> NoReturn:
        """Leave it to the caller to say why."""
        self.refused = error
        raise CloseSpider(SITE_REFUSED)


def read_once(url: str, *, site_url: str) -> Article:
    """Fetch and read one article of the site, robots.txt obeyed. Once a process, since Twisted's reactor runs once.

    Raises ``UsageError`` for another site's URL, ``SiteRefused``, ``PageError`` for a page that is no article, and
    ``ReexError`` where there is no answer.
    """
    if not profile(site_url).owns(url):
        message = f"{url} is not on {site_url}"
        raise UsageError(message, hint="Only the site of REEX_SITE_URL is asked; save the page and give its file")
    found: list[Any] = []

    def keep(item: Any) -> None:
        found.append(item)

    settings = Settings()
    settings.setmodule(project, priority="project")
    quiet = {"ITEM_PIPELINES": {}, "EXTENSIONS": {}, "LOG_LEVEL": "ERROR", "REEX_SITE_URL": site_url}
    settings.setdict(quiet, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    crawler = process.create_crawler(OnceSpider)
    crawler.signals.connect(keep, signals.item_scraped)
    process.crawl(crawler, url=url)
    process.start()
    if isinstance(crawler.spider, OnceSpider) and crawler.spider.refused:
        raise crawler.spider.refused
    if not found:
        raise KeyboardInterrupt
    return _article(found[-1])


def _article(found: Article | Quarantined | Fetched) -> Article:
    if isinstance(found, Article):
        return found
    if isinstance(found, Quarantined):
        raise PageError(found.reason, found.detail)
    message = found.error or f"{found.url} gave no article"
    raise SiteRefused(message) if found.outcome is FetchOutcome.REFUSED else ReexError(message)
