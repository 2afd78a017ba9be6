"""Reading one article through a given ``get``: its page, then every further page that it turns out to have."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import urlsplit

from reex_crawler.discovery.policy import article_key, curly_names, leaves_open
from reex_crawler.records import Article, Author, Listed, ListedComment, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.spiders.fetching import NoAnswer, no_page
from reex_crawler.text.typography import folded

logger = logging.getLogger(__name__)

# More than any thread has; a site that names ever new pages is not followed for ever.
_MAX_PARTS = 200
# A REST collection that is closed has one address for all articles, told apart by the query only.
_REFUSALS = 3


class ArticleReader:
    """Reads the articles of one run. ``get`` fetches a URL and raises ``NoAnswer`` where there is no answer."""

    def __init__(self, site: SiteProfile, get: Callable[[str], Awaitable[Page]]) -> None:
        self._site = site
        self._get = get
        self._refusals: Counter[str] = Counter()
        self._typed: dict[str, Author] = {}
        """Authors as a feed names them: block themes print names with curly quotes in place of what was typed."""
        self.asks_rest = True
        """Whether REST's comments of an article are asked for; not where they are known to be refused."""
        self.threads: Mapping[int, tuple[ListedComment, ...]] | None = None
        """Every comment that REST names, by the post; none where REST's comments were not read to their end."""
        self.feeds: Callable[[str], Awaitable[Listed | None]] = _nothing
        """What a feed says of an article whose page and listing leave facts open."""

    async def read(self, page: Page, listed: Listed | None) -> tuple[Article, tuple[Page, ...], Listed | None]:
        """The article of a page, with what is listed of it and all its further pages; raises ``PageError``.

        Gives these further pages, and what is listed, too: all that it was read from.
        """
        # The extraction takes a third of a second to import, which a run that finds nothing new need not spend.
        from reex_crawler import ingest  # noqa: PLC0415

        parts: dict[str, Page] = {}
        article = ingest.read(page, self._site, listed=listed)
        known = await self._known(article, listed)
        if known != listed:
            listed = known
            article = ingest.read(page, self._site, listed=listed)
        while (waiting := [url for url in article.pending if url not in parts]) and len(parts) < _MAX_PARTS:
            for url in waiting:
                parts[url] = await self._part(url)
            article = ingest.read(page, self._site, more=tuple(parts.values()), listed=listed)
        return article, tuple(parts.values()), listed

    def said_of(self, page: Page, listed: Listed | None) -> Listed | None:
        """What is listed, unless after a redirect it speaks of another article than the one that answered."""
        if listed is None or article_key(page.final_url, self._site) == article_key(listed.url, self._site):
            return listed
        return None

    async def _known(self, article: Article, listed: Listed | None) -> Listed | None:
        """What is listed of an article that was read for a first time, its thread and what a feed knows included."""
        if listed is None or listed.source == "sitemap":
            curly = curly_names(article)
            if leaves_open(article) or any(folded(name) not in self._typed for name in curly):
                listed = await self.feeds(article.url) or listed
                self._typed |= {folded(author.name): author for author in (listed.authors if listed else ())}
            elif curly:
                authors = tuple(self._typed.get(folded(author.name), author) for author in article.authors)
                listed = replace(
                    listed or Listed(url=article.url, source="", listed_in=""), source="feed", authors=authors
                )
        if self.threads is None or article.post_id is None:
            return listed
        listed = listed or Listed(url=article.url, source="rest", listed_in="", post_id=article.post_id)
        return replace(listed, thread=self.threads.get(article.post_id, ()))

    async def _part(self, url: str) -> Page:
        """A further page of an article; one without an answer stands for it, so that it is not asked for again."""
        door = urlsplit(url).path
        closed = door.startswith(self._site.rest_root) and not self.asks_rest
        if closed or self._refusals[door] >= _REFUSALS:
            return no_page(url)
        try:
            page = await self._get(url)
        except NoAnswer as error:
            logger.warning("part left out: %s", error)
            page = no_page(url)
        self._refusals[door] = 0 if page.status == HTTPStatus.OK else self._refusals[door] + 1
        return page


async def _nothing(_url: str) -> None:
    return None
