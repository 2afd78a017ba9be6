"""Every fact about rareearthexchanges.com that is not a page layout: addresses, listings, language, time zone.

Nothing outside ``site/`` names the site. ``profile(site_url)`` gives the same facts for a copy of it elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import lru_cache
from urllib.parse import parse_qs, parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from reex_crawler.urls import normalise, same_origin

DEFAULT_SITE_URL = "https://rareearthexchanges.com"

_ARTICLE = re.compile(r"^/(?:news|podcast)/(?P<slug>[^/]+)(?P<rest>(?:/.*)?)$")
_COMMENT_PAGE = re.compile(r"^/comment-page-(?P<number>\d+)/?$")
_TEXT_PAGE = re.compile(r"^/(?P<number>\d+)/?$")
# A post type's own pages share the first segment of its articles; none of these is a slug.
_NOT_A_SLUG = frozenset({"feed", "page", "embed", "category", "tag", "author"})


class UrlKind(Enum):
    """What an address of the site stands for."""

    ARTICLE = auto()
    ARTICLE_ID = auto()
    """``/?p=ID`` and ``/?post_type=…&p=ID``: redirects to the article."""
    COMMENT_PAGE = auto()
    TEXT_PAGE = auto()
    """A further part of an article parted by ``<!--nextpage-->``."""
    OTHER = auto()
    FOREIGN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteProfile:
    """The site as the rest of the program sees it."""

    site_url: str
    """Scheme, host and port, without a slash at the end."""
    names: tuple[str, ...]
    """What the site appends to its titles."""
    time_zone: ZoneInfo
    language: str
    feed_paths: tuple[str, ...]
    comments_feed_path: str
    """The feed of the newest comments of the whole site."""
    sitemap_paths: tuple[str, ...]
    sitemap_types: tuple[str, ...]
    """Post types whose sitemaps list articles, as they stand in sitemap names."""
    rest_root: str
    rest_types: tuple[str, ...]
    """REST collections of articles, best first."""

    def url(self, path: str) -> str:
        """The absolute URL of a path of the site."""
        return self.site_url + path

    def owns(self, url: str) -> bool:
        """Whether the URL has the site's scheme, host and port."""
        return same_origin(url, self.site_url)

    def kind(self, url: str) -> UrlKind:
        """What an absolute URL stands for; queries other than tracking make it no article."""
        return _kind(url) if self.owns(url) else UrlKind.FOREIGN

    def article_url(self, url: str) -> str | None:
        """The canonical URL of the article that an address belongs to; none where it names no article.

        Comment pages, text pages, tracking queries and fragments lead to the article itself, which ends in a slash.
        """
        return _article_url(url, self.site_url) if self.owns(url) else None

    def page_number(self, url: str) -> int | None:
        """The number of a comment page or text page; none for any other address."""
        match = _ARTICLE.match(urlsplit(url).path)
        if match is None:
            return None
        number = _COMMENT_PAGE.match(match["rest"]) or _TEXT_PAGE.match(match["rest"])
        return int(number["number"]) if number else None

    def comment_page_url(self, article_url: str, number: int) -> str:
        """The address of a page of an article's comments, from the article's canonical URL."""
        return f"{article_url}comment-page-{number}/"

    def comments_url(self, post_id: int, page: int = 1) -> str:
        """The REST address of an article's comments, oldest first, with what their markup cannot tell."""
        query = f"post={post_id}&per_page=100&page={page}&order=asc&orderby=date_gmt"
        return self.url(f"{self.rest_root}comments?{query}&_fields=id,parent,author_name,author_url,date_gmt")

    def all_comments_url(self, page: int = 1, *, after: datetime | None = None) -> str:
        """The REST address of one page (from 1) of the comments on all articles: newest first, or oldest after a time.

        With ``after`` only those posted later than it, by ``comment_date``, which is local time
        (``WP_Comment_Query``): see ``lower_limit``.
        """
        limit = f"&after={self.lower_limit(after)}" if after else ""
        order = "asc" if after else "desc"
        query = f"per_page=100&page={page}&order={order}&orderby=date_gmt{limit}"
        return self.url(f"{self.rest_root}comments?{query}&_fields=id,post,parent,author_name,author_url,date_gmt")

    def lower_limit(self, at: datetime) -> str:
        """An instant as WordPress' REST parameters ``after`` and ``modified_after`` want it: local, without a zone.

        WordPress reads a limit on the site's clock, converting one that carries an offset, and lists what its stored
        local time puts strictly later (``WP_Date_Query::build_mysql_datetime``). Where autumn repeats an hour, what
        comes later may stand earlier on that clock; the limit is then an hour early, so that nothing is left out.
        Fractions of a second are dropped: WordPress stores none.
        """
        wall, repeated = self._wall_clock(at)
        return (wall - repeated).isoformat(timespec="seconds")

    def upper_limit(self, at: datetime) -> str:
        """An instant as ``before`` and ``modified_before`` want it: see ``lower_limit``; at most an hour late."""
        wall, repeated = self._wall_clock(at)
        return (wall + repeated).isoformat(timespec="seconds")

    def _wall_clock(self, at: datetime) -> tuple[datetime, timedelta]:
        """The site's clock at an instant, and how long the time it shows then is repeated: an hour once a year."""
        local = at.astimezone(self.time_zone)
        repeated = local.replace(fold=1).astimezone(UTC) - local.replace(fold=0).astimezone(UTC)
        return local.replace(tzinfo=None), repeated


def profile(site_url: str = DEFAULT_SITE_URL) -> SiteProfile:
    """The facts of the site, standing at ``site_url`` (scheme, host and port; a path is ignored)."""
    parts = urlsplit(normalise(site_url))
    return SiteProfile(
        site_url=f"{parts.scheme}://{parts.netloc}",
        names=("Rare Earth Exchanges", "REEx", "Rare Earth Exchanges™"),
        time_zone=ZoneInfo("America/Denver"),
        language="en-US",
        feed_paths=("/news/feed/", "/feed/", "/podcast/feed/"),
        comments_feed_path="/comments/feed/",
        sitemap_paths=("/sitemap_index.xml", "/wp-sitemap.xml", "/sitemap.xml"),
        sitemap_types=("news-archive", "podcast"),
        rest_root="/wp-json/wp/v2/",
        rest_types=("news-archive", "podcast"),
    )


@lru_cache(maxsize=4096)
def _kind(url: str) -> UrlKind:
    """What an address on the site stands for."""
    parts = urlsplit(url)
    query = {key for key, _ in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(key)}
    if parts.path in {"", "/"} and "p" in query and query <= {"p", "post_type"}:
        return UrlKind.ARTICLE_ID if parse_qs(parts.query)["p"][0].isdecimal() else UrlKind.OTHER
    match = _ARTICLE.match(parts.path)
    if query or match is None or match["slug"].lower() in _NOT_A_SLUG:
        return UrlKind.OTHER
    if match["rest"] in {"", "/"}:
        return UrlKind.ARTICLE
    if _COMMENT_PAGE.match(match["rest"]):
        return UrlKind.COMMENT_PAGE
    return UrlKind.TEXT_PAGE if _TEXT_PAGE.match(match["rest"]) else UrlKind.OTHER


@lru_cache(maxsize=4096)
def _article_url(url: str, site_url: str) -> str | None:
    """The canonical URL of the article that an address on the site belongs to."""
    if _kind(url) not in {UrlKind.ARTICLE, UrlKind.COMMENT_PAGE, UrlKind.TEXT_PAGE}:
        return None
    first, slug = urlsplit(normalise(url)).path.split("/")[1:3]
    return f"{site_url}/{first}/{slug}/"


def _is_tracking(key: str) -> bool:
    """Queries that advertisers add and WordPress ignores."""
    return key.startswith("utm_") or key in {"fbclid", "gclid", "mc_cid", "mc_eid"}
