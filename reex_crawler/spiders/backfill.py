"""``scrapy crawl backfill``: everything the site has, or what a window of days holds."""

from __future__ import annotations

from collections.abc import Iterable

from reex_crawler.records import Listed
from reex_crawler.spiders.base import ArticleSpider


class BackfillSpider(ArticleSpider):
    """Reads the sitemaps and the REST collections; where these are closed or broken, the feeds as far back as they go.

    A sitemap names every article and tells next to nothing of it, while some themes print no author, or only a day.
    """

    name = "backfill"

    async def discover(self, announced: Iterable[str]) -> list[Listed]:
        """What sitemaps, collections and feeds name."""
        mapped = await self.listings.sitemaps(announced)
        collected = await self.listings.collections()
        fed = () if collected.whole else (await self.listings.feeds()).listed
        return [*mapped.listed, *collected.listed, *fed]
