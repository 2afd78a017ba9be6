"""One reading of an article on its way into the database, and the two hashes it is compared by."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from reex_crawler.records import Article
from reex_crawler.storage.types import storable, whole_second

_NOT_COMPARED = frozenset({"capture", "comments", "pending"})


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
        return replace(self, article=_storable(self.article))

    def content_hash(self) -> str:
        """What the site says: title, highlights, body, bylines, terms and lead image; not how we read or render it."""
        article = self.article
        bylines = [author.name for author in article.authors]
        terms = term_names(article)
        return _digest([article.title, article.highlights, article.body, bylines, terms, article.lead_image])

    def whole_hash(self) -> str:
        """Everything that was read, comments apart: where this is equal, there is nothing to write."""
        facts = {name: value for name, value in asdict(self.article).items() if name not in _NOT_COMPARED}
        return _digest([self.extractor_version, facts])


def term_names(article: Article) -> list[list[str]]:
    """Terms as pairs of taxonomy and name. Their order is the theme's, not the author's, so they are sorted."""
    return sorted([term.taxonomy.value, term.name] for term in article.terms)


def _digest(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


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
