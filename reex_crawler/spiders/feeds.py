"""The feeds read back in time: for what they name, and for what they say of an article that its page leaves open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from reex_crawler.records import Listed
from reex_crawler.site.profile import SiteProfile
from reex_crawler.spiders.listings import MAX_PAGES, Listings


class Feeds:
    """The feeds of one run. Each page is asked once, and only when what stands on it is needed."""

    def __init__(self, site: SiteProfile, listings: Listings) -> None:
        self._site = site
        self._listings = listings
        self._shown: dict[str, Listed] = {}
        self._next: dict[str, str | None] = {}
        """The page to read next of each feed that was begun; none at its end."""
        self._pages: dict[str, int] = {}
        self._ended: set[str] = set()
        """Those read to their end."""

    async def back_to(self, feeds: Iterable[str], since: datetime | None) -> bool | None:
        """Each of these feeds, back to what was published at ``since``, or as far back as it goes.

        Gives whether the first that names anything could be read so far; none where none does.
        """
        reached: bool | None = None
        for feed in feeds:
            far = False
            while not far and (items := await self._more(feed)):
                dates = [item.published.at for item in items if item.published]
                far = since is not None and bool(dates) and max(dates) < since
            if reached is None and self._pages.get(feed):
                reached = far or feed in self._ended
        return reached

    async def find(self, url: str) -> Listed | None:
        """What a feed says of an article; none where no feed of its kind names it."""
        for feed in self._nearest_first(url):
            while url not in self._shown and await self._more(feed):
                pass
            if url in self._shown or self._pages.get(feed):
                break
        return self._shown.get(url)

    def _nearest_first(self, url: str) -> Iterable[str]:
        """The feeds of the article's own kind before those of the whole site, and those before any other kind's."""
        segment = urlsplit(url).path.split("/")[1]
        paths = [path.split("/")[1:-1] for path in self._site.feed_paths]
        own = [path for path in paths if path[0] == segment]
        whole = [path for path in paths if path == ["feed"]]
        return [self._site.url(f"/{'/'.join(path)}/") for path in (*own, *whole)]

    async def _more(self, feed: str) -> list[Listed]:
        """What the next page of a feed shows that the pages before did not; nothing at its end."""
        url = self._next.get(feed, feed)
        number = self._pages.get(feed, 0)
        if url is None or number >= MAX_PAGES:
            return []
        answer = await self._listings.feed(url)
        page = answer.content
        items = [item for item in page.items if item.url not in self._shown] if page else []
        if answer.missing or (page and not page.items):
            self._ended.add(feed)
        self._shown |= {item.url: item for item in items}
        self._next[feed] = page.next_page if page and items else None
        self._pages[feed] = number + 1 if items else number
        return items
