"""One row of a thread, taken apart: where the name, the time and the words of a comment stand.

WordPress' own walkers mark all three by class names that ``site/markup`` lists. Themes that print their rows themselves
mostly vary these names, and some nest what the walkers put side by side; what they do is told by the structure here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial

from lxml.html import HtmlElement

from reex_crawler.extraction.document import Document, Mender
from reex_crawler.extraction.elements import tokens_of, words_of
from reex_crawler.extraction.plain import text_of
from reex_crawler.records import CommentKind, Dated
from reex_crawler.site import layouts, markup
from reex_crawler.text.instants import machine, plausible, written
from reex_crawler.urls import absolute

_ID = re.compile(markup.COMMENT_ID, re.ASCII)
_DEPTH = re.compile(r"depth-(\d{1,3})", re.ASCII)
_LARGEST_ID = 2**63 - 1
ROW_TAGS = ("li", "div", "article")
_KINDS = frozenset(kind.value for kind in CommentKind)
_SAYS = re.compile(r"\s+says\s*:?\s*$", re.IGNORECASE)


def _named(pattern: str, names: frozenset[str] = frozenset()) -> Callable[[HtmlElement], bool]:
    """A test whether an element has one of the class names, or one that varies them as the pattern says."""
    varied = re.compile(pattern)

    @lru_cache(maxsize=1024)
    def fits(classes: str) -> bool:
        return not names.isdisjoint(classes.split()) or varied.search(classes) is not None

    def test(element: HtmlElement) -> bool:
        classes = element.get("class")
        return classes is not None and fits(classes)

    return test


is_text = _named(markup.COMMENT_TEXT_NAME, markup.COMMENT_TEXT)
"""Whether an element of a row holds the words of the comment, by its class."""
_has_name = _named(markup.COMMENT_AUTHOR_NAME, markup.COMMENT_AUTHOR)
_has_date = _named(markup.COMMENT_DATE_NAME, markup.COMMENT_DATE)
_is_author_place = _named(markup.COMMENT_AUTHOR_PLACE)
_is_meta = _named(markup.COMMENT_META_NAME)
_is_named_control = _named(markup.COMMENT_CONTROL_NAME)


def row_id(element: HtmlElement, around: int | None) -> int | None:
    """The comment an element is the row of; none for the parts of the row ``around`` it."""
    if element.tag not in ROW_TAGS:
        return None
    number = _own_id(element)
    if number is None:
        tokens = tokens_of(element)
        if _KINDS.isdisjoint(tokens) or _depth(tokens) is None:
            return None
        number = next((found for part in element.iter("div", "article") if (found := _own_id(part))), None)
    return None if number == around else number


@dataclass(frozen=True)
class Row:
    """What one row says of its comment."""

    element: HtmlElement
    number: int
    beside: tuple[HtmlElement, ...]
    """The elements of the row without its replies and without what is inside its text, in document order."""
    text: HtmlElement | None
    """The element that holds the words; none where they stand among the other parts, as the older walker has them."""
    is_mixed: bool
    """Whether the name or the time may stand among the words."""

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The classes of the comment (``comment_class``), which some themes put on an element inside the row."""
        inside = (tokens for part in self.beside if _depth(tokens := tokens_of(part)) is not None)
        return tokens_of(self.element).union(*inside)

    @property
    def kind(self) -> CommentKind:
        """What the classes say; a comment where they say nothing."""
        return next((kind for kind in CommentKind if kind.value in self.tokens), CommentKind.COMMENT)

    @property
    def depth(self) -> int | None:
        """How deep the row is nested, counted from 1, where its classes say so."""
        return _depth(self.tokens)

    @property
    def by_article_author(self) -> bool:
        """Whether the row is marked as written by the author of the article."""
        return any(tokens & markup.COMMENT_BY_AUTHOR for tokens in (self.tokens, *map(tokens_of, self.beside)))

    def is_held(self) -> bool:
        """Whether a comment is only shown to its writer while it waits; its replies are not public either."""
        return any(map(_says_held, self.beside))

    def author(self, mender: Mender, field: str) -> str:
        """The commenter's name; empty where none is found."""
        name = self._name
        if name is None:
            return ""
        words = text_of(name, partial(mender.runs, field), skip=_is_beside_name)
        line = " ".join(words.split("\n")).strip()
        return _SAYS.sub("", line) if _is_author_place(name) else line

    @property
    def author_url(self) -> str | None:
        """The web address that the commenter's name leads to."""
        name = self._name
        if name is None:
            return None
        around = name.getparent()
        links = [around] if around is not None and around.tag == "a" else list(name.iter("a"))
        hrefs = (link.get("href") or "" for link in links)
        return next((absolute(href, base="") for href in hrefs if "#comment" not in href), None)

    def posted(self, doc: Document) -> Dated | None:
        """The time of posting: by attributes for machines, or else as it is written beside the name."""
        dated = next(self._machine_times(doc), None) or next(self._written_times(doc), None)
        return plausible(dated, doc.page.fetched_at)

    def words(self, mender: Mender, field: str) -> str:
        """The words of the comment, without what themes and plugins put around and among them."""
        body = self.text if self.text is not None else self._body
        heads = {one for part in self._heads for one in (part, *part.iterancestors())}
        paragraphs = [part for part in body.iter("p") if part not in heads]

        def skip(part: HtmlElement) -> bool:
            if _is_control(part):
                return True
            if self.text is not None and not self.is_mixed:
                return False
            if part in heads and paragraphs and all(paragraph in heads for paragraph in part.iter("p")):
                return True
            return bool(tokens_of(part) & markup.COMMENT_FURNITURE) or row_id(part, self.number) is not None

        return text_of(body, partial(mender.runs, field), skip=skip, smilies=markup.SMILIES)

    @property
    def _body(self) -> HtmlElement:
        return next((part for part in self.beside if tokens_of(part) & markup.COMMENT_BODY), self.element)

    @cached_property
    def _name(self) -> HtmlElement | None:
        return next((part for says in _NAMES for part in self.beside if says(part) and _is_name(part)), None)

    @property
    def _heads(self) -> list[HtmlElement]:
        return [part for part in self.beside if part is self._name or _is_time(part)]

    def _machine_times(self, doc: Document) -> Iterator[Dated]:
        for part in self.beside:
            is_date = "datePublished" in (part.get("itemprop") or "").split()
            given = part.get("datetime") or (part.get("content") if is_date else None)
            if (part.tag == "time" or is_date) and given and (dated := machine(given, doc.profile.time_zone)):
                yield dated

    def _written_times(self, doc: Document) -> Iterator[Dated]:
        dates = [part for part in self.beside if _is_time(part) and not any(map(_is_time, part.iterdescendants("*")))]
        links = [part for part in self.beside if part.tag == "a" and "#comment-" in (part.get("href") or "")]
        heads = [part for part in self.beside if _is_meta(part) or _is_author_place(part)]
        texts = [text for part in (*dates, *links) for text in (part.get("title") or "", words_of(part))]
        for text in (*texts, *(" ".join(part.itertext()) for part in heads)):
            if dated := written(text, doc.profile.time_zone, doc.page.fetched_at):
                yield dated


def take_apart(element: HtmlElement, number: int) -> Row:
    """A row by its element and the id of its comment.

    The text is the outermost element of its name, so that nothing typed in it is taken for the theme's, unless neither
    a name nor a time stands beside it: then they stand in it, and the words perhaps in another such element.
    """
    beside = list(_parts(element, number))
    text = next(filter(is_text, beside), None)
    is_mixed = text is None
    while text is not None and not any(_is_head(part) or part.tag == "cite" for part in beside):
        inner = list(_parts(text, number))
        nested = next(filter(is_text, inner), None)
        if nested is None and not any(map(_is_head, inner)):
            break
        beside += inner
        is_mixed = nested is None
        text = text if nested is None else nested
    return Row(element, number, tuple(beside), text, is_mixed)


def _parts(element: HtmlElement, number: int) -> Iterator[HtmlElement]:
    for child in element:
        if isinstance(child.tag, str) and row_id(child, number) is None:
            yield child
            if not is_text(child):
                yield from _parts(child, number)


@lru_cache(maxsize=1024)
def _depth(tokens: frozenset[str]) -> int | None:
    return next((int(found[1]) for token in tokens if (found := _DEPTH.fullmatch(token))), None)


def _own_id(element: HtmlElement) -> int | None:
    name = element.get("id")
    found = _ID.fullmatch(name) if name else None
    return int(found[1]) if found and int(found[1]) <= _LARGEST_ID else None


def _says_held(part: HtmlElement) -> bool:
    if is_text(part):
        return any(tokens_of(one) & markup.COMMENT_HELD for one in part.iter("em", "p"))
    return bool(tokens_of(part) & markup.COMMENT_HELD)


def _is_head(part: HtmlElement) -> bool:
    """Whether a part is the name or the time beyond doubt; a commenter can type neither."""
    return _is_time(part) or ((_is_exact_name(part) or _is_author_place(part)) and _is_name(part))


def _is_time(part: HtmlElement) -> bool:
    return part.tag == "time" or _has_date(part)


def _is_name(part: HtmlElement) -> bool:
    return bool(words_of(part).strip())


def _is_exact_name(part: HtmlElement) -> bool:
    return _has_name(part) or "name" in (part.get("itemprop") or "").split()


def _is_name_in_place(part: HtmlElement) -> bool:
    around = part.iterancestors()
    is_marked = part.tag in {"cite", "b", "strong"} or (part.tag == "a" and "#" not in (part.get("href") or ""))
    return is_marked and any(map(_is_author_place, around))


def _is_beside_name(part: HtmlElement) -> bool:
    return _is_time(part) or _is_control(part) or bool(tokens_of(part) & markup.COMMENT_FURNITURE)


def _is_control(part: HtmlElement) -> bool:
    """Whether a part is a link to reply or what plugins put in to like, rate or share a comment."""
    tokens = tokens_of(part)
    if tokens & (markup.COMMENT_CONTROLS | layouts.SHARE_CLASSES):
        return True
    return _is_named_control(part) and next(part.iter("p"), None) is None


_NAMES = (
    lambda part: "fn" in tokens_of(part),
    _is_exact_name,
    _is_name_in_place,
    _is_author_place,
    lambda part: part.tag == "cite",
    lambda part: bool(tokens_of(part) & markup.COMMENT_AUTHOR_LOOSE),
)
"""Where the commenter's name stands, the surest place first."""
