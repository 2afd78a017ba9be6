"""One reading of an article on its way into the database, and the two hashes it is compared by."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from reex_crawler.records import Article
from reex_crawler.storage.types import storable, whole_second

# How ``repr`` writes NUL and lone surrogates.
_SUSPECT = re.compile(r"\\x00|\\ud[89a-f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article, the version of the extractor that read it, and the answer it was read from."""

    article: Article
    extractor_version: str
    fetch_id: int | None = None

    @property
    def at(self) -> datetime:
        """When the page was fetched, to the second."""
        return whole_second(self.article.capture.fetched_at)

    def storable(self) -> Reading:
        """The same with texts that the database gives back as they went in."""
        # Looking for the rare bad character in one long text is five times as fast as walking through the record.
        return replace(self, article=_storable(self.article)) if _SUSPECT.search(repr(self.article)) else self

    def content_hash(self) -> str:
        """What the site says: title, highlights, body, bylines, terms and lead image; not how we read or render it."""
        article = self.article
        bylines = [author.name for author in article.authors]
        terms = term_names(article)
        facts = [article.title, article.highlights, article.body, bylines, terms, article.lead_image]
        return _sha256(json.dumps(facts, ensure_ascii=False))

    def whole_hash(self) -> str:
        """Everything that was read, comments apart: where this is equal, there is nothing to write."""
        article = replace(self.article, sources=dict(sorted(self.article.sources.items())), comments=(), pending=())
        facts = [getattr(article, each.name) for each in fields(article) if each.name != "capture"]
        return _sha256(repr([self.extractor_version, facts]))


def reading_hash(article: Article) -> str:
    """All that was read from a page and its further pages, comments included; equal readings have equal hashes."""
    found = hashlib.sha256()
    for each in fields(article):
        if each.name != "capture":
            value = getattr(article, each.name)
            # A long text costs more to quote than to hash; its length parts it from what follows.
            told = sorted(value.items()) if isinstance(value, dict) else value
            text = told if isinstance(told, str) else repr(told)
            found.update(f"{len(text)}:".encode())
            found.update(text.encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def term_names(article: Article) -> list[list[str]]:
    """Terms as pairs of taxonomy and name. Their order is the theme's, not the author's, so they are sorted."""
    return sorted([term.taxonomy.value, term.name] for term in article.terms)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _storable(value: Any) -> Any:
    """A record with every text in it made storable, however deep."""
    if isinstance(value, StrEnum):
        return value
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, tuple):
        return tuple(map(_storable, value))
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _storable(getattr(value, each.name)) for each in fields(value)})
    return value
