"""Sitemaps (sitemaps.org) of WordPress core and of SEO plugins: bytes to listed articles. No network, no state."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from reex_crawler.discovery.xml import read_tree, text_of
from reex_crawler.records import Dated, Listed, Page
from reex_crawler.site.profile import SiteProfile, UrlKind
from reex_crawler.text.instants import machine, plausible
from reex_crawler.urls import absolute, last_segment

_ROOTS = frozenset({"urlset", "sitemapindex"})


@dataclass(frozen=True, slots=True)
class Child:
    """A further sitemap that an index names."""

    url: str
    modified_at: datetime | None
    """Its ``lastmod``: when one of its articles was last changed. WordPress core gives none."""


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What one sitemap lists: further sitemaps, articles, or (against the protocol) both."""

    children: tuple[Child, ...]
    entries: tuple[Listed, ...]


def read(page: Page, profile: SiteProfile) -> Sitemap:
    """The articles a sitemap lists with their ``lastmod``, and the child sitemaps worth asking for.

    Worth asking are those named after a post type of articles; where none is, all of them, since a plugin may name its
    sitemaps by number only. Addresses of other hosts are dropped. Raises ``BadListing`` for what is no sitemap.
    """
    tree = read_tree(page, _ROOTS)
    children = {
        url: Child(url, modified.at if (modified := _lastmod(element, page, profile)) else None)
        for element in tree.iterfind("{*}sitemap")
        if (url := absolute(text_of(element, "{*}loc") or "", page.final_url)) and profile.owns(url)
    }
    wanted = [child for url, child in children.items() if _names_articles(url, profile)]
    entries: dict[str, Listed] = {}
    for element in tree.iterfind("{*}url"):
        url = absolute(text_of(element, "{*}loc") or "", page.final_url)
        article = profile.article_url(url) if url and profile.kind(url) is UrlKind.ARTICLE else None
        if article is not None and article not in entries:
            entries[article] = Listed(
                url=article,
                source="sitemap",
                listed_in=page.url,
                modified=_lastmod(element, page, profile),
            )
    return Sitemap(tuple(wanted or children.values()), tuple(entries.values()))


def _lastmod(element: etree._Element, page: Page, profile: SiteProfile) -> Dated | None:
    return plausible(machine(text_of(element, "{*}lastmod") or "", profile.time_zone), page.fetched_at)


def number(url: str, post_type: str) -> int | None:
    """Which of the sitemaps of a post type this is, from 1, by its name; none for any other sitemap.

    WordPress core names them ``wp-sitemap-posts-TYPE-1.xml``, SEO plugins ``TYPE-sitemap2.xml``.
    """
    types = re.escape(post_type)
    match = re.fullmatch(
        rf"(?:wp-sitemap-posts-{types}-(\d+)|{types}-sitemap-?(\d*))\.xml(?:\.gz)?", last_segment(url) or ""
    )
    return int(match[1] or match[2] or 1) if match else None


def _names_articles(url: str, profile: SiteProfile) -> bool:
    """Whether a sitemap is named after a post type of articles."""
    return any(number(url, post_type) is not None for post_type in profile.sitemap_types)
