"""Whether an element is part of an article: not hidden, not machinery, and not what themes and plugins put around."""

from __future__ import annotations

import re
from functools import lru_cache

from lxml.html import HtmlElement

from reex_crawler.site.display import (
    CONTROL,
    HIDDEN_STYLE,
    NOTICE,
    PANEL_CLASSES,
    PANEL_ROLES,
    QUESTION,
    UNSEEN_ROLES,
    UNSEEN_TAGS,
)
from reex_crawler.site.layouts import (
    AUTHORED_CLASSES,
    COMMON_NAMES,
    FOREIGN_CLASSES,
    FOREIGN_COMBINATIONS,
    FOREIGN_IDS,
    FOREIGN_PREFIXES,
    HIDDEN_CLASSES,
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary"})
_TEXT_TAGS = _HEADINGS | {"a", "blockquote", "dd", "dt", "em", "figure", "li", "p", "pre", "span", "strong", "table"}
"""Elements that hold an author's words and no part of a theme, whatever common name they bear."""
_CONTROL_TAGS = frozenset({"button", "span", "small", "em", "i", "sup"})
_ENDS_IN_WORD = re.compile(r"\w\Z|\d[.,]\Z")
_FOOTNOTE = re.compile(r"[\[(]?(?:\d{1,3}|[a-z]|[ivxlc]{1,6}|[*†‡§¶]{1,3})[\])]?", re.IGNORECASE)


def is_foreign(element: HtmlElement) -> bool:
    """Whether the element, with all it holds, is no part of an article's text."""
    tag = element.tag
    if tag in UNSEEN_TAGS:
        return True
    if tag in _CONTROL_TAGS and _is_control(element):
        return True
    attributes = element.attrib
    if not attributes:
        return tag == "dialog"
    classes = attributes.get("class")
    return (
        (classes is not None and _has_foreign_class(classes, is_text=tag in _TEXT_TAGS))
        or _is_unseen(element)
        or (tag == "a" and _leads_back(element))
        or ("id" in attributes and _has_foreign_id(element))
    )


def is_hidden(element: HtmlElement) -> bool:
    """Whether a reader never sees the element, wherever on the page it stands."""
    if element.tag in UNSEEN_TAGS:
        return True
    classes = element.get("class", "").lower().split()
    return _is_unseen(element) or not HIDDEN_CLASSES.isdisjoint(classes)


@lru_cache(maxsize=4096)
def _has_foreign_class(words: str, *, is_text: bool) -> bool:
    classes = words.lower().split()
    found = FOREIGN_CLASSES.intersection(classes)
    if found:
        return not (found <= COMMON_NAMES and (is_text or _is_authored(classes)))
    return any(name.startswith(FOREIGN_PREFIXES) for name in classes) or any(
        names.issubset(classes) for names in FOREIGN_COMBINATIONS
    )


def _has_foreign_id(element: HtmlElement) -> bool:
    name = element.get("id", "").lower()
    if name not in FOREIGN_IDS or element.tag in _HEADINGS:
        return False
    classes = element.get("class", "").lower().split()
    return not (name in COMMON_NAMES and (element.tag in _TEXT_TAGS or _is_authored(classes)))


def _is_authored(classes: list[str]) -> bool:
    """Whether an author wrote an element with these classes, and so gave it its name."""
    return not AUTHORED_CLASSES.isdisjoint(classes)


def _is_unseen(element: HtmlElement) -> bool:
    """Hidden by its attributes, for good: a panel that a click opens and text that the browser finds are not."""
    attributes = element.attrib
    role = attributes.get("role", "").lower()
    if role in UNSEEN_ROLES or (element.tag == "dialog" and "open" not in attributes):
        return True
    style = attributes.get("style")
    is_hidden = (
        ("hidden" in attributes and attributes["hidden"].lower() != "until-found")
        or attributes.get("aria-hidden", "").lower() == "true"
        or (style is not None and HIDDEN_STYLE.search(style) is not None)
    )
    return is_hidden and not _is_panel(element, role)


def _is_panel(element: HtmlElement, role: str) -> bool:
    if role in PANEL_ROLES and (role == "tabpanel" or "aria-labelledby" in element.attrib):
        return True
    return not PANEL_CLASSES.isdisjoint(element.get("class", "").lower().split())


def _is_control(element: HtmlElement) -> bool:
    """A button that is no heading of an accordion, or the notice at the end of a link."""
    if element.tag == "button":
        return not _is_question(element)
    if element.tail:
        return False
    parent = element.getparent()
    return (
        parent is not None
        and parent.tag == "a"
        and len(element) == 0
        and element.text is not None
        and NOTICE.match(element.text) is not None
    )


def _is_question(button: HtmlElement) -> bool:
    """Whether a button is an accordion's heading: inside one, by its class, or since it opens what comes next."""
    parent = button.getparent()
    if (parent is not None and parent.tag in _HEADINGS) or QUESTION.search(button.get("class", "")):
        return True
    panel = button.getnext() if button.getnext() is not None or parent is None else parent.getnext()
    opens = panel is not None and panel.get("id") is not None and panel.get("id") == button.get("aria-controls")
    return opens and CONTROL.match(button.text_content()) is None


def is_footnote_mark(element: HtmlElement) -> bool:
    """Whether an element is the raised number of a footnote.

    That of WordPress' own footnotes is known by its attribute (``core/footnotes``), others by their role (DPUB-ARIA).
    One made by hand is text as its author typed it, unless it adjoins a word or number: "20 percent" must not become
    "201 percent".
    """
    if "data-fn" in element.attrib or element.get("role", "").lower() == "doc-noteref":
        return True
    if element.tag not in {"a", "sup"}:
        return False
    link = element[0] if len(element) == 1 and element.tag == "sup" else element
    raised = element if element.tag == "sup" else element[0] if len(element) == 1 else None
    return (
        link.tag == "a"
        and link.get("href", "").startswith("#")
        and raised is not None
        and raised.tag == "sup"
        and _FOOTNOTE.fullmatch(element.text_content().strip()) is not None
        and _ENDS_IN_WORD.search(_before(element)) is not None
    )


def _before(element: HtmlElement) -> str:
    """The text that adjoins an element on its left, as far as its parent reaches."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is not None:
        return previous.tail or previous.text_content()
    return (parent.text or "") if parent is not None else ""


def _leads_back(element: HtmlElement) -> bool:
    """Whether an element is the link from one of WordPress' footnotes to its number, whose ids differ by an ending."""
    href = element.get("href", "") if element.tag == "a" else ""
    if not (href.startswith("#") and href.endswith("-link")):
        return False
    note = href.removeprefix("#").removesuffix("-link")
    return any(around.get("id") == note for around in element.iterancestors("li"))
