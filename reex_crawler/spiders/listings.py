"""The site's listings. Each is optional, and may be closed, broken, lying or endless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Unpack

from sqlalchemy.orm import Session

from reex_crawler.discovery import comments, feeds, rest, sitemaps
from reex_crawler.discovery.rest import Limits
from reex_crawler.discovery.sitemaps import Child
from reex_crawler.records import DueReason, ListedComment
from reex_crawler.site.profile import SiteProfile
from reex_crawler.spiders.asking import Answer, ListingReader
from reex_crawler.storage import listings as said
from reex_crawler.storage.doors import any_asked
from reex_crawler.storage.models import ResourceKind

# A sitemap holds up to 50,000 addresses, a feed page 10 and a REST page 100: far more than the site has.
_MAX_SITEMAPS = 100
MAX_PAGES = 1000


@dataclass(slots=True)
class Listings(ListingReader):
    """The site's feeds, sitemaps and REST collections, of articles and of comments."""

    asked: set[str] = field(default_factory=set)
    """The sitemaps that were asked."""

    async def feed(
        self, url: str, *, again: bool = False, news_since: datetime | None = None, back: bool = False
    ) -> Answer[feeds.Feed]:
        """One page of a feed; with ``again`` only if it changed since it was read last.

        With ``back`` the page before is noted as one to be read, unless an article of this one was ever asked.
        """

        def keep(session: Session, feed: feeds.Feed, seen_at: datetime) -> int:
            said.remember(session, feed.items, seen_at=seen_at, news_since=news_since)
            if back and feed.items and feed.next_page and not any_asked(session, [item.url for item in feed.items]):
                said.add(session, ResourceKind.FEED, seen_at, {feed.next_page})
                said.mark_due(session, {feed.next_page}, DueReason.NEW, seen_at)
            dates = [item.published.at for item in feed.items if item.published]
            if dates and "paged=" not in url:
                said.unlisted(session, source="feed", listed_in=[url], seen_at=seen_at, since=min(dates))
            return len(feed.items)

        return await self.ask(url, ResourceKind.FEED, feeds.read, keep, again=again)

    async def articles(
        self,
        collection: str,
        page: int = 1,
        *,
        by_change: bool = False,
        oldest_first: bool = False,
        news_since: datetime | None = None,
        **limits: Unpack[Limits],
    ) -> Answer[rest.Listing]:
        """One page of a REST collection of articles, as ``limits`` bound it, the latest first unless told."""
        door = rest_door(self.site, collection)
        order: Literal["date", "modified"] = "modified" if by_change else "date"
        url = rest.articles_url(
            self.site, page, collection=collection, orderby=order, oldest_first=oldest_first, **limits
        )
        whole = not any(limits.values()) and not by_change

        def keep(session: Session, listing: rest.Listing, seen_at: datetime) -> int:
            said.remember(session, listing.items, seen_at=seen_at, news_since=news_since)
            return len(listing.items)

        # A reading that is bounded or ordered otherwise tells nothing of how much there is in all.
        known_as = f"{door}?page={page}" if whole and page > 1 else door
        return await self.ask(
            url,
            ResourceKind.REST,
            rest.articles,
            keep,
            known_as=known_as,
            failed_as=f"{door}?page={page}" if page > 1 else door,
            total=lambda one: one.total if whole else None,
        )

    async def comments(self, page: int = 1, *, after: datetime | None = None) -> Answer[comments.CommentListing]:
        """One page of the REST collection of all comments."""
        url = self.site.all_comments_url(page, after=after)

        def keep(session: Session, listing: comments.CommentListing, seen_at: datetime) -> int:
            said.commented(session, listing.items, listed_in=door, seen_at=seen_at)
            return len(listing.items)

        door = rest_door(self.site, "comments")
        known_as = f"{door}?page={page}" if after is None and page > 1 else door
        return await self.ask(
            url,
            ResourceKind.REST,
            comments.collection,
            keep,
            known_as=known_as,
            of_articles=False,
            failed_as=f"{door}?page={page}" if page > 1 else door,
            total=lambda one: one.total if after is None else None,
        )

    async def comments_feed(self, *, again: bool) -> Answer[tuple[ListedComment, ...]]:
        """The feed of the newest comments."""
        url = self.site.url(self.site.comments_feed_path)

        def keep(session: Session, named: tuple[ListedComment, ...], seen_at: datetime) -> int:
            said.commented(session, named, listed_in=url, seen_at=seen_at)
            return len(named)

        return await self.ask(url, ResourceKind.FEED, comments.feed, keep, again=again, of_articles=False)

    async def sitemaps(
        self,
        announced: Iterable[str],
        *,
        wanted: Callable[[Child], bool] = lambda _: True,
        news_since: datetime | None = None,
    ) -> bool:
        """The sitemaps that robots.txt announces; where they name nothing, the usual addresses in turn.

        Of the children of an index those that are ``wanted`` are read. Gives whether articles are named and every
        sitemap that was asked could be read: one that could not may have named others.
        """
        roots = [url for url in announced if self.site.owns(url)]
        usual = [[self.site.url(path)] for path in self.site.sitemap_paths]
        for some in [roots, *usual]:
            named, whole = await self.sitemaps_at(some, wanted=wanted, news_since=news_since)
            if named:
                return whole
        return False

    async def sitemaps_at(
        self,
        roots: Sequence[str],
        *,
        wanted: Callable[[Child], bool] = lambda _: True,
        news_since: datetime | None = None,
    ) -> tuple[bool, bool]:
        """These sitemaps and their ``wanted`` children.

        Gives whether they name articles, or children that are not wanted now; and whether all of them could be read.
        """

        def keep(session: Session, sitemap: sitemaps.Sitemap, seen_at: datetime) -> int:
            said.remember(session, sitemap.entries, seen_at=seen_at, news_since=news_since)
            return len(sitemap.entries)

        waiting: list[tuple[Child, str]] = [(Child(url, None), url) for url in roots]
        named, whole = False, True
        read: list[str] = []
        while waiting and len(self.asked) < _MAX_SITEMAPS:
            child, index = waiting.pop(0)
            if child.url in self.asked:
                continue
            self.asked.add(child.url)

            answer = await self.ask(
                child.url, ResourceKind.SITEMAP, sitemaps.read, keep, lastmod=(index, child.modified_at)
            )
            if answer.content is None:
                whole = False
                continue
            # One that is suddenly empty is broken sooner than all of its articles are withdrawn.
            read += [child.url] if answer.content.entries else []
            chosen = [one for one in answer.content.children if wanted(one)]
            named = named or bool(answer.content.entries) or len(chosen) < len(answer.content.children)
            waiting += [(one, child.url) for one in chosen]
        if read:
            await self.store.run(
                lambda session: said.unlisted(session, source="sitemap", listed_in=read, seen_at=self.now)
            )
        return named, whole and not waiting


def rest_door(site: SiteProfile, collection: str) -> str:
    """What a REST collection is known as, whatever page and part of it is asked."""
    return site.url(f"{site.rest_root}{collection}")


def goes_on(listing: rest.Listing | comments.CommentListing, page: int) -> bool:
    """Whether a collection has a page after this one; where the site does not say how many, whether this one is full.

    Not every entry of a page is listed: WordPress leaves out what nobody may read.
    """
    if listing.total_pages is not None:
        return page < listing.total_pages
    return len(listing.items) * 2 >= rest.PER_PAGE
