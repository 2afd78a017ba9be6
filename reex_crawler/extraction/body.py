"""The text of an article: where it stands, its blocks, and the further pages of one parted by ``<!--nextpage-->``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from reex_crawler.extraction import checks, fallback, reader
from reex_crawler.extraction.blocks import Block
from reex_crawler.extraction.cut import is_foreign
from reex_crawler.extraction.document import Document, parse, parse_html
from reex_crawler.extraction.elements import is_own, is_written, post_id_of, tokens_of, words_of
from reex_crawler.records import Listed, Page
from reex_crawler.site import markup
from reex_crawler.site.layouts import MODULE, MODULE_HEADING, Layout, layouts
from reex_crawler.site.profile import UrlKind
from reex_crawler.urls import absolute

_ENDS_IN_NUMBER = re.compile(r"/\d{1,3}/?\s*(?:[?#]|$)")
_PAGES = tuple(f".{name}" for name in sorted(markup.PAGE_CONTAINERS))
_BYLINE = re.compile(markup.BYLINE_PREFIX, re.IGNORECASE)
_NAME = re.compile(r"(?!The\b)[^\W\d_a-z]")
_LINKS = etree.XPath("descendant::a/@href", smart_strings=False)
_NEXT_PAGE = re.compile(r"<!--\s*nextpage\s*-->")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text of an article stands, and the layout that says so."""

    layout: Layout
    element: HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The text of an article before its repair, from all its pages that were read."""

    drafts: tuple[Block, ...]
    source: str
    """``layout``, ``rest`` where a listing gave the whole text, or ``trafilatura`` where no layout fits."""
    pending: tuple[str, ...]
    """Addresses of further pages of the text that were not asked for yet."""


def find(doc: Document) -> Place | None:
    """The place of the text, by the first layout of that day that fits; none where no layout does."""
    own_id = post_id_of(doc)
    for layout in layouts(doc.page.fetched_at):
        for element in doc.marks.find((f".{layout.content}",)):
            around = {name for one in (element, *element.iterancestors()) for name in one.get("class", "").split()}
            if (not layout.inside or not layout.inside.isdisjoint(around)) and is_own(element, own_id):
                return Place(layout, element)
    return None


def shows_media(place: Place) -> bool:
    """Whether the place of the text holds a picture or a player: an episode of a podcast may have no words."""
    return next(place.element.iter("img", "iframe", "audio", "video"), None) is not None


def read(doc: Document, place: Place | None, more: Sequence[Page], listed: Listed | None) -> Text:
    """The text of the article; ``more`` holds its further pages, ``listed`` perhaps the whole text in one piece.

    Raises ``Incomplete`` where a further page was refused or cut: half a text is no text.
    """
    _cut_author_boxes(doc)
    if place is None:
        return Text(drafts=fallback.read(doc), source="trafilatura", pending=())
    whole = _whole(doc, place, listed)
    if whole is not None:
        return Text(drafts=whole, source="rest", pending=())
    asked = {number: page for page in more if (number := _part_number(page.url, doc)) is not None}
    parts = [part for _, page in sorted(asked.items()) if (part := _part(page, doc)) is not None]
    linked = {number for one in (doc, *parts) for number in _linked(one, doc)}
    for part in parts:
        _cut_author_boxes(part)
    places = [place, *(found for part in parts if (found := find(part)) is not None)]
    return Text(
        drafts=reader.read([one.element for one in places], doc.base),
        source="layout",
        pending=tuple(f"{_own_url(doc)}{number}/" for number in sorted(linked - asked.keys())),
    )


def _cut_author_boxes(doc: Document) -> None:
    """Remove the blurbs about authors that close a page made with the Divi builder, where they stand among the text."""
    if not doc.marks.find((f".{markup.BLURB}",)) or not doc.marks.find(_PAGES):
        return
    post_id = post_id_of(doc)
    for module in reversed(doc.marks.find((f".{MODULE}",))):
        around = list(module.iterancestors())
        if not any(tokens_of(one) & markup.PAGE_CONTAINERS for one in around):
            continue
        if _names_an_author(module) and is_own(module, post_id):
            module.drop_tree()
        elif is_written(module) and words_of(module).strip() and not any(map(is_foreign, (module, *around))):
            break


def _names_an_author(module: HtmlElement) -> bool:
    """Whether a module is a blurb headed "By" and a name; "By the numbers" and "About magnets" head a text."""
    if markup.BLURB not in tokens_of(module):
        return False
    heading = next((one for one in module.iterdescendants() if MODULE_HEADING in tokens_of(one)), None)
    words = words_of(heading) if heading is not None else ""
    prefix = _BYLINE.match(words)
    return prefix is not None and "about" not in prefix[0].lower() and _NAME.match(words, prefix.end()) is not None


def _whole(doc: Document, place: Place, listed: Listed | None) -> tuple[Block, ...] | None:
    """The text in one piece as REST gives it, where the page shows its first part and no more."""
    first, *rest = _NEXT_PAGE.split((listed.content_html if listed is not None else None) or "")
    if not rest:
        return None
    parts = [parse_html(f"<body>{piece}</body>") for piece in (first, *rest)]
    beginning, shown = (_words(reader.read([one], doc.base)) for one in (parts[0], place.element))
    return reader.read(parts, doc.base) if beginning == shown else None


def _words(drafts: Sequence[Block]) -> list[str]:
    return "".join(f" {run.text}" for draft in drafts for run in draft.runs).split()


def _part(page: Page, doc: Document) -> Document | None:
    """A further page; none where the site led to another, as it does past the end of the text."""
    if _part_number(page.final_url, doc) != _part_number(page.url, doc):
        return None
    checks.answer(page)
    part = parse(page, doc.profile)
    checks.whole(part)
    return part if post_id_of(part) == post_id_of(doc) else None


def _part_number(url: str, doc: Document) -> int | None:
    """Which further page of this article's text an address names; page 1 is the article itself, and so is page 0."""
    profile = doc.profile
    if profile.kind(url) is not UrlKind.TEXT_PAGE or profile.article_url(url) != _own_url(doc):
        return None
    number = profile.page_number(url)
    return number if number is not None and number > 1 else None


def _own_url(doc: Document) -> str | None:
    return doc.profile.article_url(doc.page.final_url)


def _linked(doc: Document, article: Document) -> Iterator[int]:
    """The further pages of the article that a page links."""
    hrefs = (
        *cast("list[str]", _LINKS(doc.tree)),
        *(href for rel, _, href in doc.links if rel == "next"),
    )
    for href in {href for href in hrefs if _ENDS_IN_NUMBER.search(href)}:
        url = absolute(href, doc.base)
        number = _part_number(url, article) if url is not None else None
        if number is not None:
            yield number
