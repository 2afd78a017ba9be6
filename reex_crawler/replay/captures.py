"""What an import holds: pages of articles, and the further pages and listings from the time of each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import urlsplit

from reex_crawler import ingest
from reex_crawler.archive.reader import Archive
from reex_crawler.discovery import feeds, rest, sitemaps
from reex_crawler.discovery.policy import KNOWS
from reex_crawler.errors import ArchiveDamaged, BadListing, Incomplete
from reex_crawler.records import Article, Listed, Page, Record
from reex_crawler.replay.inputs import page_at
from reex_crawler.site.profile import SiteProfile, UrlKind
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
        self._named: dict[str, list[tuple[int, Capture]]] = defaultdict(list)
        """The listings that name an article, and how much each of them knows."""
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
                self._named[url].append((KNOWS[item.source], capture))
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
        listed = self._listed(capture)
        parts: dict[str, Page] = {}
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

    def _listed(self, capture: Capture) -> Listed | None:
        """What the listing that knows most said with the page; of one from another time, what never changes."""
        url = self._site.article_url(capture.url)
        named = [(knows, one) for knows, one in self._named.get(url or "", ())]
        near = [(knows, one) for knows, one in named if abs(one.at - capture.at) <= _TOGETHER]
        best = max(near or named, key=lambda pair: (pair[0], -abs(pair[1].at - capture.at)), default=None)
        if url is None or best is None:
            return None
        listed = self._items(best[1])[url]
        edited = listed.modified is not None and listed.modified.at > capture.at
        return listed if near and not edited else _lasting(listed)

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


def _lasting(listed: Listed) -> Listed | None:
    """What holds at any time: which post it is, and when it was published."""
    if listed.post_id is None and listed.published is None:
        return None
    return Listed(
        url=listed.url,
        source=listed.source,
        listed_in=listed.listed_in,
        post_id=listed.post_id,
        published=listed.published,
    )
