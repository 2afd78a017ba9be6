"""RSS 2.0 and Atom feeds of WordPress: bytes to listed articles. No network, no state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lxml import etree

from reex_crawler.discovery import entries
from reex_crawler.discovery.values import line, number
from reex_crawler.discovery.xml import content, read_tree, text_of
from reex_crawler.records import Author, Listed, Page, Taxonomy, Term
from reex_crawler.site.profile import SiteProfile, UrlKind
from reex_crawler.urls import absolute


@dataclass(frozen=True, slots=True)
class Feed:
    """What one page of a feed lists, newest first as it stands there."""

    items: tuple[Listed, ...]
    next_page: str | None
    """Where older entries stand (``?paged=N``); WordPress answers 404 past the end. None after an empty page."""


def read(page: Page, profile: SiteProfile) -> Feed:
    """The articles of the site that a feed lists; entries that lead elsewhere are dropped.

    A feed does not tell categories from tags, so all its terms stand as categories for ``extraction.terms`` to sort.
    Texts are HTML even where they stand in CDATA. Raises ``BadListing`` for an answer that is no feed.
    """
    tree = read_tree(page, entries.ROOTS)
    elements = list(tree.iter("{*}item", "{*}entry"))
    items: dict[str, Listed] = {}
    for item in _listed(elements, page, profile):
        items.setdefault(item.url, item)
    return Feed(tuple(items.values()), _next_page(page, profile) if elements else None)


def _listed(elements: Iterable[etree._Element], page: Page, profile: SiteProfile) -> Iterator[Listed]:
    for entry in elements:
        link = entries.link(entry)
        url = absolute(link, page.final_url) if link else None
        article = profile.article_url(url) if url and profile.kind(url) is UrlKind.ARTICLE else None
        if article is None:
            continue
        yield Listed(
            url=article,
            source="feed",
            listed_in=page.url,
            post_id=entries.post_id(entries.guid(entry)),
            title=unescape(text_of(entry, "{*}title") or "") or None,
            published=entries.published(entry, page, profile),
            modified=entries.updated(entry, page, profile),
            authors=tuple(Author(name=name) for name in entries.names(entry)),
            terms=tuple(Term(taxonomy=Taxonomy.CATEGORY, name=name) for name in _categories(entry)),
            comment_count=number(text_of(entry, "{http://purl.org/rss/1.0/modules/slash/}comments")),
        )


def _categories(entry: etree._Element) -> tuple[str, ...]:
    terms = (line(unescape(element.get("term") or content(element))) for element in entry.findall("{*}category"))
    return tuple(dict.fromkeys(name for name in terms if name))


def _next_page(page: Page, profile: SiteProfile) -> str | None:
    if not profile.owns(page.url):
        return None
    parts = urlsplit(page.url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query["paged"] = str((number(query.get("paged")) or 1) + 1)
    return urlunsplit(parts._replace(query=urlencode(query), fragment=""))
