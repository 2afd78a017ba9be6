"""``scrapy crawl latest``: what was published, edited, commented, moved or withdrawn since the last run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

from scrapy import Request
from scrapy_spider_metadata import Args  # type: ignore[attr-defined]
from sqlalchemy.orm import Session

from reex_crawler import settings
from reex_crawler.discovery.feeds import Feed
from reex_crawler.discovery.sitemaps import Child
from reex_crawler.records import Listed
from reex_crawler.site.profile import profile
from reex_crawler.spiders.arguments import LatestArguments
from reex_crawler.spiders.asking import DAY
from reex_crawler.spiders.base import ArticleSpider
from reex_crawler.spiders.listings import rest_door
from reex_crawler.storage import agenda
from reex_crawler.storage import listings as said
from reex_crawler.storage.agenda import Visit

FEW = 20
"""How many articles are new where no feed says so; WordPress' feeds show 10."""
# The site's clock sets what "since" means; what it gave last is overlapped by this much.
_OVERLAP = timedelta(days=2)
# An older comment that is approved late is posted before the newest one that is known.
_LATE_APPROVAL = timedelta(days=14)
# What a run that is later than this has missed is for a backfill.
_LONGEST_GAP = timedelta(days=30)
_PAGES = 30
_ALWAYS = datetime.min.replace(tzinfo=UTC)


class LatestSpider(Args[LatestArguments], ArticleSpider):
    """Asks one source for each kind of change, the cheapest that answers, then the articles that are due.

    These are the feed (an answer of "not modified" says only that nothing was published), the REST collection by
    time of change or, where it is closed, the index of sitemaps with its times, and the comments of the whole site.
    What none of them tells is found by the plan of revisits, within its daily budget.
    """

    name = "latest"

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Whether ``scrapy parse`` and ``scrapy shell`` take this spider for an address; only one may say yes."""
        return profile(settings.REEX_SITE_URL).owns(request.url)

    async def plan(self) -> AsyncIterator[Visit]:
        """Every address that is due."""
        begun = await self.store.run(said.any_article)
        fed_since = await self._feeds(begun=begun)
        listed = await self._changed(begun=begun, fed_since=fed_since)
        if not listed and (begun or fed_since is None):
            await self._sitemaps(begun=begun)
        if begun:
            await self._comments()
        elif fed_since is None:
            await self.store.run(lambda session: said.take_newest(session, FEW, self.now))
        self.refuse_without_listings()
        for visit in (await self.store.run(self._due))[: self.args.max_articles]:
            yield visit

    async def _feeds(self, *, begun: bool) -> datetime | None:
        """The first feed that lists articles, back to what is known; the others once a day.

        Gives when the oldest article that they show was published; none where no feed could be read anew.
        """
        shown: list[Listed] = []
        answered = False
        for url in map(self.site.url, self.site.feed_paths):
            if self._is_shut(url) or (answered and not (begun and self._is_neglected(url))):
                continue
            answer = await self.listings.feed(url, again=True, news_since=_ALWAYS)
            answered = answered or answer.unchanged or bool(answer.content and answer.content.items)
            shown += await self._back(answer.content, begun=begun)
        return min((item.published.at for item in shown if item.published), default=None)

    async def _back(self, page: Feed | None, *, begun: bool) -> list[Listed]:
        """What a page of a feed shows, and the pages before it as long as nothing on them was ever asked."""
        shown: list[Listed] = []
        for _ in range(_PAGES):
            if page is None or not page.items:
                break
            shown += page.items
            urls = {item.url for item in page.items}
            if not begun or not page.next_page or await self.store.run(partial(said.any_asked, urls=urls)):
                break
            page = (await self.listings.feed(page.next_page, news_since=_ALWAYS)).content
        return shown

    async def _changed(self, *, begun: bool, fed_since: datetime | None) -> bool:
        """What REST says was changed of late; whether it says so at all. The lesser collections once a day."""
        main, *lesser = self.site.rest_types
        if self.listings.is_closed(rest_door(self.site, main)):
            return False
        since = await self._since("rest") if begun else None
        for collection in (main, *lesser):
            if collection != main and not (begun and self._is_neglected(rest_door(self.site, collection))):
                continue
            answered = await self._collection(collection, since=since, news_since=since or fed_since)
            if collection == main and not answered:
                return False
        return True

    async def _collection(self, name: str, *, since: datetime | None, news_since: datetime | None) -> bool:
        """A collection by time of change, back to ``since``; without it the first page only."""
        for number in range(1, _PAGES + 1):
            answer = await self.listings.articles(
                name, number, by_change=True, modified_after=since, news_since=news_since
            )
            listing = answer.content
            if listing is None:
                return number > 1
            reached = any(item.modified and since and item.modified.at < since for item in listing.items)
            if since is None or reached or not listing.items or number >= (listing.total_pages or 1):
                break
        return True

    async def _sitemaps(self, *, begun: bool) -> None:
        """The sitemaps that changed by their index; where it does not say, as in WordPress core, all once a day."""
        tells = any(door.lastmod for door in self.listings.doors.values())
        roots = [*self.announced, *map(self.site.url, self.site.sitemap_paths)]
        if begun and not tells and not all(map(self._is_neglected, roots)):
            return
        since = await self._since("sitemap") if begun else None
        await self.listings.sitemaps(self.announced, wanted=self._is_changed, news_since=since)

    def _is_changed(self, child: Child) -> bool:
        door = self.listings.doors.get(child.url)
        if door is None or not door.is_open:
            return True
        if child.modified_at is None or door.lastmod is None:
            return self._is_neglected(child.url)
        return child.modified_at > door.lastmod

    async def _comments(self) -> None:
        """The comments of the whole site, from REST or else from their feed."""
        door = rest_door(self.site, "comments")
        self.reader.asks_rest = not self.listings.is_closed(door)
        if self.reader.asks_rest:
            newest = await self.store.run(said.newest_comment)
            after = newest - _LATE_APPROVAL if newest else None
            for number in range(1, _PAGES + 1):
                listing = (await self.listings.comments(number, after=after)).content
                if listing is None and number == 1:
                    self.reader.asks_rest = False
                    break
                if listing is None or after is None or number >= (listing.total_pages or 1):
                    return
        if not self._is_shut(self.site.url(self.site.comments_feed_path)):
            await self.listings.comments_feed(again=True)

    def _is_shut(self, url: str) -> bool:
        """Whether a listing was refused less than a day ago, while another one answered."""
        return self.listings.is_closed(url) and any(door.is_open for door in self.listings.doors.values())

    def _due(self, session: Session) -> list[Visit]:
        budget: int = self.crawler.settings.getint("REEX_DAILY_REVISITS")
        return agenda.due(session, self.now, revisits_a_day=budget)

    async def _since(self, source: str) -> datetime:
        """From when on changes are asked for: since the newest one that a source told, not longer ago than a month."""
        newest = await self.store.run(partial(said.newest_change, source=source))
        longest = self.now - _LONGEST_GAP
        return max(newest - _OVERLAP, longest) if newest else longest

    def _is_neglected(self, url: str) -> bool:
        """Whether a lesser listing is to be asked: once a day, for the first time a day after any was asked."""
        if url in self.listings.doors:
            return self.listings.is_stale(url)
        asked = [door.asked_at for door in self.listings.doors.values() if door.asked_at]
        return bool(asked) and min(asked) <= self.now - DAY
