"""Elements of a page by the names that mark them, gathered in one walk for all who look for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from lxml.html import HtmlElement


class Marks:
    """The marked elements of one tree.

    A name is a simple selector: ``.class``, ``#id``, ``tag``, ``[rel=word]`` or ``[itemprop=word]``, where one word of
    several is enough. The tree is walked at the first question; what is cut from it afterwards is still found.
    """

    __slots__ = ("_classes", "_elements", "_others", "_tree")

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._elements: list[HtmlElement] = []
        self._classes: defaultdict[str, list[int]] = defaultdict(list)
        """By class, the places of its elements in ``_elements``."""
        self._others: defaultdict[str, list[int]] = defaultdict(list)
        """The same by the names that are none of a class."""

    def find(self, names: Iterable[str]) -> list[HtmlElement]:
        """The elements that bear any of the names, each once, in document order."""
        if not self._elements:
            self._walk()
        places: set[int] = set()
        for name in names:
            places.update(self._classes.get(name[1:], ()) if name[0] == "." else self._others.get(name, ()))
        return [self._elements[place] for place in sorted(places)]

    def _walk(self) -> None:
        self._elements = list(self._tree.iter("*"))
        # Most values stand on many elements, so each is taken apart once.
        classes, relations, properties = (defaultdict[str, list[int]](list) for _ in range(3))
        others = self._others
        for place, element in enumerate(self._elements):
            others[str(element.tag)].append(place)
            value = element.get
            if words := value("class"):
                classes[words].append(place)
            if (name := value("id")) is not None:
                others[f"#{name}"].append(place)
            if words := value("rel"):
                relations[words].append(place)
            if words := value("itemprop"):
                properties[words].append(place)
        for word, found in _by_word(classes):
            self._classes[word].extend(found)
        for word, found in _by_word(relations):
            others[f"[rel={word}]"].extend(found)
        for word, found in _by_word(properties):
            others[f"[itemprop={word}]"].extend(found)


def _by_word(places: dict[str, list[int]]) -> Iterator[tuple[str, list[int]]]:
    """The places of values that are words parted by spaces, by each word."""
    return ((word, found) for words, found in places.items() for word in words.split())
