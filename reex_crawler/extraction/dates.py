"""When an article was published and last changed.

WordPress keeps local time and UTC side by side. REST and JSON-LD carry the exact instant; themes print local time,
often the day alone. A date without an offset is the site's local time, in JSON-LD too. A time that spring skips is what
WordPress itself makes of it: counted from the offset before, in its ``*_gmt`` fields as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from zoneinfo import ZoneInfo

from lxml.html import HtmlElement

from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import own, tokens_of, words_of
from reex_crawler.extraction.schema import articles, texts
from reex_crawler.extraction.sourced import Sourced
from reex_crawler.records import Dated, Listed, Precision
from reex_crawler.site import markup
from reex_crawler.text.instants import machine, mail, plausible, written

Reader = Callable[[Document, Listed | None], Dated | None]

_FINENESS = {Precision.DAY: 0, Precision.MINUTE: 1, Precision.SECOND: 2}


def published(doc: Document, listed: Listed | None) -> Sourced[Dated] | None:
    """When the article was published, from the most trusted source that knows it."""
    return _best(PUBLISHED, doc, listed)


def modified(doc: Document, listed: Listed | None) -> Sourced[Dated] | None:
    """When the article was last changed, from the most trusted source that knows it; none where no source says so."""
    return _best(MODIFIED, doc, listed)


def _best(sources: tuple[tuple[str, Reader], ...], doc: Document, listed: Listed | None) -> Sourced[Dated] | None:
    """The first source's date, or one that agrees with it and is finer: a day is no better for being trusted."""
    best: Sourced[Dated] | None = None
    for name, read in sources:
        dated = plausible(read(doc, listed), doc.page.fetched_at)
        if dated is not None and (best is None or _refines(dated, best.value, doc.profile.time_zone)):
            best = Sourced(dated, name)
        if best is not None and best.value.precision is Precision.SECOND:
            break
    return best


def _refines(fine: Dated, coarse: Dated, zone: ZoneInfo) -> bool:
    """Whether a date says the same as another one, and more."""
    if _FINENESS[fine.precision] <= _FINENESS[coarse.precision]:
        return False
    if coarse.precision is Precision.DAY:
        return fine.at.astimezone(zone).date() == coarse.at.astimezone(zone).date()
    return fine.at.replace(second=0) == coarse.at.replace(second=0)


def _listed_published(source: str) -> Reader:
    return lambda _, listed: listed.published if listed is not None and listed.source == source else None


def _listed_modified(source: str) -> Reader:
    return lambda _, listed: listed.modified if listed is not None and listed.source == source else None


def _json_ld(field: str) -> Reader:
    def read(doc: Document, _: Listed | None) -> Dated | None:
        values = (text for node in articles(doc) for text in texts(node.get(field)))
        return next((dated for text in values if (dated := _any(text, doc))), None)

    return read


def _meta(names: tuple[str, ...]) -> Reader:
    def read(doc: Document, _: Listed | None) -> Dated | None:
        values = (text for name in names for text in doc.meta.get(name, ()))
        return next((dated for text in values if (dated := _any(text, doc))), None)

    return read


def _printed_published(doc: Document, _: Listed | None) -> Dated | None:
    """What the theme marks as published, and not as changed; else what it marks as both."""
    dates = list(_printed(doc))
    only = (dated for dated, marks in dates if marks & markup.PUBLISHED and not marks & markup.MODIFIED)
    both = (dated for dated, marks in dates if marks & markup.PUBLISHED)
    return next(only, None) or next(both, None)


def _printed_modified(doc: Document, _: Listed | None) -> Dated | None:
    """What the theme marks as changed; a stock theme marks one time as both where they are the same."""
    dates = list(_printed(doc))
    only = (dated for dated, marks in dates if marks & markup.MODIFIED and not marks & markup.PUBLISHED)
    both = (dated for dated, marks in dates if marks & markup.MODIFIED)
    return next(only, None) or next(both, None)


PUBLISHED: tuple[tuple[str, Reader], ...] = (
    ("rest", _listed_published("rest")),
    ("json-ld", _json_ld("datePublished")),
    ("meta", _meta(markup.META_PUBLISHED)),
    ("markup", _printed_published),
    ("feed", _listed_published("feed")),
)
"""Who is asked for the time of publication, the most trusted first."""

MODIFIED: tuple[tuple[str, Reader], ...] = (
    ("rest", _listed_modified("rest")),
    ("json-ld", _json_ld("dateModified")),
    ("meta", _meta(markup.META_MODIFIED)),
    ("markup", _printed_modified),
    ("feed", _listed_modified("feed")),
    ("sitemap", _listed_modified("sitemap")),
)
"""Who is asked for the time of the last change, the most trusted first."""


def _any(text: str, doc: Document) -> Dated | None:
    zone = doc.profile.time_zone
    return machine(text, zone) or mail(text) or written(text, zone, doc.page.fetched_at)


def _printed(doc: Document) -> Iterator[tuple[Dated, frozenset[str]]]:
    """The dates a theme prints for the article, with the names that mark what they are."""
    for element in chain.from_iterable(own(doc, markup.DATES)):
        marks = _marks(element)
        if marks & (markup.PUBLISHED | markup.MODIFIED) and (dated := _date(element, doc)):
            yield dated, marks


def _marks(element: HtmlElement) -> frozenset[str]:
    """What marks a date: its own classes or, for a bare ``<time>``, those of what is next around it."""
    own = tokens_of(element) | frozenset((element.get("itemprop") or "").split())
    if element.tag != "time" or own & (markup.PUBLISHED | markup.MODIFIED):
        return own
    near = element.getparent()
    if near is not None and near.tag == "a":
        near = near.getparent()
    return own | tokens_of(near)


def _date(element: HtmlElement, doc: Document) -> Dated | None:
    inner = element if element.tag == "time" else next(element.iter("time"), element)
    given = inner.get("datetime") or inner.get("content") or (inner.get("title") if inner.tag == "abbr" else None)
    return _any(given, doc) if given else written(words_of(inner), doc.profile.time_zone, doc.page.fetched_at)
