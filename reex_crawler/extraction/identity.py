"""Which article a page is: its post id, its canonical URL and its slug."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from reex_crawler.errors import NotAnArticle, Unreadable
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.elements import post_id_of
from reex_crawler.extraction.sourced import Sourced, first
from reex_crawler.records import Listed
from reex_crawler.site.profile import UrlKind
from reex_crawler.urls import absolute, last_segment

_ID = re.compile(r"[1-9]\d{0,18}", re.ASCII)
_REST_ITEM = re.compile(r"/wp/v2/[\w-]+/([1-9]\d{0,18})/?$", re.ASCII)
_POST_ELEMENT = re.compile(r"post-([1-9]\d{0,18})", re.ASCII)


def post_id(doc: Document, content: HtmlElement | None, listed: Listed | None) -> Sourced[int] | None:
    """The site's id of the post; none where no source gives one.

    The body's class, the short link and the REST link are WordPress' own words about the page, so where they
    contradict each other the page cannot be trusted: ``Unreadable``. The others are asked only where these are silent.
    """
    own = [Sourced(number, source) for source, number in _own_words(doc)]
    if len({one.value for one in own}) > 1:
        reason = "identity"
        said = ", ".join(f"{one.value} ({one.source})" for one in own)
        raise Unreadable(reason, f"the page names more than one post id: {said}")
    if own:
        return own[0]
    sources = (("markup", _element_id), ("comment-form", _form_id), ("listing", _listed_id))
    return first(sources, doc, content, listed)


def canonical_url(doc: Document, number: int | None) -> Sourced[str]:
    """The canonical URL of the article, as the profile spells it.

    It is the address reached. What the page calls canonical is asked only where the address reached is none of an
    article's, such as ``/?p=ID``, and only for that same id; a canonical address that names another article than the
    one reached would put this text in that article's place. Raises ``NotAnArticle`` where neither names an article.
    """
    reached = doc.page.final_url
    url = doc.profile.article_url(reached)
    if url is not None:
        return Sourced(url, "canonical" if url in _canonicals(doc) else "address")
    if doc.profile.kind(reached) is UrlKind.ARTICLE_ID and _query_id(reached) == number is not None:
        named = next(_canonicals(doc), None)
        if named is not None:
            return Sourced(named, "canonical")
    reason = "address"
    raise NotAnArticle(reason, f"the address is none of an article's: {reached}")


def slug(url: str) -> str | None:
    """WordPress' name for the article: the last part of its address, percent-encoding decoded."""
    return last_segment(url)


def _own_words(doc: Document) -> Iterator[tuple[str, int]]:
    number = post_id_of(doc)
    if number is not None:
        yield "body-class", number
    for rel, kind, href in doc.links:
        url = absolute(href, doc.base)
        if url is None or not doc.profile.owns(url):
            continue
        if rel == "shortlink" and (number := _query_id(url)) is not None:
            yield "shortlink", number
        elif rel == "alternate" and kind == "application/json" and (found := _REST_ITEM.search(urlsplit(url).path)):
            yield "rest-link", int(found[1])


def _query_id(url: str) -> int | None:
    value = parse_qs(urlsplit(url).query).get("p", [""])[0]
    return int(value) if _ID.fullmatch(value) else None


def _element_id(_: Document, content: HtmlElement | None, __: Listed | None) -> int | None:
    """The id of the ``<article>`` that holds the text."""
    around = content.iterancestors("article", "div", "main") if content is not None else ()
    found = (_POST_ELEMENT.fullmatch(element.get("id", "")) for element in around)
    return next((int(match[1]) for match in found if match), None)


def _form_id(doc: Document, _: HtmlElement | None, __: Listed | None) -> int | None:
    """The hidden field by which WordPress' comment form names the post."""
    values = (field.get("value", "") for field in doc.marks.find(("input",)) if field.get("name") == "comment_post_ID")
    return next((int(value) for value in values if _ID.fullmatch(value)), None)


def _listed_id(_: Document, __: HtmlElement | None, listed: Listed | None) -> int | None:
    return listed.post_id if listed is not None else None


def _canonicals(doc: Document) -> Iterator[str]:
    """The articles of the site that the page calls its canonical address."""
    for rel, _, href in doc.links:
        url = absolute(href, doc.base) if rel == "canonical" else None
        named = doc.profile.article_url(url) if url is not None else None
        if named is not None:
            yield named
