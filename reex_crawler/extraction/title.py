"""The headline of an article, without the name of the site that titles of pages carry."""

from __future__ import annotations

import re
from html import unescape

from lxml.html import HtmlElement

from reex_crawler.extraction import reader
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import is_own, post_id_of, words_of
from reex_crawler.extraction.schema import articles, texts, types
from reex_crawler.extraction.sourced import Sourced, first
from reex_crawler.records import Listed
from reex_crawler.site.layouts import Layout
from reex_crawler.text.clean import clean_line

_SEPARATOR = r"[|\-–—―»«·•:~/<>*⋆‹›]"
_PART = re.compile(rf"\s{_SEPARATOR}\s+(?:Page|Part)\s+\d+(?:\s+of\s+\d+)?$", re.IGNORECASE)


def title(doc: Document, layout: Layout | None, listed: Listed | None) -> Sourced[str] | None:
    """The headline on one line; none where no source gives one."""
    found = first(
        (
            ("markup", _markup),
            ("json-ld", _json_ld),
            ("og", _og),
            ("twitter", _twitter),
            ("title", _title_element),
            ("listing", _listing),
        ),
        doc,
        layout,
        listed,
    )
    line = doc.mender.line("title", found.value) if found is not None else None
    return Sourced(line, found.source) if found is not None and line is not None else None


def _markup(doc: Document, layout: Layout | None, _: Listed | None) -> str | None:
    """The heading that the layout marks, or else the page's own only first heading, where a title names it too."""
    own_id = post_id_of(doc)
    for name in layout.headline if layout is not None else ("entry-title", "wp-block-post-title"):
        for element in doc.marks.find((f".{name}",)):
            heading = element if element.tag in {"h1", "h2"} else element.find(".//h1")
            if heading is not None and is_own(element, own_id) and (text := _visible(heading, doc)):
                return text
    own = [text for heading in doc.marks.find(("h1",)) if is_own(heading, own_id) and (text := _visible(heading, doc))]
    titles = [clean_line(words_of(element)) for element in doc.marks.find(("title",))]
    named = [text for text in own if any(clean_line(text) in one for one in titles)]
    return named[0] if len(set(named)) == 1 else None


def _visible(heading: HtmlElement, doc: Document) -> str:
    drafts = reader.read([heading], doc.base)
    return " ".join("".join(run.text for run in draft.runs) for draft in drafts)


def _json_ld(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
    return next((without_site(text, doc) for node in articles(doc) for text in texts(node.get("headline"))), None)


def _og(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
    return next((without_site(text, doc) for text in doc.meta.get("og:title", ()) if text.strip()), None)


def _twitter(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
    return next((without_site(text, doc) for text in doc.meta.get("twitter:title", ()) if text.strip()), None)


def _title_element(doc: Document, _: Layout | None, __: Listed | None) -> str | None:
    element = doc.tree.find(".//head/title")
    return without_site(words_of(element), doc) if element is not None else None


def _listing(_: Document, __: Layout | None, listed: Listed | None) -> str | None:
    return listed.title if listed is not None else None


def without_site(text: str, doc: Document) -> str | None:
    """A page's title less the site's name at its end (or before a bar); none where nothing else is left.

    Only a name that the site is known by is taken off, so a headline that itself holds a dash or a bar stays whole.
    """
    line = clean_line(text)
    names = "|".join(re.escape(name) for name in sorted(_site_names(doc), key=len, reverse=True))
    at_end = re.compile(rf"(?:^|\s*{_SEPARATOR}\s+|\s+{_SEPARATOR}\s*)(?:{names})[™®]?$", re.IGNORECASE)
    at_start = re.compile(rf"^(?:{names})[™®]?\s*[|»]\s*", re.IGNORECASE)
    without = at_start.sub("", at_end.sub("", line))
    return (_PART.sub("", without) if without != line else line) or None


def _site_names(doc: Document) -> set[str]:
    known = {*doc.profile.names, *doc.meta.get("og:site_name", ()), *doc.meta.get("application-name", ())}
    for node in doc.json_ld:
        if not {"WebSite", "Organization", "NewsMediaOrganization"}.isdisjoint(types(node)):
            known.update(texts(node.get("name")))
    return {name for one in known if (name := clean_line(unescape(one)))}
