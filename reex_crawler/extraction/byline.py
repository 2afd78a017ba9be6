"""The names in the lines that a theme prints about who wrote an article.

A line may hold more than names: the date, the terms, how many comments there are. Links to authors' pages are names.
Where a line has none, its words are read: from "by" on, up to what is no name. Two people are read from one text only
where it joins full names by "and" or "&", with commas before it; "Smith and Co" and "Jane Doe, Reporter" are one text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from reex_crawler.extraction.cut import is_hidden
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import own, tokens_of, words_of
from reex_crawler.site import markup
from reex_crawler.text.clean import clean_line

Name = tuple[str, HtmlElement | None]
"""A name and the link it stands in."""

_AUTHOR_PATH = re.compile(markup.AUTHOR_PATH)
_TERM_PATH = re.compile(markup.TERM_PATH)
_PREFIX = re.compile(markup.BYLINE_PREFIX, re.IGNORECASE)
_INTRODUCED = re.compile(r"(?:\w+\s+)?by\s|authors?\s*:", re.IGNORECASE)
_NOT_A_NAME = re.compile(markup.NOT_A_NAME, re.IGNORECASE)
_END = re.compile(markup.BYLINE_END, re.IGNORECASE)
_ROLE = re.compile(markup.ROLE, re.IGNORECASE)
_BREAK = re.compile(r"\s*[|•·]\s*|\s[-–—/]\s")
_JOIN = re.compile(r"(?:,\s*|\s)(?:and|&)\s", re.IGNORECASE)
_JOINS = re.compile(rf"{_JOIN.pattern}|[,;]\s", re.IGNORECASE)
_NO_NAME = re.compile(r"(?:[\W_]|\b(?:and|by|written|published|posted|authors?)\b)*", re.IGNORECASE)
_CAPITAL = r"[^\W\d_a-z][\w.'’-]*"
_FULL_NAME = re.compile(
    rf"{_CAPITAL}(?:\s(?:{_CAPITAL}|al|bin|da|de|del|den|der|di|dos|du|la|le|ten|van|von))*\s{_CAPITAL}"
)
_PARTED = frozenset({"a", "br", "div", "li", "p"})


def names(doc: Document) -> tuple[Name, ...]:
    """The names in the article's bylines, in their order; those before the article's element where it has none."""
    for places in own(doc, markup.BYLINES):
        lines = [place for place in places if not _is_commenters(place)]
        if found := tuple(_names(lines)):
            return found
    return ()


def without_prefix(words: str) -> str:
    """A name without the "By" before it."""
    found = _PREFIX.match(words)
    return words[found.end() :] if found else words


def _is_commenters(place: HtmlElement) -> bool:
    tokens = tokens_of(place)
    return markup.CARD in tokens and markup.AUTHOR_CARD not in tokens


def _names(lines: list[HtmlElement]) -> Iterator[Name]:
    links = dict.fromkeys(link for line in lines for link in line.iter("a") if _reads_as_name(link))
    authors = [link for link in links if _leads_to_author(link)]
    if authors:
        yield from ((words_of(link), link) for link in authors)
        return
    inside = set(lines)
    for line in lines:
        if line.tag != "a" and inside.isdisjoint(line.iterancestors()):
            yield from _written(line)


def _written(line: HtmlElement) -> Iterator[Name]:
    """The names in a line that leads to no author's page."""
    exact = [name for part in line.iter("*") if _is_exact(part) and (name := clean_line(_said(part)))]
    if exact:
        yield from ((name, None) for words in exact for name in _people(without_prefix(words)))
        return
    links = [link for link in line.iter("a") if _reads_as_name(link) and not _is_other(link)]
    if links and _NO_NAME.fullmatch(_rest(line, set(links))):
        yield from ((words_of(link), link) for link in links)
        return
    parts = [part for part in map(clean_line, _BREAK.split(_rest(line, set()))) if not _NO_NAME.fullmatch(part)]
    introduced = [part for part in parts if _INTRODUCED.match(part)]
    for words in (introduced or parts)[:1]:
        yield from ((name, None) for name in _people(_END.sub("", without_prefix(words))))


def _rest(element: HtmlElement, left_out: set[HtmlElement]) -> str:
    """The words of a line, a bar in place of what is no name and between elements that nothing else parts."""
    written = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and not is_hidden(child):
            around = " | " if child.tag in _PARTED or _is_other(child) else " "
            inner = "" if child in left_out or _is_other(child) else _rest(child, left_out)
            written.append(f"{around}{inner}{around}")
        written.append(child.tail or (" " if child.getnext() is None else " | "))
    return "".join(written)


def _people(text: str) -> tuple[str, ...]:
    """Several people where a text says so beyond doubt, or else the text as it stands."""
    pieces = [piece.strip() for piece in _JOINS.split(text)] if _JOIN.search(text) else []
    if pieces and all(_FULL_NAME.fullmatch(piece) and not _ROLE.search(piece) for piece in pieces):
        return tuple(pieces)
    return (text,)


def _is_exact(part: HtmlElement) -> bool:
    """Whether an element holds a name and nothing else."""
    return bool(tokens_of(part) & markup.NAMES) or "name" in (part.get("itemprop") or "").split()


def _said(part: HtmlElement) -> str:
    return part.get("content") or "" if part.tag == "meta" else words_of(part)


def _reads_as_name(link: HtmlElement) -> bool:
    """Whether a link reads as a name, and not as an image or "View all posts by ..."."""
    words = words_of(link)
    return bool(words.strip()) and not tokens_of(link) & markup.NOT_A_BYLINE and not _NOT_A_NAME.match(words)


def _leads_to_author(link: HtmlElement) -> bool:
    relations = (link.get("rel") or "").split()
    return "author" in relations or ("tag" not in relations and bool(_AUTHOR_PATH.search(link.get("href") or "")))


def _is_other(part: HtmlElement) -> bool:
    """Whether an element of a byline is a date, a term, a count or a link to anything but a person."""
    if part.tag == "time" or tokens_of(part) & markup.NOT_IN_BYLINE:
        return True
    if part.tag != "a":
        return False
    href = part.get("href") or ""
    return (
        bool(markup.NOT_PEOPLE.intersection((part.get("rel") or "").split()))
        or "#" in href
        or _TERM_PATH.search(href) is not None
        or any(map(str.isdigit, words_of(part)))
    )
