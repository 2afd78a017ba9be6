"""Elements of a page: their class names, their words, and which of them speak of the page's own article."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from lxml.html import HtmlElement

from reex_crawler.extraction.cut import is_hidden
from reex_crawler.extraction.document import Document
from reex_crawler.extraction.marks import class_names
from reex_crawler.site import layouts, markup
from reex_crawler.urls import absolute

_POST_CLASS = re.compile(r"(?<!\S)post-(\d+)(?!\S)", re.ASCII)
_TEXTS = tuple(f".{name}" for name in sorted(markup.TEXT_CONTAINERS | markup.PAGE_CONTAINERS))
_FACTS = frozenset({"author", "category", "tag"})
"""What links relate to that lead to no article."""
_ELSEWHERE = markup.ELSEWHERE_CLASSES | layouts.RELATED_CLASSES | layouts.COMMENT_CLASSES


def tokens_of(element: HtmlElement | None) -> frozenset[str]:
    """The class names of an element; none of none."""
    return class_names((element is not None and element.get("class")) or "")


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
    return _post_id(doc.body_classes)


@lru_cache(maxsize=64)
def _post_id(classes: frozenset[str]) -> int | None:
    numbers = (name.removeprefix("postid-") for name in classes if name.startswith("postid-"))
    return next((int(number) for number in numbers if number.isascii() and number.isdecimal()), None)


def is_written(element: HtmlElement) -> bool:
    """Whether an element stands in the text that somebody wrote, and is none of the theme's.

    On a page made with the Divi builder the container of the text holds the modules of the theme too.
    """
    in_module = False
    for around in (element, *element.iterancestors()):
        tokens = class_names(around.get("class") or "")
        if not tokens:
            continue
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
        if around.tag == "nav" or around.get("id") in markup.ELSEWHERE_IDS:
            return False
        classes = around.get("class")
        if not classes:
            continue
        tokens = class_names(classes)
        if not _ELSEWHERE.isdisjoint(tokens):
            return False
        if around.tag in {"header", "footer"} and not markup.TEMPLATE_PARTS.isdisjoint(tokens):
            return False
        posts = _posts(classes)
        if posts and post_id is not None and str(post_id) not in posts:
            return False
    return not is_written(element)


@lru_cache(maxsize=4096)
def _posts(classes: str) -> tuple[str, ...]:
    """The posts that an element belongs to, by its classes."""
    return tuple(_POST_CLASS.findall(classes))


def own(doc: Document, names: Sequence[str]) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """The elements with any of the names that speak of the page's own article, in document order, in two groups.

    First those inside the article's own element, then those before it, where many themes print the head of an article.
    What comes after it speaks of other articles, whatever it is called. On a page that marks no such element all are in
    the first group. What stands on a card, an element that leads to another article, is left out everywhere.
    """
    post_id = post_id_of(doc)
    above, container = doc.once(_surroundings)
    found = set(doc.marks.find(names))
    inside: list[HtmlElement] = []
    before: list[HtmlElement] = []
    cards: dict[HtmlElement, bool] = {}
    passed = False
    for element in doc.marks.find((*names, "main", *_post_names(post_id))):
        passed = passed or element is container
        if element not in found or not is_own(element, post_id) or _is_on_card(element, above, cards, doc):
            continue
        if container is None or element is container or container in element.iterancestors():
            inside.append(element)
        elif not passed:
            before.append(element)
    return inside, before


def _surroundings(doc: Document) -> tuple[set[HtmlElement], HtmlElement | None]:
    """All that lies around the text, and the article's own element."""
    post_id = post_id_of(doc)
    text = next((place for place in doc.marks.find(_TEXTS) if is_own(place, post_id)), None)
    above = set(text.iterancestors()) if text is not None else set()
    return above, _container(doc, post_id, above)


def _container(doc: Document, post_id: int | None, above: set[HtmlElement]) -> HtmlElement | None:
    """The innermost element around the text that WordPress marks as the post's, or else the page's only ``<main>``.

    ``above`` is all that lies around the text; where no text is known, the outermost element of the post counts.
    """
    posts = [post for post in doc.marks.find(_post_names(post_id)) if is_own(post, post_id)]
    around = [post for post in posts if post in above] if above else posts[:1]
    mains = doc.marks.find(("main",))
    only_main = [main for main in mains if len(mains) == 1 and (not above or main in above)]
    return next(iter((*reversed(around), *only_main)), None)


def _post_names(post_id: int | None) -> tuple[str, ...]:
    return (f".post-{post_id}", f"#post-{post_id}") if post_id is not None else ()


def _is_on_card(element: HtmlElement, above: set[HtmlElement], cards: dict[HtmlElement, bool], doc: Document) -> bool:
    """Whether an element stands with a link to another article, apart from the text and the headline of this one.

    ``cards`` remembers what was found of the elements around.
    """
    for around in element.iterancestors():
        if around in above or next(around.iter("h1", "body"), None) is not None:
            return False
        if around not in cards:
            cards[around] = any(_leads_elsewhere(link, doc) for link in around.iter("a"))
        if cards[around]:
            return True
    return False


def _leads_elsewhere(link: HtmlElement, doc: Document) -> bool:
    if not _FACTS.isdisjoint((link.get("rel") or "").split()):
        return False
    url = absolute(link.get("href") or "", doc.page.final_url)
    article = doc.profile.article_url(url) if url is not None else None
    is_other = article is not None and article != doc.profile.article_url(doc.page.final_url)
    return is_other and is_own(link, post_id_of(doc))
