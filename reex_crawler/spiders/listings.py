"""Reading the site's listings through a given ``get``. Each is optional, and may be closed, broken or endless."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar

from reex_crawler.discovery import feeds, rest, sitemaps
from reex_crawler.errors import BadListing
from reex_crawler.records import Listed, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.spiders.fetching import NoAnswer

logger = logging.getLogger(__name__)

# A sitemap holds up to 50,000 addresses, a feed page 10 and a REST page 100: far more than the site has.
_MAX_SITEMAPS = 100
_MAX_PAGES = 1000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Found:
    """What a kind of listing names, and whether all of it could be read."""

    listed: tuple[Listed, ...]
    whole: bool


class Listings:
    """The site's feeds, sitemaps and REST collections.

    ``get`` fetches a URL and raises ``NoAnswer`` where there is no answer. What cannot be read is kept in ``problems``.
    """

    def __init__(self, site: SiteProfile, get: Callable[[str], Awaitable[Page]]) -> None:
        self._site = site
        self._get = get
        self.read = 0
        """How many listings could be read."""
        self.problems: list[BadListing | NoAnswer] = []

    async def sitemaps(self, announced: Iterable[str] = ()) -> Found:
        """What the sitemaps that robots.txt announces name; where they name nothing, the usual addresses in turn."""
        found = await self._sitemaps([url for url in announced if self._site.owns(url)])
        for path in self._site.sitemap_paths:
            if found.listed:
                break
            found = await self._sitemaps([self._site.url(path)])
        return found

    async def collections(self) -> Found:
        """Every page of the REST collections of articles; whole also where the site lacks one of the lesser types."""
        listed: list[Listed] = []
        whole = True
        main, *_ = self._site.rest_types
        for collection in self._site.rest_types:
            for number in range(1, _MAX_PAGES):
                page = await self._read(rest.articles, rest.articles_url(self._site, number, collection=collection))
                listed += page.items if page else ()
                whole = whole and (page is not None or (number == 1 and collection != main))
                if page is None or not page.items or number >= (page.total_pages or _MAX_PAGES):
                    break
        return Found(tuple(listed), whole)

    async def changed(self) -> Found:
        """The articles that were changed last, as many as one REST answer gives."""
        page = await self._read(rest.articles, f"{rest.articles_url(self._site)}&orderby=modified")
        return Found(page.items if page else (), whole=page is not None)

    async def newest(self) -> Found:
        """The first page of the first feed that lists articles."""
        for path in self._site.feed_paths:
            if found := await self._feed(path, pages=1):
                return Found(tuple(found), whole=True)
        return Found((), whole=False)

    async def feeds(self) -> Found:
        """Every feed, followed back until a page adds nothing."""
        found = [await self._feed(path, pages=_MAX_PAGES) for path in self._site.feed_paths]
        return Found(tuple(chain.from_iterable(found)), whole=all(found))

    async def _feed(self, path: str, *, pages: int) -> list[Listed]:
        listed: dict[str, Listed] = {}
        url: str | None = self._site.url(path)
        for _ in range(pages):
            page = await self._read(feeds.read, url) if url else None
            if page is None or not any(item.url not in listed for item in page.items):
                break
            listed |= {item.url: item for item in page.items if item.url not in listed}
            url = page.next_page
        return list(listed.values())

    async def _sitemaps(self, roots: list[str]) -> Found:
        waiting, asked = list(roots), set[str]()
        listed: list[Listed] = []
        whole = bool(roots)
        while waiting and len(asked) < _MAX_SITEMAPS:
            url = waiting.pop(0)
            if url in asked:
                continue
            asked.add(url)
            sitemap = await self._read(sitemaps.read, url)
            whole = whole and sitemap is not None
            if sitemap is not None:
                listed += sitemap.entries
                waiting += sitemap.children
        return Found(tuple(listed), whole and not waiting)

    async def _read(self, reader: Callable[[Page, SiteProfile], _T], url: str) -> _T | None:
        try:
            answer = reader(await self._get(url), self._site)
        except (BadListing, NoAnswer) as error:
            logger.info("listing left out: %s", error)
            self.problems.append(error)
            return None
        self.read += 1
        return answer
