"""Who wrote an article, in the order of the byline, with what the page says of each.

The names come from the most trusted source that has any, unless a less trusted one has all of these and more: REST and
plain meta elements know of one author only. What is known of a name (page, slug, biography) is gathered from all
sources, and the biography that a reader sees in the author box goes before those that only machines see. Themes print
names with curly quotes; another source has them as they were typed. The site and organisations are authors only where
no source names a person.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from reex_crawler.extraction import byline
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import is_own, post_id_of, tokens_of, words_of
from reex_crawler.extraction.plain import text_of
from reex_crawler.extraction.schema import articles, items, resolve, texts, types
from reex_crawler.extraction.sourced import Sourced
from reex_crawler.extraction.title import site_names
from reex_crawler.records import Author, Listed
from reex_crawler.site import markup
from reex_crawler.text.clean import clean_line
from reex_crawler.text.typography import folded
from reex_crawler.urls import absolute

Authors = tuple[Author, ...]
Reader = Callable[[Document, Listed | None], Authors]

_BOXES = tuple(f".{box}" for box in dict.fromkeys(box for box, _, _ in markup.AUTHOR_BOXES))
_AUTHOR_PATH = re.compile(markup.AUTHOR_PATH)
_PREFIX = re.compile(markup.BYLINE_PREFIX, re.IGNORECASE)
_MARKS = "™® "
_ADDRESS = re.compile(r"(?:https?:)?//", re.IGNORECASE)


def authors(doc: Document, listed: Listed | None) -> Sourced[Authors] | None:
    """The authors of the article; none where no source names any."""
    named = [(name, found) for name, read in SOURCES if (found := _distinct(read(doc, listed)))]
    site = _site(doc)
    known = [(name, people) for name, found in named if (people := _people(found, site))] or named
    if not known:
        return None
    source, best = known[0]
    for name, found in known[1:]:
        if _keys(found) > _keys(best):
            source, best = name, found
    shown = _distinct(doc.once(_boxes))
    evidence = [*shown, *(author for _, found in known for author in found)]
    typed = [author for name, found in known if name not in _PRINTED for author in found]
    complete = [_complete(author, evidence, typed) for author in best]
    if len(complete) == 1 and (biography := _lone_biography(doc)):
        complete = [replace(complete[0], bio=biography)]
    return Sourced(tuple(author for one in complete if (author := _mended(one, doc))), source)


def _people(found: Sequence[Author], site: set[str]) -> Authors:
    """The authors that are not the site itself: it stands in for a person only where no source names one."""
    return tuple(author for author in found if folded(author.name.rstrip(_MARKS)) not in site)


def _site(doc: Document) -> set[str]:
    return {folded(name.rstrip(_MARKS)) for name in site_names(doc)}


def _listed(source: str) -> Reader:
    return lambda _, listed: listed.authors if listed is not None and listed.source == source else ()


def _json_ld(*, people: bool) -> Reader:
    """The authors of the article's JSON-LD: people, or else the organisations that stand in for them."""

    def read(doc: Document, _: Listed | None) -> Authors:
        for node in articles(doc):
            nodes = [resolve(item, doc) for item in items(node.get("author"))]
            if found := tuple(_persons((node for node in nodes if people is not _is_firm(node)), doc)):
                return found
        return ()

    return read


def _is_firm(node: dict[str, object]) -> bool:
    return any(name.endswith("Organization") for name in types(node)) and "Person" not in types(node)


def _persons(nodes: Iterable[dict[str, object]], doc: Document) -> Iterator[Author]:
    for node in nodes:
        for name in texts(node.get("name"))[:1]:
            url = next(iter(texts(node.get("url"))), None)
            yield _author(name, absolute(url, doc.page.final_url) if url else None, doc, texts(node.get("description")))


def _meta(doc: Document, _: Listed | None) -> Authors:
    names = [name for key in markup.META_AUTHOR for name in doc.meta.get(key, ())]
    for label, data in markup.LABELS:
        if [text.strip().lower() for text in doc.meta.get(label, ())] == [markup.AUTHOR_LABEL]:
            names += doc.meta.get(data, ())
    found = [Author(name=name) for name in names if name.strip() and not _ADDRESS.match(name.strip())]
    return tuple(((len(found) > 1 and _people(found, _site(doc))) or found)[:1])


def _byline(doc: Document, _: Listed | None) -> Authors:
    """The names a theme prints with the article, with the addresses they lead to."""
    return tuple(
        _author(name, absolute(link.get("href") or "", doc.page.final_url) if link is not None else None, doc)
        for name, link in byline.names(doc)
    )


def _box_names(doc: Document, _: Listed | None) -> Authors:
    return doc.once(_boxes)


SOURCES: tuple[tuple[str, Reader], ...] = (
    ("rest", _listed("rest")),
    ("json-ld", _json_ld(people=True)),
    ("meta", _meta),
    ("markup", _byline),
    ("author-box", _box_names),
    ("feed", _listed("feed")),
    ("json-ld-organization", _json_ld(people=False)),
)
"""Who is asked for the authors, the most trusted first."""
_PRINTED = frozenset({"markup", "author-box"})


def _boxes(doc: Document) -> Authors:
    return tuple(_boxed(doc))


def _boxed(doc: Document) -> Iterator[Author]:
    """What the author boxes of a page say. A blurb of Divi is one only where its heading starts with "By"."""
    post_id = post_id_of(doc)
    for box in doc.marks.find(_BOXES):
        tokens = tokens_of(box)
        for name_class, bio_class in ((name, bio) for one, name, bio in markup.AUTHOR_BOXES if one in tokens):
            name, bio = _inside(box, name_class), _inside(box, bio_class)
            words = clean_line(words_of(name)) if name is not None else ""
            if name is None or bio is None or not is_own(box, post_id):
                continue
            if markup.BLURB in tokens and not _PREFIX.match(words):
                continue
            link = next((link for link in box.iter("a") if _AUTHOR_PATH.search(link.get("href") or "")), None)
            url = absolute(link.get("href") or "", doc.page.final_url) if link is not None else None
            yield _author(byline.without_prefix(words), url, doc, (_biography(bio),))
            break


def _inside(box: HtmlElement, class_name: str) -> HtmlElement | None:
    return next((element for element in box.iterdescendants() if class_name in tokens_of(element)), None)


def _biography(element: HtmlElement) -> str:
    """The paragraphs of a biography as they stand, without the link to the author's other articles."""
    return text_of(element, list, skip=lambda part: bool(tokens_of(part) & markup.NOT_A_BYLINE))


def _lone_biography(doc: Document) -> str | None:
    post_id = post_id_of(doc)
    return next(
        (_biography(element) for element in doc.marks.find(markup.BIOGRAPHIES) if is_own(element, post_id)), None
    )


def _author(name: str, url: str | None, doc: Document, bios: tuple[str, ...] = ()) -> Author:
    """An author as a source gives it; the slug is in the address of the author's page on this site."""
    found = _AUTHOR_PATH.fullmatch(urlsplit(url).path) if url and doc.profile.owns(url) else None
    return Author(name=name, slug=unquote(found[1]) if found else None, url=url, bio=next(iter(bios), None))


def _key(author: Author) -> str:
    return folded(author.name)


def _keys(found: Authors) -> set[str]:
    return {_key(author) for author in found}


def _distinct(found: Iterable[Author]) -> Authors:
    by_key: dict[str, Author] = {}
    for author in found:
        if key := _key(author):
            by_key.setdefault(key, author)
    return tuple(by_key.values())


def _complete(author: Author, evidence: list[Author], typed: list[Author]) -> Author:
    """An author with what all sources know of the name; a page that has a slug goes before one that has none."""
    same = [other for other in evidence if _key(other) == _key(author)]
    homes = [other for other in (author, *same) if other.url]
    home = next((other for other in homes if other.slug), homes[0] if homes else author)
    return replace(
        author,
        name=next((other.name for other in typed if _key(other) == _key(author)), author.name),
        slug=author.slug or next((other.slug for other in same if other.slug), None),
        url=home.url,
        bio=next((other.bio for other in same if other.bio), None),
    )


def _mended(author: Author, doc: Document) -> Author | None:
    name = doc.mender.line("authors", author.name)
    paragraphs = (doc.mender.line("authors", paragraph) for paragraph in (author.bio or "").split("\n\n"))
    bio = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return replace(author, name=name, bio=bio or None) if name else None
