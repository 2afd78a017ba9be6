"""``scrapy crawl latest``: what was published or changed of late."""

from __future__ import annotations

from collections.abc import Iterable

from scrapy import Request

from reex_crawler import settings
from reex_crawler.discovery.policy import recent
from reex_crawler.records import Listed
from reex_crawler.site.profile import profile
from reex_crawler.spiders.base import ArticleSpider


class LatestSpider(ArticleSpider):
    """Reads the first page of a feed and the REST collection by time of change; the sitemaps where both are closed."""

    name = "latest"

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Whether ``scrapy parse`` and ``scrapy shell`` take this spider for an address; only one may say yes."""
        return profile(settings.REEX_SITE_URL).owns(request.url)

    async def discover(self, announced: Iterable[str]) -> list[Listed]:
        """What the newest feed entries and the last changes name."""
        fed = await self.listings.newest()
        changed = await self.listings.changed()
        mapped = () if fed.whole or changed.whole else (await self.listings.sitemaps(announced)).listed
        return recent(fed.listed, [*changed.listed, *mapped])
