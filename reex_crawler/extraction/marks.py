"""Elements of a page by the names that mark them, gathered in one walk for all who look for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from lxml.html import HtmlElement


class Marks:
    """The marked elements of one tree.

    A name is a simple selector: ``.class``, ``#id``, ``tag``, ``[rel=word]`` or ``[itemprop=word]``, where one word of
    several is enough. The tree is walked at the first question; what is cut from it afterwards is still found.
    """

    __slots__ = ("_elements", "_places", "_tree")

    def __init__(self, tree: HtmlElement) -> None:
        self._tree = tree
        self._elements: list[HtmlElement] = []
        self._places: defaultdict[str, list[int]] = defaultdict(list)

    def find(self, names: Iterable[str]) -> list[HtmlElement]:
        """The elements that bear any of the names, each once, in document order."""
        if not self._elements:
            self._walk()
        places = {place for name in names if name in self._places for place in self._places[name]}
        return [self._elements[place] for place in sorted(places)]

    def _walk(self) -> None:
        self._elements = list(self._tree.iter("*"))
        # Most values stand on many elements, so each is taken apart once.
        classes, relations, properties = (defaultdict[str, list[int]](list) for _ in range(3))
        places = self._places
        for place, element in enumerate(self._elements):
            places[str(element.tag)].append(place)
            value = element.get
            if words := value("class"):
                classes[words].append(place)
            if (name := value("id")) is not None:
                places[f"#{name}"].append(place)
            if words := value("rel"):
                relations[words].append(place)
            if words := value("itemprop"):
                properties[words].append(place)
        for form, found in ((".{}", classes), ("[rel={}]", relations), ("[itemprop={}]", properties)):
            for words, those in found.items():
                for name in words.split():
                    places[form.format(name)] += those
