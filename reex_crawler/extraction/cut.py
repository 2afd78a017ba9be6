"""Whether an element is part of an article: not hidden, not machinery, and not what themes and plugins put around."""

from __future__ import annotations

from lxml.html import HtmlElement

from reex_crawler.site.layouts import (
    FOREIGN_CLASSES,
    FOREIGN_IDS,
    FOREIGN_PREFIXES,
    HIDDEN_CLASSES,
    HIDDEN_STYLE,
    NOTICE,
    UNSEEN_ROLES,
    UNSEEN_TAGS,
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "summary"})


def is_foreign(element: HtmlElement) -> bool:
    """Whether the element, with all it holds, is no part of an article's text."""
    tag = element.tag
    if tag in UNSEEN_TAGS:
        return True
    attributes = element.attrib
    if not attributes:
        return tag == "dialog" or _is_control(element)
    classes = attributes.get("class", "").lower().split()
    return (
        _is_unseen(element)
        or _is_control(element)
        or not FOREIGN_CLASSES.isdisjoint(classes)
        or any(name.startswith(FOREIGN_PREFIXES) for name in classes)
        or attributes.get("id", "").lower() in FOREIGN_IDS
    )


def is_hidden(element: HtmlElement) -> bool:
    """Whether a reader never sees the element, wherever on the page it stands."""
    if element.tag in UNSEEN_TAGS:
        return True
    classes = element.get("class", "").lower().split()
    return _is_unseen(element) or not HIDDEN_CLASSES.isdisjoint(classes)


def _is_unseen(element: HtmlElement) -> bool:
    """Hidden by its attributes. Text that the browser can find and then open is not hidden (``until-found``)."""
    attributes = element.attrib
    style = attributes.get("style")
    return (
        ("hidden" in attributes and attributes["hidden"].lower() != "until-found")
        or attributes.get("aria-hidden", "").lower() == "true"
        or attributes.get("role", "").lower() in UNSEEN_ROLES
        or (style is not None and HIDDEN_STYLE.search(style) is not None)
        or (element.tag == "dialog" and "open" not in attributes)
    )


def _is_control(element: HtmlElement) -> bool:
    """A button outside a heading (an accordion's heading is a button), or the notice at the end of a link."""
    if element.tag == "button":
        parent = element.getparent()
        return parent is None or parent.tag not in _HEADINGS
    if element.tag not in {"span", "small", "em", "i", "sup"} or element.tail:
        return False
    parent = element.getparent()
    return (
        parent is not None
        and parent.tag == "a"
        and len(element) == 0
        and element.text is not None
        and NOTICE.match(element.text) is not None
    )
