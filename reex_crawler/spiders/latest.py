"""``scrapy crawl latest``: what was published, edited, commented, moved or withdrawn since the last run."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial

from scrapy import Request

from reex_crawler import settings
from reex_crawler.discovery import sitemaps
from reex_crawler.discovery.sitemaps import Child
from reex_crawler.records import Listed
from reex_crawler.site.profile import profile
from reex_crawler.spiders.arguments import Args, LatestArguments
from reex_crawler.spiders.base import ArticleSpider
from reex_crawler.spiders.chores import chores
from reex_crawler.spiders.listings import goes_on, rest_door
from reex_crawler.storage import agenda
from reex_crawler.storage import listings as said
from reex_crawler.storage.agenda import Visit
from reex_crawler.storage.doors import any_article, newest_change, newest_comment, unread_feeds

FEW = 20
"""How many articles are new where no feed says so; WordPress' feeds show 10."""
# The site's clock sets what "since" means; what it gave last is overlapped by this much.
_OVERLAP = timedelta(days=2)
# An older comment that is approved late is posted before the newest one that is known.
_LATE_APPROVAL = timedelta(days=14)
# What a source that was never read is asked for, where articles are stored.
_FIRST_LOOK = timedelta(days=30)
_PAGES = 30
_ALWAYS = datetime.min.replace(tzinfo=UTC)


class LatestSpider(Args[LatestArguments], ArticleSpider):
    """Asks one source for each kind of change, the cheapest that answers, then the articles that are due.

    These are the feed (an answer of "not modified" says only that nothing was published), the REST collection by
    time of change or, where it is closed, the index of sitemaps with its times, and the comments of the whole site.
    What none of them tells is found by the plan of revisits, within its daily budget.
    """

    name = "latest"
    begun = False
    """Whether any article is stored."""
    chores: frozenset[str] = frozenset()
    """The listings that are asked once a day, and are in this run."""

    @classmethod
    def handles_request(cls, request: Request) -> bool:
        """Whether ``scrapy parse`` and ``scrapy shell`` take this spider for an address; only one may say yes."""
        return profile(settings.REEX_SITE_URL).owns(request.url)

    async def plan(self) -> AsyncIterator[Visit]:
        """Every address that is due: first what an earlier run left over, then what the listings tell."""
        self.begun = await self.store.run(any_article)
        if self.begun:
            self.chores = chores(self.site, self.listings.doors, self._sitemap_root(), self.now)
        left = self.args.max_articles
        news = await self.store.run(partial(agenda.due, now=self.now, revisits_a_day=0))
        for visit in news[:left]:
            yield visit
        await self._listings()
        self.refuse_without_listings()
        budget: int = self.crawler.settings.getint("REEX_DAILY_REVISITS")
        due = await self.store.run(partial(agenda.due, now=self.now, revisits_a_day=budget))
        asked = {visit.url for visit in news[:left]}
        for visit in [visit for visit in due if visit.url not in asked][: None if left is None else left - len(asked)]:
            yield visit

    async def _listings(self) -> None:
        """Read what tells of changes."""
        fed_since = await self._feeds()
        if not await self._changed(fed_since) and (self.begun or fed_since is None):
            await self._sitemaps()
        if self.begun:
            await self._comments()
        elif fed_since is None:
            await self.store.run(lambda session: said.take_newest(session, FEW, self.now))

    async def _feeds(self) -> datetime | None:
        """The first feed that lists articles, back to what is known, and those that are a chore of this run.

        Gives when the oldest article that they show was published; none where no feed could be read anew.
        """
        shown: list[Listed] = []
        answered = False
        for url in map(self.site.url, self.site.feed_paths):
            if self._is_shut(url) or (answered and url not in self.chores):
                continue
            answer = await self.listings.feed(url, again=True, news_since=_ALWAYS, back=self.begun)
            answered = answered or answer.unchanged or bool(answer.content and answer.content.items)
            shown += answer.content.items if answer.content else ()
        await self._back()
        return min((item.published.at for item in shown if item.published), default=None)

    async def _back(self) -> None:
        """The pages of feeds that are still to be read, of an earlier run too, and those before them."""
        tried: set[str] = set()
        for _ in range(_PAGES):
            unread = [url for url in await self.store.run(unread_feeds) if url not in tried]
            if not unread:
                break
            tried.add(unread[0])
            await self.listings.feed(unread[0], news_since=_ALWAYS, back=True)

    async def _changed(self, fed_since: datetime | None) -> bool:
        """What REST says was changed of late; whether it says so at all."""
        main, *lesser = self.site.rest_types
        if self._is_shut(rest_door(self.site, main)):
            return False
        since = await self._since("rest") if self.begun else None
        if not await self._collection(main, since=since, news_since=since or fed_since):
            return False
        for collection in lesser:
            if rest_door(self.site, collection) in self.chores:
                await self._collection(collection, since=since, news_since=since)
        return True

    async def _collection(self, name: str, *, since: datetime | None, news_since: datetime | None) -> bool:
        """A collection by time of change since ``since``; without it only what was changed last.

        The oldest change comes first: where a run is stopped, or a page fails, the next one goes on from there.
        """
        seen: set[str] = set()
        for number in range(1, _PAGES + 1):
            answer = await self.listings.articles(
                name,
                number,
                by_change=True,
                oldest_first=since is not None,
                modified_after=since,
                news_since=news_since,
            )
            listing = answer.content
            if listing is None:
                return number > 1
            fresh = {item.url for item in listing.items} - seen
            seen |= fresh
            if since is None or not fresh or not goes_on(listing, number):
                break
        return True

    async def _sitemaps(self) -> None:
        """The sitemaps that changed by their index.

        That of WordPress core does not say. There the sitemap that new articles are added to is read, which dates its
        entries, and all of them as a chore.
        """
        since = await self._since("sitemap") if self.begun else None
        newest = self._newest_sitemap()
        tells = any(door.lastmod for door in self.listings.doors.values())
        if tells or newest is None or self._sitemap_root() in self.chores:
            await self.listings.sitemaps(self.announced, wanted=self._is_changed, news_since=since)
        else:
            await self.listings.sitemaps_at([newest], news_since=since)

    def _is_changed(self, child: Child) -> bool:
        door = self.listings.doors.get(child.url)
        if door is None or not door.is_open or child.modified_at is None or door.lastmod is None:
            return True
        return child.modified_at > door.lastmod

    def _newest_sitemap(self) -> str | None:
        """The last sitemap of the main post type; none where none is known by such a name."""
        named = {
            number: url
            for url, door in self.listings.doors.items()
            if door.is_open and door.items and (number := sitemaps.number(url, self.site.sitemap_types[0]))
        }
        return named[max(named)] if named else None

    def _sitemap_root(self) -> str:
        return next(iter(self.announced), self.site.url(self.site.sitemap_paths[0]))

    async def _comments(self) -> None:
        """The comments of the whole site, from REST or else from their feed."""
        self.reader.asks_rest = not self._is_shut(rest_door(self.site, "comments"))
        if self.reader.asks_rest:
            newest = await self.store.run(newest_comment)
            after = newest - _LATE_APPROVAL if newest else None
            for number in range(1, _PAGES + 1):
                listing = (await self.listings.comments(number, after=after)).content
                if listing is None and number == 1:
                    self.reader.asks_rest = False
                    break
                if listing is None or after is None or not goes_on(listing, number):
                    return
        if not self._is_shut(self.site.url(self.site.comments_feed_path)):
            await self.listings.comments_feed(again=True)

    def _is_shut(self, url: str) -> bool:
        """Whether a listing need not be asked: it was shut, another one of articles is open, and it is no chore now."""
        door = self.listings.doors.get(url)
        if door is None or self.listings.is_early(url):
            return door is not None
        rest, feed = rest_door(self.site, "comments"), self.site.url(self.site.comments_feed_path)
        others = (one for one in self.listings.doors.values() if one.url not in {rest, feed})
        return door.is_shut and url not in self.chores and any(one.is_open for one in others)

    async def _since(self, source: str) -> datetime:
        """From when on changes are asked for: since the newest one that a source told."""
        newest = await self.store.run(partial(newest_change, source=source))
        return newest - _OVERLAP if newest else self.now - _FIRST_LOOK
