"""Which page of a thread a page shows, and which others it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from reex_crawler.extraction.comments_row import row_id
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import tokens_of, words_of
from reex_crawler.site import markup
from reex_crawler.site.profile import UrlKind
from reex_crawler.urls import absolute

MOST_PAGES = 1000
"""More pages than any thread has: a link beyond them is an error of the site, not to be followed."""

_COUNT = re.compile(rf"\W*{markup.COMMENT_COUNT}", re.IGNORECASE)
_HEADINGS = ("h1", "h2", "h3", "h4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paging:
    """What one page tells of the others."""

    number: int | None
    """Which comment page this is; WordPress counts from the oldest."""
    linked: frozenset[int]
    article: str | None
    """The canonical URL of the article whose comment pages are linked."""
    claimed: int | None
    """How many comments the heading counts."""


@dataclass(frozen=True, slots=True)
class _Links:
    """Numbers of comment pages by the direction of the links that name them."""

    older: set[int] = field(default_factory=set)
    newer: set[int] = field(default_factory=set)
    other: set[int] = field(default_factory=set)


def read_paging(doc: Document, areas: list[HtmlElement]) -> Paging:
    """The paging of one page, from its address and from the navigation of its comment areas.

    The address of the article itself shows the last page of a thread, or the first, as the site is set. Then the
    current number of the navigation tells which, or the links to its neighbours do.
    """
    links, current = _Links(), None
    article = doc.profile.article_url(doc.page.final_url)
    for element in (element for area in areas for element in _navigation(area)):
        tokens = tokens_of(element)
        if tokens >= markup.CURRENT_COMMENTS:
            words = words_of(element).strip()
            current = int(words) if words.isascii() and words.isdecimal() else None
        url = absolute(element.get("href") or "", doc.page.final_url)
        if url is None or doc.profile.kind(url) is not UrlKind.COMMENT_PAGE:
            continue
        article = article or doc.profile.article_url(url)
        number = doc.profile.page_number(url) or 0
        if doc.profile.article_url(url) == article and 1 <= number <= MOST_PAGES:
            _direction(links, tokens | tokens_of(element.getparent())).add(number)
    return Paging(
        number=_number(doc, links, current),
        linked=frozenset(links.older | links.newer | links.other),
        article=article,
        claimed=next((count for area in areas if (count := _claimed(area)) is not None), None),
    )


def _direction(links: _Links, tokens: frozenset[str]) -> set[int]:
    if tokens & markup.OLDER_COMMENTS:
        return links.older
    return links.newer if tokens & markup.NEWER_COMMENTS else links.other


def _number(doc: Document, links: _Links, current: int | None) -> int | None:
    if doc.profile.kind(doc.page.final_url) is UrlKind.COMMENT_PAGE:
        return doc.profile.page_number(doc.page.final_url)
    if current is not None:
        return current
    if links.older:
        return max(links.older) + 1
    return (min(links.newer) - 1 or None) if links.newer else None


def _navigation(parent: HtmlElement) -> Iterator[HtmlElement]:
    """Links and marks of an area that do not stand in a comment."""
    for child in parent:
        if isinstance(child.tag, str) and row_id(child, None) is None:
            if child.tag in {"a", "span"}:
                yield child
            yield from _navigation(child)


def _claimed(area: HtmlElement) -> int | None:
    for heading in area.iter(*_HEADINGS):
        if found := _COUNT.match(words_of(heading)):
            return int(re.sub(r"\D", "", found["count"])) if found["count"] else 0 if found["none"] else 1
    return None
