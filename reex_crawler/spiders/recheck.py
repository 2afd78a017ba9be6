"""``scrapy crawl recheck -a days=30``: every stored article that was published of late, whatever the plan says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from reex_crawler.discovery.policy import Window
from reex_crawler.spiders.arguments import Args, RecheckArguments
from reex_crawler.spiders.base import ArticleSpider
from reex_crawler.storage import agenda
from reex_crawler.storage.agenda import Visit


class RecheckSpider(Args[RecheckArguments], ArticleSpider):
    """Asks articles again, the newest first. No listing is read."""

    name = "recheck"

    async def plan(self) -> AsyncIterator[Visit]:
        """Every stored article of the last days."""
        window = Window(since=self.now - timedelta(days=self.args.days))
        visits = await self.store.run(lambda session: agenda.of_window(session, self.now, window))
        for visit in agenda.by_age(visits, oldest_first=False)[: self.args.max_articles]:
            yield visit
