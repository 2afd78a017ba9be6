"""The comments one page shows, read from its markup.

A row is an element with the id of a comment, inside the page's own comment area. Nothing that a writer of the article
or of a comment typed is searched for rows, so that a thread forged there is never taken for one. A comment whose name
or time is not found is kept without it: that it was shown is certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml.html import HtmlElement

from reex_crawler.extraction.comments_row import ROW_TAGS, Row, is_text, row_id, take_apart
from reex_crawler.extraction.document import Document, Mender
from reex_crawler.extraction.elements import is_written, tokens_of, words_of
from reex_crawler.records import Comment, CommentKind
from reex_crawler.site import markup
from reex_crawler.urls import absolute


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
            if tokens & markup.COMMENT_TEXT or (parent_id is not None and is_text(child)):
                continue
            number = row_id(child, parent_id)
            in_pings = pings or not tokens.isdisjoint(markup.PING_LISTS)
            if number is None:
                if not _holds_rows(child, parent_id):
                    continue
                # Without an element of its own for the text, the whole of the comment's body is text.
                if tokens.isdisjoint(markup.COMMENT_BODY) or any(map(is_text, child.iter("*"))):
                    yield from self.rows(child, parent_id, pings=in_pings)
                continue
            row = take_apart(child, number)
            if row.is_held():
                continue
            yield self._comment(row, self._parent(row, parent_id), pings=in_pings)
            if _holds_rows(child, number):
                yield from self.rows(child, number, pings=in_pings)

    def _parent(self, row: Row, around: int | None) -> int | None:
        """The comment a row answers: the one it lies in, unless the depth in its classes puts it below another one.

        A block theme opens an item inside an item for replies deeper than it nests, which HTML does not allow. The
        parser then closes the outer lists too early, and the replies that follow are left outside of them.
        """
        depth = row.depth
        if depth is None:
            return around
        above = next((level for level, latest in self.latest.items() if latest == around), 0)
        self.latest[depth] = row.number
        return around if above == depth - 1 else self.latest.get(depth - 1, around)

    def _comment(self, row: Row, parent_id: int | None, *, pings: bool) -> Comment:
        if row.text is None and (pings or row.kind is not CommentKind.COMMENT):
            return self._ping(row.element, row.number, None if pings else row.kind)
        field = f"comment:{row.number}"
        return Comment(
            comment_id=row.number,
            parent_id=parent_id,
            author_name=row.author(self.mender, field),
            author_url=row.author_url,
            by_article_author=row.by_article_author,
            posted=row.posted(self.doc),
            body=row.words(self.mender, field),
            kind=row.kind,
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
            author_url=absolute(link.get("href") or "", base="") if link is not None else None,
            by_article_author=False,
            posted=None,
            body=excerpt,
            kind=kind or guessed,
        )


def find_areas(doc: Document) -> list[HtmlElement]:
    """The outermost comment areas that are the page's own."""
    areas: list[HtmlElement] = []
    for element in doc.marks.find(markup.COMMENT_AREAS):
        above = set(element.iterancestors())
        if above.isdisjoint(areas) and not is_written(element) and not _in_widget(element):
            areas.append(element)
    return areas


def _holds_rows(element: HtmlElement, around: int | None) -> bool:
    """Whether it is worth to look for rows below an element, which most of a page's comment area has none of."""
    return any(row_id(part, around) is not None for part in element.iterdescendants(*ROW_TAGS))


def _in_widget(area: HtmlElement) -> bool:
    return any(not markup.WIDGETS.isdisjoint(tokens_of(element)) for element in area.iterancestors())
