"""Elements of a page: their class names, their words, and whether they speak of the page's own article."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from reex_crawler.extraction.cut import is_hidden
from reex_crawler.extraction.document import Document
from reex_crawler.site import layouts, markup

_POST_CLASS = re.compile(r"post-(\d+)", re.ASCII)
_ELSEWHERE = markup.ELSEWHERE_CLASSES | layouts.RELATED_CLASSES | layouts.COMMENT_CLASSES


def tokens_of(element: HtmlElement | None) -> frozenset[str]:
    """The class names of an element; none of none."""
    return frozenset((element.get("class") or "").split()) if element is not None else frozenset()


def words_of(element: HtmlElement) -> str:
    """The text inside an element that a reader sees, its spaces as they stand there."""
    return "".join(_words(element)) if len(element) else element.text or ""


def _words(element: HtmlElement) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if isinstance(child.tag, str) and not is_hidden(child):
            yield from _words(child)
        yield child.tail or ""


def post_id_of(doc: Document) -> int | None:
    """The post id in the body's classes, which WordPress gives every page of a post."""
    numbers = (name.removeprefix("postid-") for name in doc.body_classes if name.startswith("postid-"))
    return next((int(number) for number in numbers if number.isascii() and number.isdecimal()), None)


def is_written(element: HtmlElement) -> bool:
    """Whether an element stands in the text that somebody wrote, and is none of the theme's.

    On a page made with the Divi builder the container of the text holds the modules of the theme too.
    """
    in_module = False
    for around in (element, *element.iterancestors()):
        tokens = tokens_of(around)
        if around is not element:
            if tokens & markup.TEXT_CONTAINERS:
                return True
            if tokens & markup.PAGE_CONTAINERS and not in_module:
                return True
        if tokens & markup.THEME_MODULES and markup.BUILDER_COLUMN in tokens_of(around.getparent()):
            in_module = True
    return False


def is_own(element: HtmlElement, post_id: int | None) -> bool:
    """Whether what an element says is said of the page's own article, by the theme.

    It is not where it stands in a text, a widget, a menu, a comment or a list of articles, or in an element that
    WordPress marks as belonging to another post.
    """
    for around in (element, *element.iterancestors()):
        tokens = tokens_of(around)
        if around.tag == "nav" or tokens & _ELSEWHERE or around.get("id") in markup.ELSEWHERE_IDS:
            return False
        if around.tag in {"header", "footer"} and tokens & markup.TEMPLATE_PARTS:
            return False
        posts = {int(found[1]) for token in tokens if (found := _POST_CLASS.fullmatch(token))}
        if post_id is not None and posts and post_id not in posts:
            return False
    return not is_written(element)
