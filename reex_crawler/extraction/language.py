"""The language a page says its article is in."""

from __future__ import annotations

import re

from reex_crawler.extraction.document import Document
from reex_crawler.extraction.schema import articles, items, texts
from reex_crawler.extraction.sourced import Sourced, first

# The part of BCP 47 that sites use: language, script, region and variants.
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?((?:[-_][a-z0-9]{5,8})*)", re.IGNORECASE)


def language(doc: Document) -> Sourced[str] | None:
    """A BCP 47 tag in its usual spelling, such as ``en-US``; none where no source gives a valid one."""
    return first((("json-ld", _json_ld), ("html", _html), ("og", _og)), doc)


def _json_ld(doc: Document) -> str | None:
    values = (value for node in articles(doc) for value in texts(items(node.get("inLanguage"))))
    return next((tag for value in values if (tag := _spelled(value))), None)


def _html(doc: Document) -> str | None:
    return _spelled(doc.tree.get("lang", "") or doc.tree.get("xml:lang", ""))


def _og(doc: Document) -> str | None:
    return next((tag for value in doc.meta.get("og:locale", ()) if (tag := _spelled(value))), None)


def _spelled(value: str) -> str | None:
    """A tag as BCP 47, section 2.1.1 recommends to write it; WordPress' locales have low lines for hyphens."""
    match = _TAG.fullmatch(value.strip())
    if match is None:
        return None
    name, script, region, variants = match.groups()
    parts = [
        name.lower(),
        (script or "").title(),
        (region or "").upper(),
        variants.lstrip("-_").lower().replace("_", "-"),
    ]
    return "-".join(part for part in parts if part)
