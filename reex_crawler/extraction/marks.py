"""Elements of a page by the names that mark them, gathered in one walk for all who look for them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from lxml.html import HtmlElement

_LISTS = ("rel", "itemprop")


class Marks:
    """The marked elements of one tree.

    A name is a simple selector: ``.class``, ``#id``, ``tag``, ``[rel=word]`` or ``[itemprop=word]``, where one word of
    several is enough. The tree is walked at the first question; what is cut from it afterwards is still found.
    """

    __slots__ = ("_found", "_order", "_tree")

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._found: dict[str, list[HtmlElement]] = {}
        self._order: dict[HtmlElement, int] = {}

    def find(self, names: Iterable[str]) -> list[HtmlElement]:
        """The elements that bear any of the names, each once, in document order."""
        if not self._order:
            self._walk()
        found = set(chain.from_iterable(self._found.get(name, ()) for name in names))
        return sorted(found, key=self._order.__getitem__)

    def _walk(self) -> None:
        found = self._found
        for place, element in enumerate(self._tree.iter("*")):
            self._order[element] = place
            found.setdefault(str(element.tag), []).append(element)
            attributes = element.attrib
            if not attributes:
                continue
            for name in attributes.get("class", "").split():
                found.setdefault(f".{name}", []).append(element)
            if "id" in attributes:
                found.setdefault(f"#{attributes['id']}", []).append(element)
            for attribute in _LISTS:
                for name in attributes.get(attribute, "").split():
                    found.setdefault(f"[{attribute}={name}]", []).append(element)
