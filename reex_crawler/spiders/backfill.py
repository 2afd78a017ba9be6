"""``scrapy crawl backfill``: everything the site has, or what a window of days holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from functools import partial

from reex_crawler.discovery.policy import Window
from reex_crawler.records import DueReason, ListedComment
from reex_crawler.spiders.arguments import Args, BackfillArguments
from reex_crawler.spiders.base import ArticleSpider
from reex_crawler.spiders.feeds import Feeds
from reex_crawler.spiders.listings import MAX_PAGES, goes_on, rest_door
from reex_crawler.storage import agenda
from reex_crawler.storage.agenda import Visit
from reex_crawler.storage.doors import term_feeds


class BackfillSpider(Args[BackfillArguments], ArticleSpider):
    """Asks what an earlier backfill left over, then reads the listings, then asks what they name and is not stored.

    Sitemaps and REST collections name every article. Where REST is closed, the feeds say what sitemaps do not: when an
    article was published, which a window needs, and what its page leaves open.
    """

    name = "backfill"

    async def plan(self) -> AsyncIterator[Visit]:
        """Every address in the window that was never asked, or that is due."""
        window = Window.of_days(self.args.since, self.args.until, self.site.time_zone)
        feeds = Feeds(self.site, self.listings)
        self.reader.feeds = feeds.find
        asked: set[str] = set()
        async for visit in self._waiting(window, asked, undated=window.is_open):
            yield visit
        if self.args.max_articles is not None and len(asked) >= self.args.max_articles:
            return
        dated = await self._discover(window, feeds)
        self.refuse_without_listings()
        async for visit in self._waiting(window, asked, undated=window.is_open or not dated):
            yield visit

    async def _waiting(self, window: Window, asked: set[str], *, undated: bool) -> AsyncIterator[Visit]:
        """What is to be asked and was not; with ``undated`` also where nothing tells when it was published."""
        visits = await self.store.run(lambda session: agenda.waiting(session, self.now, window))
        left = [visit for visit in visits if visit.url not in asked and (undated or visit.published_at)]
        limit = None if self.args.max_articles is None else self.args.max_articles - len(asked)
        for visit in agenda.by_age(left, oldest_first=self.args.order == "oldest")[:limit]:
            asked.add(visit.url)
            yield visit

    async def _discover(self, window: Window, feeds: Feeds) -> bool:
        """Read every listing that tells what there is; those that only say more of it are read when that is needed.

        Gives whether one of them told when each article of the window was published.
        """
        mapped = await self.listings.sitemaps(self.announced)
        collected = await self._collections(window)
        await self._threads()
        if collected or (window.is_open and mapped):
            return collected
        dated = await feeds.back_to(map(self.site.url, self.site.feed_paths), window.since)
        if dated is None:
            # What the terms' feeds show may be all that there is; that it is all, none of them can tell.
            known = [url for url in await self.store.run(term_feeds) if self.site.owns(url)]
            await feeds.back_to(known, window.since)
        return bool(dated)

    async def _collections(self, window: Window) -> bool:
        """The REST collections of articles, as far as the window goes; whether the main one could be read whole.

        A collection that is closed is asked once, and the lesser ones, which a site may lack, only where it is open.
        """
        # WordPress lists what is later than "after"; the first second of a window belongs to it.
        after = window.since - timedelta(seconds=1) if window.since else None
        main, *lesser = self.site.rest_types
        if not await self._collection(main, window, after=after):
            return False
        for name in lesser:
            await self._collection(name, window, after=after)
        return True

    async def _collection(self, name: str, window: Window, *, after: datetime | None) -> bool:
        """A collection to its end; whether it names anything, and every page of it could be read."""
        if self.listings.is_closed(rest_door(self.site, name)):
            return False
        seen: set[str] = set()
        counted: int | None = None
        for number in range(1, MAX_PAGES):
            answer = await self.listings.articles(name, number, after=after, before=window.before)
            listing = answer.content
            if listing is None and counted is None and answer.past_end:
                return bool(seen)
            if listing is None or seen.issuperset(item.url for item in listing.items):
                # It ends before its own total, repeats itself or names nothing: no proof that this is all.
                return False
            seen |= {item.url for item in listing.items}
            counted = listing.total_pages
            if not goes_on(listing, number):
                return True
        return False

    async def _threads(self) -> None:
        """The comments of the whole site, where that takes fewer requests than asking for those of each article.

        Where they are refused, so are those of an article, which then need not be asked for.
        """
        if self.listings.is_closed(rest_door(self.site, "comments")):
            self.reader.asks_rest = False
            return
        waiting = (await self.store.run(partial(agenda.count_waiting, now=self.now))).get(DueReason.NEW, 0)
        threads: dict[int, list[ListedComment]] = defaultdict(list)
        seen: set[int] = set()
        number, pages = 1, waiting
        while number <= min(pages, MAX_PAGES):
            listing = (await self.listings.comments(number)).content
            if listing is None:
                self.reader.asks_rest = number > 1
                return
            if listing.total_pages is None or listing.total_pages > waiting:
                return
            pages = listing.total_pages
            fresh = [comment for comment in listing.items if comment.comment_id not in seen]
            if not fresh and number < pages:
                return
            seen |= {comment.comment_id for comment in fresh}
            for comment in fresh:
                if comment.post_id is not None:
                    threads[comment.post_id].append(comment)
            number += 1
        if number > 1:
            self.reader.threads = {post_id: tuple(thread) for post_id, thread in threads.items()}
