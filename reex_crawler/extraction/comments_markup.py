"""The comments one page shows, read from its markup.

A row is an element with the id of a comment, inside the page's own comment area. Nothing that a writer of the article
or of a comment typed is searched for rows, so that a thread forged there is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from lxml.html import HtmlElement

from reex_crawler.extraction.document import Document, Mender
from reex_crawler.extraction.elements import is_written, tokens_of, words_of
from reex_crawler.extraction.plain import text_of
from reex_crawler.records import Comment, CommentKind, Dated
from reex_crawler.site import markup
from reex_crawler.text.instants import machine, plausible, written
from reex_crawler.urls import absolute

_ID = re.compile(markup.COMMENT_ID, re.ASCII)
_DEPTH = re.compile(r"depth-(\d{1,3})", re.ASCII)
_LARGEST_ID = 2**63 - 1


def read_comments(doc: Document, areas: list[HtmlElement], mender: Mender) -> tuple[Comment, ...]:
    """The comments of one page in the order shown; an id may come twice.

    A reply that lies deeper than the site nests is shown flattened; it has the parent it is shown under.
    Repairs are recorded in ``mender``, in the field ``comment:ID``.
    """
    reader = _Reader(doc, mender)
    return tuple(
        comment
        for area in areas
        for comment in reader.rows(area, None, pings=not markup.PING_LISTS.isdisjoint(tokens_of(area)))
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    doc: Document
    mender: Mender
    latest: dict[int, int] = field(default_factory=dict)
    """The comment read last at each depth that the page names."""

    def rows(self, parent: HtmlElement, parent_id: int | None, *, pings: bool) -> Iterator[Comment]:
        """The rows below an element, each followed by its replies."""
        for child in parent:
            tokens = tokens_of(child)
            if not tokens.isdisjoint(markup.COMMENT_TEXT):
                continue
            number = row_id(child, parent_id)
            in_pings = pings or not tokens.isdisjoint(markup.PING_LISTS)
            if number is None:
                # Without an element of its own for the text, the whole of the comment's body is text.
                if tokens.isdisjoint(markup.COMMENT_BODY) or _text_element(child) is not None:
                    yield from self.rows(child, parent_id, pings=in_pings)
                continue
            parts = list(_own(child, number))
            if any(_is_held(part) for part in parts):
                continue
            yield self._comment(child, parts, number, self._parent(child, parent_id, number), pings=in_pings)
            yield from self.rows(child, number, pings=in_pings)

    def _parent(self, row: HtmlElement, around: int | None, number: int) -> int | None:
        """The comment a row answers: the one it lies in, unless the depth in its classes puts it below another one.

        A block theme opens an item inside an item for replies deeper than it nests, which HTML does not allow. The
        parser then closes the outer lists too early, and the replies that follow are left outside of them.
        """
        depth = _depth(row)
        if depth is None:
            return around
        above = next((level for level, latest in self.latest.items() if latest == around), 0)
        self.latest[depth] = number
        return around if above == depth - 1 else self.latest.get(depth - 1, around)

    def _comment(
        self, row: HtmlElement, parts: list[HtmlElement], number: int, parent_id: int | None, *, pings: bool
    ) -> Comment:
        tokens = tokens_of(row)
        kind = next((kind for kind in CommentKind if kind.value in tokens), CommentKind.COMMENT)
        field = f"comment:{number}"
        if _text_element(row, parts) is None and (pings or kind is not CommentKind.COMMENT):
            return self._ping(row, number, None if pings else kind)
        name = _author(parts)
        return Comment(
            comment_id=number,
            parent_id=parent_id,
            author_name=(self.mender.line(field, words_of(name)) if name is not None else None) or "",
            author_url=self._link(name),
            by_article_author=markup.COMMENT_BY_AUTHOR in tokens,
            posted=self._posted(parts),
            body=self._text(parts, row, field, number),
            kind=kind,
        )

    def _ping(self, row: HtmlElement, number: int, kind: CommentKind | None) -> Comment:
        """A ping that stands as a link with, in Divi, " - " and an excerpt behind it.

        Divi does not tell the two kinds apart; the text of a pingback, which WordPress itself cuts from the linking
        page, always starts with "[…]", and that of a trackback with a title.
        """
        field = f"comment:{number}"
        link = next(row.iter("a"), None)
        words, excerpt = words_of(row), ""
        if link is not None:
            words, excerpt = words_of(link), link.tail or ""
        elif kind is None:
            words, _, excerpt = words.partition(" - ")
        excerpt = (self.mender.line(field, excerpt) or "").removeprefix("-").lstrip() if kind is None else ""
        guessed = CommentKind.PINGBACK if excerpt.startswith("[…]") else CommentKind.TRACKBACK
        return Comment(
            comment_id=number,
            parent_id=None,
            author_name=self.mender.line(field, words) or "",
            author_url=self._link(link),
            by_article_author=False,
            posted=None,
            body=excerpt,
            kind=kind or guessed,
        )

    def _link(self, name: HtmlElement | None) -> str | None:
        link = None if name is None else name if name.tag == "a" else next(name.iter("a"), None)
        return absolute(link.get("href") or "", base="") if link is not None else None

    def _posted(self, parts: list[HtmlElement]) -> Dated | None:
        zone, now = self.doc.profile.time_zone, self.doc.page.fetched_at
        for part in parts:
            if part.tag == "time" and (dated := machine(part.get("datetime") or "", zone)):
                return plausible(dated, now)
        for part in parts:
            if not tokens_of(part).isdisjoint(markup.COMMENT_DATE) and (dated := written(words_of(part), zone, now)):
                return plausible(dated, now)
        return None

    def _text(self, parts: list[HtmlElement], row: HtmlElement, field: str, number: int) -> str:
        """The words of a comment, from the element that holds nothing else or else from around the furniture."""
        text = _text_element(row, parts)

        def skip(part: HtmlElement) -> bool:
            if text is not None:
                return not tokens_of(part).isdisjoint(markup.COMMENT_CONTROLS)
            return not tokens_of(part).isdisjoint(markup.COMMENT_FURNITURE) or row_id(part, number) is not None

        element = text if text is not None else _body_element(row, parts)
        return text_of(element, partial(self.mender.runs, field), skip=skip, smilies=markup.SMILIES)


def find_areas(doc: Document) -> list[HtmlElement]:
    """The outermost comment areas that are the page's own."""
    areas: list[HtmlElement] = []
    for element in doc.marks.find(markup.COMMENT_AREAS):
        above = set(element.iterancestors())
        if above.isdisjoint(areas) and not is_written(element) and not _in_widget(element):
            areas.append(element)
    return areas


def _in_widget(area: HtmlElement) -> bool:
    return any(not markup.WIDGETS.isdisjoint(tokens_of(element)) for element in area.iterancestors())


def row_id(element: HtmlElement, around: int | None) -> int | None:
    """The comment an element is the row of; none for the parts of the row ``around`` it."""
    if element.tag not in {"li", "div", "article"}:
        return None
    number = _own_id(element)
    if number is None:
        tokens = tokens_of(element)
        if not any(kind.value in tokens for kind in CommentKind) or _depth(element) is None:
            return None
        number = next((found for part in element.iter("div", "article") if (found := _own_id(part))), None)
    return None if number == around else number


def _depth(row: HtmlElement) -> int | None:
    return next((int(found[1]) for token in tokens_of(row) if (found := _DEPTH.fullmatch(token))), None)


def _own_id(element: HtmlElement) -> int | None:
    found = _ID.fullmatch(element.get("id") or "")
    return int(found[1]) if found and int(found[1]) <= _LARGEST_ID else None


def _own(row: HtmlElement, number: int) -> Iterator[HtmlElement]:
    """The elements of a row in document order, without its replies and without what is inside its text."""
    for child in row:
        tokens = tokens_of(child)
        if not isinstance(child.tag, str) or row_id(child, number) is not None:
            continue
        yield child
        if tokens.isdisjoint(markup.COMMENT_TEXT):
            yield from _own(child, number)


def _is_held(part: HtmlElement) -> bool:
    """Whether a comment is only shown to its writer while it waits; its replies are not public either."""
    tokens = tokens_of(part)
    if not tokens.isdisjoint(markup.COMMENT_TEXT):
        return any(not tokens_of(one).isdisjoint(markup.COMMENT_HELD) for one in part.iter("em", "p"))
    return not tokens.isdisjoint(markup.COMMENT_HELD)


def _text_element(row: HtmlElement, parts: list[HtmlElement] | None = None) -> HtmlElement | None:
    elements = row.iter() if parts is None else parts
    return next((part for part in elements if not tokens_of(part).isdisjoint(markup.COMMENT_TEXT)), None)


def _body_element(row: HtmlElement, parts: list[HtmlElement]) -> HtmlElement:
    return next((part for part in parts if not tokens_of(part).isdisjoint(markup.COMMENT_BODY)), row)


def _author(parts: list[HtmlElement]) -> HtmlElement | None:
    for name in markup.COMMENT_AUTHOR:
        for part in parts:
            if name in tokens_of(part):
                return part
    return None
