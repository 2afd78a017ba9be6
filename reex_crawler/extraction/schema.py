"""The page's JSON-LD (schema.org): which object is the article, and which one a reference means."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from reex_crawler.extraction.document import Document
from reex_crawler.urls import absolute

_ARTICLES = ("Article", "Posting", "Report", "Episode")
"""How the types end that an article may have: NewsArticle, BlogPosting, PodcastEpisode, ..."""
_PAGES = ("WebPage", "ItemPage")


def articles(doc: Document) -> tuple[dict[str, Any], ...]:
    """The objects that describe the page's article, the article's own first, then those of its page.

    An object that names the address of another article, as lists of related ones do, is left out.
    """
    return doc.once(_articles)


def _articles(doc: Document) -> tuple[dict[str, Any], ...]:
    return tuple(_describing(doc))


def _describing(doc: Document) -> Iterator[dict[str, Any]]:
    own = doc.profile.article_url(doc.page.final_url)
    typed = [(node, types(node)) for node in doc.json_ld]
    for endings in (_ARTICLES, _PAGES):
        for node, names in typed:
            if any(name.endswith(endings) for name in names):
                named = _named(node, doc)
                if own is None or not named or own in named:
                    yield node


def types(node: dict[str, Any]) -> tuple[str, ...]:
    """The types of an object, without the address of the vocabulary."""
    return tuple(name.rpartition("/")[2] for name in texts(node.get("@type")))


def resolve(node: object, doc: Document) -> dict[str, Any]:
    """An object, with what the object of the same ``@id`` elsewhere on the page adds; a text is the name of one."""
    if isinstance(node, str):
        return {"name": node}
    if not isinstance(node, dict):
        return {}
    known = node.get("@id")
    same = (other for other in doc.json_ld if known is not None and other is not node and other.get("@id") == known)
    return {**next(same, {}), **node}


def items(value: object) -> list[object]:
    """A value that may be a list of values, as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def texts(value: object) -> tuple[str, ...]:
    """The texts among one or more values; plugins leave HTML entities in them."""
    return tuple(unescape(item) for item in items(value) if isinstance(item, str) and item.strip())


def _named(node: dict[str, Any], doc: Document) -> set[str]:
    """The articles of the site that an object says it is."""
    page = node.get("mainEntityOfPage")
    values = [node.get("@id"), node.get("url"), page.get("@id") if isinstance(page, dict) else page]
    urls = (absolute(value, doc.page.final_url) for value in values if isinstance(value, str))
    return {article for url in urls if url and (article := doc.profile.article_url(url))}
