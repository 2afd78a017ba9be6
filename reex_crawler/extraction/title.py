"""The headline of an article, without the name of the site that titles of pages carry."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import unescape
from itertools import chain

from lxml.html import HtmlElement

from reex_crawler.extraction import reader
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import own, words_of
from reex_crawler.extraction.schema import articles, texts, types
from reex_crawler.extraction.sourced import Sourced, first
from reex_crawler.records import Listed
from reex_crawler.site.layouts import Layout
from reex_crawler.text.clean import clean_line
from reex_crawler.urls import last_segment

Reader = Callable[[Document, Layout | None, Listed | None], str | None]

_SEPARATOR = r"[|\-–—―»«·•:~/<>*⋆‹›]"
_PART = re.compile(rf"\s{_SEPARATOR}\s+(?:Page|Part)\s+\d+(?:\s+of\s+\d+)?$", re.IGNORECASE)
_LEVELS = ("h1", "h2")
_COUNTER = re.compile(r"-\d+$")
"""What WordPress appends to a slug that is taken (``wp_unique_post_slug``)."""


def title(doc: Document, layout: Layout | None, listed: Listed | None) -> Sourced[str] | None:
    """The headline on one line; none where no source gives one.

    The heading that the theme marks as the title goes before all others: it is what a reader sees, while plugins write
    titles for search engines. Any other heading may be a label of the template, and is the headline only where another
    source says the same, or where there is no other source and no other heading.
    """
    found = first((("markup", _marked), ("markup", _confirmed), *TITLES, ("markup", _lone)), doc, layout, listed)
    line = doc.mender.line("title", found.value) if found is not None else None
    return Sourced(line, found.source) if found is not None and line is not None else None


def _marked(doc: Document, layout: Layout | None, listed: Listed | None) -> str | None:
    """The heading that the layout marks as the title; of several that differ, one that another source repeats."""
    for name in layout.headline if layout is not None else ("entry-title", "wp-block-post-title"):
        if found := _headings(doc, (f".{name}",)):
            return found[0] if len(set(found)) == 1 else _repeated(found, doc, layout, listed) or found[0]
    return None


def _confirmed(doc: Document, layout: Layout | None, listed: Listed | None) -> str | None:
    """The first of all other headings that another source repeats."""
    names = layout.headings if layout is not None else ()
    return _repeated(_headings(doc, ("h1", *(f".{name}" for name in names))), doc, layout, listed)


def _lone(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
    found = set(_headings(doc, ("h1",)))
    return found.pop() if len(found) == 1 else None


def _headings(doc: Document, names: Sequence[str]) -> list[str]:
    """What the page's own headings say that bear any of the names or stand inside; the site's name is no headline."""
    found: list[str] = []
    for element in chain.from_iterable(own(doc, names)):
        heading = element if element.tag in _LEVELS else next(element.iter("h1"), None)
        text = _visible(heading, doc) if heading is not None else ""
        if text and without_site(text, doc) is not None:
            found.append(text)
    return found


def _repeated(headings: list[str], doc: Document, layout: Layout | None, listed: Listed | None) -> str | None:
    """The first heading that has the letters of another source's title, or of the slug that was made of the title."""
    said = [text for _, read in TITLES if (text := read(doc, layout, listed))]
    if (url := doc.profile.article_url(doc.page.final_url)) and (slug := last_segment(url)):
        said += (slug, _COUNTER.sub("", slug))
    known = {_letters(text) for text in said} - {""}
    return next((text for text in headings if _letters(text) in known), None)


def _letters(text: str) -> str:
    """Letters and digits alone: titles differ in punctuation, and a slug has none."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text).casefold()))


def _visible(heading: HtmlElement, doc: Document) -> str:
    drafts = reader.read([heading], doc.base)
    return " ".join("".join(run.text for run in draft.runs) for draft in drafts)


def _json_ld(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
    return next((without_site(text, doc) for node in articles(doc) for text in texts(node.get("headline"))), None)


def _meta(name: str) -> Reader:
    def read(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
        return next((without_site(text, doc) for text in doc.meta.get(name, ()) if text.strip()), None)

    return read


def _title_element(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
    element = doc.tree.find(".//head/title")
    return without_site(words_of(element), doc) if element is not None else None


def _listing(_: Document, __: Layout | None, listed: Listed | None) -> str | None:
    return listed.title if listed is not None else None


TITLES: tuple[tuple[str, Reader], ...] = (
    ("json-ld", _json_ld),
    ("og", _meta("og:title")),
    ("twitter", _meta("twitter:title")),
    ("title", _title_element),
    ("listing", _listing),
)
"""Who is asked for the title besides the page's headings, the most trusted first."""


def without_site(text: str, doc: Document) -> str | None:
    """A page's title less the site's name at its end (or before a bar); none where nothing else is left.

    Only a name that the site is known by is taken off, so a headline that itself holds a dash or a bar stays whole.
    Plugins escape a title that is escaped already, so what is left of HTML's character references is resolved.
    """
    line = clean_line(unescape(text))
    at_start, at_end = _site_name(site_names(doc))
    without = at_start.sub("", at_end.sub("", line))
    return (_PART.sub("", without) if without != line else line) or None


@lru_cache(maxsize=64)
def _site_name(names: frozenset[str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The site's name where it starts a title, and where it ends one."""
    any_of = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return (
        re.compile(rf"^(?:{any_of})[™®]?\s*[|»]\s*", re.IGNORECASE),
        re.compile(rf"(?:^|\s*{_SEPARATOR}\s+|\s+{_SEPARATOR}\s*)(?:{any_of})[™®]?$", re.IGNORECASE),
    )


def site_names(doc: Document) -> frozenset[str]:
    """What the site is called: by its profile, by the page's head, and by the organisations of its JSON-LD."""
    return doc.once(_site_names)


def _site_names(doc: Document) -> frozenset[str]:
    known = {*doc.profile.names, *doc.meta.get("og:site_name", ()), *doc.meta.get("application-name", ())}
    for node in doc.json_ld:
        kinds = types(node)
        if not {"WebSite", "Organization", "NewsMediaOrganization"}.isdisjoint(kinds) and "Person" not in kinds:
            known.update(texts(node.get("name")))
    return frozenset(name for one in known if (name := clean_line(unescape(one))))
