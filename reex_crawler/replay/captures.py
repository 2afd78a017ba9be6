"""What an import holds: pages of articles, and the further pages and listings from the time of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from reex_crawler import ingest
from reex_crawler.archive.reader import Archive
from reex_crawler.discovery import feeds, rest, sitemaps
from reex_crawler.discovery.policy import KNOWS, curly_names, leaves_open
from reex_crawler.errors import ArchiveDamaged, BadListing, Incomplete
from reex_crawler.records import Article, Author, Listed, Page, Record
from reex_crawler.replay.inputs import page_at
from reex_crawler.site.profile import SiteProfile, UrlKind
from reex_crawler.text.typography import folded
from reex_crawler.urls import normalise

_TOGETHER = timedelta(days=1)
"""What was captured within so long of a page is taken for what the site showed with it."""
# Listings read of late, as many as the pages of one day need.
_LISTINGS_AT_HAND = 64
_HTML = frozenset({"text/html", "application/xhtml+xml"})


class Role(Enum):
    """What a capture serves for."""

    ARTICLE = auto()
    PART = auto()
    """A further page of an article."""
    LISTING = auto()
    PAGE = auto()
    """A web page that is none of these."""
    NOTHING = auto()
    """An image, a style sheet, a redirect, an error."""


@dataclass(frozen=True, slots=True)
class Capture:
    """One answer in the archive that came with an import."""

    url: str
    """As the site spells it."""
    at: datetime
    record: Record


@dataclass(frozen=True, slots=True)
class Read:
    """An article and all that it was read from."""

    article: Article
    page: Page
    parts: tuple[Page, ...]
    listed: Listed | None


class Captures:
    """The captures of one import, by what they serve for."""

    def __init__(self, archive: Archive, site: SiteProfile) -> None:
        self._archive = archive
        self._site = site
        self._articles: list[Capture] = []
        self._parts: dict[str, list[Capture]] = defaultdict(list)
        self._named: dict[str, list[tuple[str, Capture]]] = defaultdict(list)
        """The listings that name an article, each with its source."""
        self._typed: dict[str, Author] = {}
        """Authors as feeds name them."""
        self._items = lru_cache(_LISTINGS_AT_HAND)(self._read_listing)

    def add(self, capture: Capture, *, status: int, content_type: str) -> Role:
        """Take in one capture; gives what it serves for. Raises ``StorageError`` where the archive cannot be read."""
        if status != HTTPStatus.OK:
            return Role.NOTHING
        kind = self._site.kind(capture.url)
        if kind in {UrlKind.ARTICLE, UrlKind.ARTICLE_ID}:
            self._articles.append(capture)
            return Role.ARTICLE
        if kind in {UrlKind.COMMENT_PAGE, UrlKind.TEXT_PAGE} or _is_comments(capture.url, self._site):
            self._parts[normalise(capture.url)].append(capture)
            return Role.PART
        if _reader(capture.url, self._site):
            for url, item in self._items(capture).items():
                self._named[url].append((item.source, capture))
                if item.source == "feed":
                    self._typed |= {folded(author.name): author for author in item.authors}
            return Role.LISTING
        return Role.PAGE if content_type in _HTML else Role.NOTHING

    def articles(self) -> Sequence[Capture]:
        """The pages of articles, the oldest first."""
        return sorted(self._articles, key=lambda capture: capture.at)

    def read(self, capture: Capture) -> Read:
        """The article of a page, with its further pages and what a listing says of it.

        Raises ``PageError``, and ``StorageError`` where the archive does not hold what it should.
        """
        page = page_at(self._archive, capture.record, asked=capture.url)
        listed = self._listed(capture, {"rest", "sitemap"}) or self._lasting(capture)
        parts: dict[str, Page] = {}
        article = ingest.read(page, self._site, listed=listed)
        if (known := self._known(capture, article, listed)) != listed:
            listed = known
            article = ingest.read(page, self._site, listed=listed)
        while further := self._further(article, capture.at, parts):
            parts |= {url: page_at(self._archive, one.record, asked=url) for url, one in further.items()}
            article = ingest.read(page, self._site, more=tuple(parts.values()), listed=listed)
        missing = [url for url in article.pending if self._site.kind(url) is UrlKind.TEXT_PAGE]
        if missing:
            # Half a text would stand there as if the site had cut it.
            reason = "text-page"
            raise Incomplete(reason, f"a page of the text was not captured with it: {missing[0]}")
        return Read(article, page, tuple(parts.values()), listed)

    def _further(self, article: Article, at: datetime, read: Collection[str]) -> dict[str, Capture]:
        """The further pages that an article turns out to have, as far as they were captured with it."""
        found: dict[str, Capture] = {}
        for url in article.pending:
            near = [one for one in self._parts.get(normalise(url), ()) if abs(one.at - at) <= _TOGETHER]
            if near and url not in read:
                found[url] = min(near, key=lambda one: abs(one.at - at))
        return found

    def _known(self, capture: Capture, article: Article, listed: Listed | None) -> Listed | None:
        """What is listed of an article that was read for a first time, what a feed knows included, as in a crawl."""
        if listed is not None and listed.source == "rest":
            return listed
        curly = curly_names(article)
        if (leaves_open(article) or curly) and (fed := self._listed(capture, {"feed"})):
            return fed
        if not any(folded(name) in self._typed for name in curly):
            return listed
        authors = tuple(self._typed.get(folded(author.name), author) for author in article.authors)
        return replace(listed or Listed(url=article.url, source="", listed_in=""), source="feed", authors=authors)

    def _listed(self, capture: Capture, sources: Collection[str]) -> Listed | None:
        """What the listing of these sources that knows most said with the page, unless of a later edit."""
        near = [one for one in self._naming(capture) if one[0] in sources and abs(one[1].at - capture.at) <= _TOGETHER]
        listed = self._best(near, capture)
        edited = listed is not None and listed.modified is not None and listed.modified.at > capture.at
        return None if edited else listed

    def _lasting(self, capture: Capture) -> Listed | None:
        """What the listings of any time say that never changes: which post it is, and when it was published."""
        listed = self._best([one for one in self._naming(capture) if one[0] != "sitemap"], capture)
        if listed is None:
            return None
        return Listed(
            url=listed.url,
            source=listed.source,
            listed_in=listed.listed_in,
            post_id=listed.post_id,
            published=listed.published,
        )

    def _naming(self, capture: Capture) -> Sequence[tuple[str, Capture]]:
        return self._named.get(self._site.article_url(capture.url) or "", ())

    def _best(self, naming: Collection[tuple[str, Capture]], capture: Capture) -> Listed | None:
        best = max(naming, key=lambda one: (KNOWS[one[0]], -abs(one[1].at - capture.at)), default=None)
        return self._items(best[1])[self._site.article_url(capture.url) or ""] if best else None

    def _read_listing(self, capture: Capture) -> dict[str, Listed]:
        """What a listing says, by the article; nothing where it is none, or is damaged."""
        reader = _reader(capture.url, self._site)
        if reader is None:
            return {}
        try:
            items = reader(page_at(self._archive, capture.record, asked=capture.url), self._site)
        except (BadListing, ArchiveDamaged):
            return {}
        return {item.url: item for item in items}


def _reader(url: str, site: SiteProfile) -> Callable[[Page, SiteProfile], Iterable[Listed]] | None:
    """What reads the listing that an address stands for; none where it stands for none of articles."""
    path = urlsplit(url).path
    collection = path.removeprefix(site.rest_root) if path.startswith(site.rest_root) else ""
    if collection.partition("/")[0] in site.rest_types:
        return lambda page, profile: rest.articles(page, profile).items
    if path.endswith("/feed/"):
        # The feed of an article, as that of the whole site, lists comments.
        of_comments = path == site.comments_feed_path or site.article_url(url.partition("/feed/")[0] + "/") is not None
        return None if of_comments else lambda page, profile: feeds.read(page, profile).items
    if "sitemap" in path and path.endswith((".xml", ".xml.gz")):
        return lambda page, profile: sitemaps.read(page, profile).entries
    return None


def _is_comments(url: str, site: SiteProfile) -> bool:
    return urlsplit(url).path == f"{site.rest_root}comments"
