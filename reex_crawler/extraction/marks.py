"""Elements of a page by the names that mark them, gathered once for all who look for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

# XPath finds the attributes in a fraction of the time that it takes to ask each element for them.
_CLASSES = etree.XPath("descendant-or-self::*/@class")
_OTHERS = etree.XPath(" | ".join(f"descendant-or-self::*/@{name}" for name in ("id", "rel", "itemprop")))
_IN_ORDER = etree.XPath("$found")


class Marks:
    """The marked elements of one tree.

    A name is a simple selector: ``.class``, ``#id``, ``tag``, ``[rel=word]`` or ``[itemprop=word]``, where one word of
    several is enough. Attributes are gathered at the first question; what is cut from the tree afterwards may still be
    found by them.
    """

    __slots__ = ("_by_class", "_by_name", "_tree")

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._by_class: dict[str, list[list[HtmlElement]]] = {}
        """By class, the elements of each class attribute that has it."""
        self._by_name: dict[str, list[HtmlElement]] = {}
        """The elements by the names that are of an id, a relation or a property."""

    def find(self, names: Iterable[str]) -> list[HtmlElement]:
        """The elements that bear any of the names, each once, in document order."""
        if not self._by_class:
            self._gather()
        found: dict[HtmlElement, None] = {}
        for name in names:
            if name[0] == ".":
                for elements in self._by_class.get(name[1:], ()):
                    found |= dict.fromkeys(elements)
            else:
                found |= dict.fromkeys(self._by_name.get(name, ()) if name[0] in "#[" else self._tree.iter(name))
        # A result of XPath stands in document order, whatever it is made of.
        return cast("list[HtmlElement]", _IN_ORDER(self._tree, found=list(found))) if len(found) > 1 else list(found)

    def _gather(self) -> None:
        by_class = defaultdict[str, list[HtmlElement]](list)
        for value in _CLASSES(self._tree):
            by_class[str(value)].append(value.getparent())
        by_name = defaultdict[str, list[HtmlElement]](list)
        for value in _OTHERS(self._tree):
            names = (
                [f"#{value}"] if value.attrname == "id" else [f"[{value.attrname}={word}]" for word in value.split()]
            )
            for name in names:
                by_name[name].append(value.getparent())
        self._by_name = by_name
        self._by_class = defaultdict(list)
        for words, elements in by_class.items():
            for word in words.split():
                self._by_class[word].append(elements)


@lru_cache(maxsize=4096)
def class_names(words: str) -> frozenset[str]:
    """The names in a class attribute."""
    return frozenset(words.split())
