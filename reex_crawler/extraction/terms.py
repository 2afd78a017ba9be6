"""The categories and tags of an article.

For each of the two kinds the names come from the most trusted source that has any, unless a less trusted one has all of
these and more: some plugins name only the first category. Where a name stands in several sources, its slug and address
come from whichever knows them, and its spelling from one that has it as it was typed, not as a theme prints it. A slug
is also known where the article's classes hold what WordPress makes of the name.

A feed does not say which of its terms are categories. The kind of each comes from the other sources or the article's
classes; where the theme prints the categories with the article, what is none of them is a tag, and where the tags are
named, what is none of them is a category. A term whose kind nothing tells is left out: it is not to be guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import own, post_id_of, tokens_of, words_of
from reex_crawler.extraction.schema import articles, texts
from reex_crawler.extraction.sourced import Sourced
from reex_crawler.records import Listed, Taxonomy, Term
from reex_crawler.site import markup
from reex_crawler.text.clean import clean_line
from reex_crawler.text.typography import folded
from reex_crawler.urls import absolute

Terms = tuple[Term, ...]
Reader = Callable[[Document, Listed | None], Terms]

_PATH = re.compile(markup.TERM_PATH)
_CLASS = re.compile(markup.TERM_CLASS)
_SLUG_BREAK = re.compile(r"[\s./\u2013\u2014-]+")
_NOT_SLUG = re.compile(r"[^a-z0-9_-]")


def terms(doc: Document, listed: Listed | None) -> Sourced[Terms] | None:
    """Categories, then tags, each kind in the order of its source; none where no source names any.

    The source is that of both kinds, or two joined by ``+`` where they differ.
    """
    known = [(name, found) for name, read in SOURCES if (found := read(doc, listed))]
    slugs = _class_slugs(doc)
    known = [(name, _sorted_out(found, known, slugs) if name == "feed" else found) for name, found in known]
    chosen: list[Term] = []
    sources: dict[str, None] = {}
    for taxonomy in Taxonomy:
        source, best = "", dict[str, Term]()
        for name, found in known:
            here: dict[str, Term] = {}
            for named in (named for named in found if named.taxonomy is taxonomy):
                here.setdefault(_key(named), named)
            if (here and not best) or here.keys() > best.keys():
                source, best = name, here
        if best:
            evidence = [term for _, found in known for term in found if term.taxonomy is taxonomy]
            typed = [term for name, found in known if name != "markup" for term in found if term.taxonomy is taxonomy]
            chosen += (_complete(term, typed, evidence, slugs) for term in best.values())
            sources[source] = None
    mended = tuple(term for one in chosen if (term := _mended(one, doc)))
    return Sourced(mended, "+".join(sources)) if mended else None


def _listed(source: str) -> Reader:
    return lambda _, listed: listed.terms if listed is not None and listed.source == source else ()


def _json_ld(doc: Document, _: Listed | None) -> Terms:
    for node in articles(doc):
        keywords = node.get("keywords")
        tags = texts(keywords) if isinstance(keywords, list) else ()
        if found := (*_named(Taxonomy.CATEGORY, texts(node.get("articleSection"))), *_named(Taxonomy.TAG, tags)):
            return found
    return ()


def _keywords(doc: Document, _: Listed | None) -> Terms:
    """Keywords in one text, which are tags in some plugins and what a page wants to be found for in others."""
    lines = (line for node in articles(doc) for line in texts(node.get("keywords")) if node.get("keywords") == line)
    return _named(Taxonomy.TAG, next(lines, "").split(","))


def _meta(doc: Document, _: Listed | None) -> Terms:
    sections, tags = doc.meta.get(markup.META_SECTION, ()), doc.meta.get(markup.META_TAG, ())
    return (*_named(Taxonomy.CATEGORY, sections), *_named(Taxonomy.TAG, tags))


def _linked(doc: Document, _: Listed | None) -> Terms:
    """The links to terms that the theme prints with the article; tag clouds and other articles' terms are none."""
    places = chain.from_iterable(own(doc, (*markup.TERM_LINKS, *markup.TERM_LISTS)))
    links = dict.fromkeys(link for place in places for link in place.iter("a"))
    return tuple(term for link in links if (term := _term(link, doc)))


SOURCES: tuple[tuple[str, Reader], ...] = (
    ("rest", _listed("rest")),
    ("json-ld", _json_ld),
    ("meta", _meta),
    ("markup", _linked),
    ("feed", _listed("feed")),
    ("json-ld-keywords", _keywords),
)
"""Who is asked for the terms, the most trusted first."""


def _named(taxonomy: Taxonomy, names: Iterable[str]) -> Terms:
    return tuple(Term(taxonomy=taxonomy, name=name) for name in names if clean_line(name))


def _term(link: HtmlElement, doc: Document) -> Term | None:
    url = absolute(link.get("href") or "", doc.page.final_url)
    found = _PATH.fullmatch(urlsplit(url).path) if url and doc.profile.owns(url) else None
    name = words_of(link)
    if found is None or not clean_line(name):
        return None
    return Term(taxonomy=Taxonomy(found[1]), name=name, slug=unquote(found[2]), url=url)


def _class_slugs(doc: Document) -> frozenset[tuple[Taxonomy, str]]:
    """The terms among the classes of the article's own element, such as ``category-clean-energy``."""
    post_id = post_id_of(doc)
    tokens = (token for element in doc.marks.find([f".post-{post_id}"]) for token in tokens_of(element))
    matches = (found for token in tokens if (found := _CLASS.fullmatch(token)))
    return frozenset((Taxonomy(found[1]), unquote(found[2])) for found in matches)


def _sorted_out(fed: Terms, known: list[tuple[str, Terms]], slugs: frozenset[tuple[Taxonomy, str]]) -> Terms:
    """The terms of a feed with the kind that other evidence gives them."""
    others = [term for name, found in reversed(known) if name != "feed" for term in found]
    kinds = {_key(term): term.taxonomy for term in others}
    kinds |= {_key(term): taxonomy for term in fed for taxonomy in Taxonomy if (taxonomy, _slug(term.name)) in slugs}
    unknown = [_key(term) for term in fed if _key(term) not in kinds]
    printed = dict(known).get("markup", ())
    if any(term.taxonomy is Taxonomy.CATEGORY for term in printed):
        kinds |= dict.fromkeys(unknown, Taxonomy.TAG)
    elif any(term.taxonomy is Taxonomy.TAG for term in others):
        kinds |= dict.fromkeys(unknown, Taxonomy.CATEGORY)
    # WordPress puts the number of a term into the class where its slug is not ASCII (``get_post_class``).
    spare = [taxonomy for taxonomy, slug in slugs if slug not in {_slug(term.name) for term in fed}]
    if len(spare) == len(unknown) and len(set(spare)) == 1:
        kinds |= dict.fromkeys(unknown, spare[0])
    return tuple(replace(term, taxonomy=kinds[_key(term)]) for term in fed if _key(term) in kinds)


def _complete(term: Term, typed: list[Term], evidence: list[Term], slugs: frozenset[tuple[Taxonomy, str]]) -> Term:
    same = [other for other in (term, *evidence) if _key(other) == _key(term)]
    slug = next((other.slug for other in same if other.slug), None)
    if slug is None and (term.taxonomy, _slug(term.name)) in slugs:
        slug = _slug(term.name)
    return replace(
        term,
        name=next((other.name for other in typed if _key(other) == _key(term)), term.name),
        slug=slug,
        url=next((other.url for other in same if other.url), None),
    )


def _mended(term: Term, doc: Document) -> Term | None:
    name = doc.mender.line("terms", term.name)
    return replace(term, name=name) if name else None


def _key(term: Term) -> str:
    return folded(term.name)


def _slug(name: str) -> str:
    """What WordPress makes of a plain name (``sanitize_title``)."""
    spaced = _SLUG_BREAK.sub("-", clean_line(name))
    plain = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    return re.sub("-+", "-", _NOT_SLUG.sub("", plain)).strip("-")
