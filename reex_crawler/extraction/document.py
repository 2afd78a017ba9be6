"""One page, parsed once: the tree and the machine-readable facts that several fields read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from lxml import etree, html

from reex_crawler.errors import NotAnArticle, Unreadable
from reex_crawler.extraction.marks import Marks
from reex_crawler.records import FieldRepair, FieldSuspicion, Page
from reex_crawler.site.profile import SiteProfile
from reex_crawler.text.clean import clean_line
from reex_crawler.text.decode import Decoded, decode
from reex_crawler.text.gate import may_be_damaged
from reex_crawler.text.repair import repair_block
from reex_crawler.urls import absolute

Answer = TypeVar("Answer")

# A link-value of RFC 8288, section 3: a target in angle brackets and its parameters, quoted or not.
_LINK_VALUE = re.compile(r"""<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~-]+\*?\s*(?:=\s*(?:"[^"]*"|[^\s",;]*))?)*)""")
_LINK_PARAMETER = re.compile(r"""([\w-]+)\*?\s*=\s*(?:"([^"]*)"|([^\s",;]*))""")
# Some plugins wrap their JSON in a comment or CDATA section, which HTML does not know inside a script.
_SCRIPT_WRAP = re.compile(r"^\s*(?:<!--|/[*/]\s*<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?:/[*/]\s*)?\]\]>(?:\s*\*/)?)\s*$")
# Elements of every name are of one class. lxml.html has classes of its own for parts of forms, which nobody asks for
# here, and looks each element up in Python.
_CLASSES = etree.ElementDefaultClassLookup(
    element=html.HtmlElement,
    comment=html.HtmlComment,
    pi=html.HtmlProcessingInstruction,
    entity=html.HtmlEntity,
)


@dataclass(slots=True)
class Mender:
    """Repairs texts on their way out of the document and remembers what it did, field by field."""

    repairs: list[FieldRepair] = field(default_factory=list)
    suspicions: list[FieldSuspicion] = field(default_factory=list)

    def line(self, field_name: str, text: str | None) -> str | None:
        """A repaired text on one line, white space folded; none where nothing is left of it."""
        if text is None:
            return None
        return clean_line(self.runs(field_name, [text])[0]) or None

    def runs(self, field_name: str, texts: list[str]) -> list[str]:
        """Repair the text nodes of one paragraph together; as many come out as went in."""
        if not any(map(may_be_damaged, texts)):
            return texts
        repaired = repair_block(texts)
        for one in repaired:
            self.repairs.extend(FieldRepair(field_name, step) for step in one.steps)
            self.suspicions.extend(FieldSuspicion(field_name, suspicion) for suspicion in one.suspicions)
        return [one.text for one in repaired]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What the fields read from. The tree belongs to the caller of ``parse`` and may be cut."""

    page: Page
    profile: SiteProfile
    decoded: Decoded
    tree: html.HtmlElement
    json_ld: tuple[dict[str, Any], ...]
    """Every JSON-LD object of the page, ``@graph`` flattened, in document order."""
    meta: dict[str, tuple[str, ...]]
    """``<meta>`` name or property, lower case, to its contents in document order."""
    links: tuple[tuple[str, str, str], ...]
    """``<link>`` elements and ``Link`` headers (RFC 8288) as (rel, type, href)."""
    body_classes: frozenset[str]
    marks: Marks
    """The elements by class, id and relation."""
    base: str
    """The URL that relative references are resolved against (HTML, section 2.4.3)."""
    mender: Mender = field(default_factory=Mender)
    answers: dict[Callable[[Document], Any], Any] = field(default_factory=dict, repr=False, compare=False)
    """What ``once`` was asked already."""

    def once(self, ask: Callable[[Document], Answer]) -> Answer:
        """The answer of a function about this document, which is called at the first question only."""
        if ask not in self.answers:
            self.answers[ask] = ask(self)
        answer: Answer = self.answers[ask]
        return answer


def parse(page: Page, profile: SiteProfile) -> Document:
    """Decode and parse a page once, and collect its machine-readable facts.

    The contents of ``<template>`` are removed: no browser shows them and no field may read them. Raises
    ``NotAnArticle`` where there is no markup at all and ``Unreadable`` where it is nested too deep to be read whole.
    """
    decoded = decode(page.body, page.header("Content-Type"))
    # The bytes of a page that is UTF-8 are those of its text.
    tree = parse_html(page.body if decoded.how.partition(";")[0] == "utf-8" else decoded.text)
    for template in list(tree.iter("template")):
        template.drop_tree()
    body = tree.find("body")
    return Document(
        page=page,
        profile=profile,
        decoded=decoded,
        tree=tree,
        json_ld=tuple(_json_ld(tree)),
        meta=_meta(tree),
        links=(*_link_elements(tree), *_link_headers(page)),
        body_classes=frozenset((body.get("class") or "").split()) if body is not None else frozenset(),
        marks=Marks(tree),
        base=_base(tree, page),
    )


def parse_html(text: str | bytes) -> html.HtmlElement:
    """Parse a whole page, text or UTF-8; comments and processing instructions are left out, as no reader sees them."""
    # The text is already decoded, so the parser is told its encoding and a <meta charset> cannot mislead it.
    encoded = text.encode("utf-8", "replace") if isinstance(text, str) else text
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = html.document_fromstring(encoded, parser=parser)
    except etree.ParserError as error:
        reason = "empty"
        raise NotAnArticle(reason, "the answer holds no markup") from error
    # Past its nesting limit (2,048 elements) the parser drops the rest of the page without an exception.
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        reason = "too-deep"
        raise Unreadable(reason, "the markup is nested too deep to be read whole")
    return tree


def _base(tree: html.HtmlElement, page: Page) -> str:
    href = next((href for element in tree.iter("base") if (href := element.get("href")) is not None), "")
    return absolute(href, page.final_url) or page.final_url


def _json_ld(tree: html.HtmlElement) -> Iterator[dict[str, Any]]:
    """Every object of every JSON-LD script that is JSON; one that is not is no reason to lose the page."""
    for script in tree.iter("script"):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json":
            continue
        text = script.text or ""
        if "<!" in text or "-->" in text or "]]>" in text:
            text = _SCRIPT_WRAP.sub("", text)
        try:
            stack = [json.loads(text, strict=False)]
        except (ValueError, RecursionError):
            continue
        while stack:
            value = stack.pop()
            if isinstance(value, list):
                stack.extend(reversed(value))
            elif isinstance(value, dict):
                stack.append(value.get("@graph"))
                if value.keys() - {"@context", "@graph"}:
                    yield value


def _meta(tree: html.HtmlElement) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop")
        content = element.get("content")
        if name and content is not None:
            key = name.strip().lower()
            found[key] = (*found.get(key, ()), content)
    return found


def _link_elements(tree: html.HtmlElement) -> Iterator[tuple[str, str, str]]:
    for element in tree.iter("link"):
        href = (element.get("href") or "").strip()
        for rel in (element.get("rel") or "").lower().split():
            yield rel, (element.get("type") or "").lower(), href


def _link_headers(page: Page) -> Iterator[tuple[str, str, str]]:
    for value in page.header_values("Link"):
        for target, text in _LINK_VALUE.findall(value):
            parameters = {name.lower(): quoted or bare for name, quoted, bare in _LINK_PARAMETER.findall(text)}
            for rel in parameters.get("rel", "").lower().split():
                yield rel, parameters.get("type", "").lower(), target.strip()
