"""A new reading of an article laid beside the stored one: what to keep, and whether the site changed anything.

No two readings know the same facts: a page gives the day, REST the second; a feed gives tags that the page does not
show. What a reading does not know never erases what is known, and is no edit by the site. Pure but for the row's
authors and terms, which are loaded when asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from reex_crawler.records import Article, Author, Dated, Precision, Taxonomy, Term
from reex_crawler.storage.models import ArticleRow

# The longest local day has 25 hours, when daylight saving ends.
_SPAN = {Precision.DAY: timedelta(hours=25), Precision.MINUTE: timedelta(minutes=1), Precision.SECOND: timedelta(0)}
_FALLBACK_LAYOUT = "trafilatura"
_MERGED = ("post_id", "slug", "published", "modified", "authors", "terms", "lead_image", "language")


def merge(row: ArticleRow, read: Article) -> Article:
    """The reading, completed with what the row knows and the reading does not, or knows less exactly."""
    whole = replace(
        read,
        post_id=row.post_id if read.post_id is None else read.post_id,
        slug=read.slug or row.slug,
        published=finer(dated(row.published_at, row.published_precision, row.published_raw), read.published),
        modified=finer(dated(row.modified_at, row.modified_precision, row.modified_raw), read.modified),
        authors=_authors(row, read),
        terms=_terms(row, read),
        lead_image=read.lead_image or row.lead_image,
        language=read.language or row.language,
    )
    kept = {name for name in _MERGED if getattr(whole, name) != getattr(read, name)} & row.sources.keys()
    return replace(whole, sources={**read.sources, **{name: row.sources[name] for name in kept}})


def comparable(row: ArticleRow, read: Article, whole: Article) -> Article:
    """The merged reading, with the row's own value wherever a difference only shows who knows more.

    Where the content of this differs from the row's, the site said something else than before. Of two sources that
    name different things, one may know only some of what the other knows; where each names what the other lacks, the
    site changed it.
    """
    stored_authors, stored_terms = _stored_authors(row), _stored_terms(row)
    terms: list[Term] = []
    for taxonomy in Taxonomy:
        old = tuple(term for term in stored_terms if term.taxonomy is taxonomy)
        new = tuple(term for term in whole.terms if term.taxonomy is taxonomy)
        terms += new if _same_source(row, read, "terms") or not _nested(old, new) else old
    same_authors = _same_source(row, read, "authors") or not _nested(stored_authors, whole.authors)
    same_image = _same_source(row, read, "lead_image") and row.lead_image
    return replace(
        whole,
        authors=whole.authors if same_authors else stored_authors,
        terms=tuple(terms),
        lead_image=whole.lead_image if same_image else row.lead_image,
    )


def same_reader(row: ArticleRow, read: Article, extractor_version: str) -> bool:
    """Whether a difference between row and reading can be the site's: one extractor, and the same road to the body."""
    roads = {row.layout == _FALLBACK_LAYOUT, read.layout == _FALLBACK_LAYOUT}
    return row.extractor_version == extractor_version and len(roads) == 1


def finer(stored: Dated | None, read: Dated | None) -> Dated | None:
    """The new instant, unless the stored one says the same more exactly."""
    if stored is None or read is None:
        return read or stored
    span = _SPAN[read.precision]
    return stored if _SPAN[stored.precision] < span and read.at <= stored.at < read.at + span else read


def dated(at: datetime | None, precision: Precision | None, raw: str | None) -> Dated | None:
    """Three columns as the record they were written from."""
    return None if at is None or precision is None else Dated(at, precision, raw or "")


def _nested(one: Sequence[Author | Term], other: Sequence[Author | Term]) -> bool:
    """Whether all names of one are among those of the other."""
    names, others = {each.name for each in one}, {each.name for each in other}
    return names <= others or others <= names


def _same_source(row: ArticleRow, read: Article, field: str) -> bool:
    return row.sources.get(field) == read.sources.get(field)


def _authors(row: ArticleRow, read: Article) -> tuple[Author, ...]:
    if read.authors and _same_source(row, read, "authors"):
        return read.authors
    stored = _stored_authors(row)
    return stored if {one.name for one in read.authors} <= {one.name for one in stored} else read.authors


def _terms(row: ArticleRow, read: Article) -> tuple[Term, ...]:
    """The terms read; of a taxonomy that another source knows more of, the stored ones."""
    if read.terms and _same_source(row, read, "terms"):
        return read.terms
    stored = _stored_terms(row)
    terms: list[Term] = []
    for taxonomy in Taxonomy:
        old = [term for term in stored if term.taxonomy is taxonomy]
        new = [term for term in read.terms if term.taxonomy is taxonomy]
        terms += old if {term.name for term in new} <= {term.name for term in old} else new
    return tuple(terms)


def _stored_authors(row: ArticleRow) -> tuple[Author, ...]:
    return tuple(Author(name=one.name, slug=one.slug, url=one.url, bio=one.bio) for one in row.authors)


def _stored_terms(row: ArticleRow) -> tuple[Term, ...]:
    return tuple(Term(taxonomy=one.taxonomy, name=one.name, slug=one.slug, url=one.url) for one in row.terms)
