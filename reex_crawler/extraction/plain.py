"""Small pieces of HTML, such as a comment or a biography, as plain text with its paragraphs.

The body of an article is read elsewhere: it is cut from a layout and has Markdown and HTML beside its text.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from lxml.html import HtmlElement

from reex_crawler.extraction.cut import is_hidden
from reex_crawler.text.clean import clean_line

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl"),
        *("dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hgroup", "hr", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
Skip = Callable[[HtmlElement], bool]
Mend = Callable[[list[str]], list[str]]
"""Repairs the text nodes of one paragraph; as many come out as went in."""


def text_of(element: HtmlElement, mend: Mend, *, skip: Skip, smilies: frozenset[str] = frozenset()) -> str:
    """The text a reader sees: paragraphs parted by a blank line, ``<br>`` a new line, list items ``- `` one a line.

    Elements that are hidden or for which ``skip`` is true are left out with all they hold. An image is its ``alt``
    where it has one of the classes ``smilies``, and nothing elsewhere. Each paragraph goes through ``mend`` before its
    spaces are folded.
    """
    writer = _Writer(mend, skip, smilies)
    writer.children(element)
    writer.end_paragraph()
    return writer.text()


class _Writer:
    """Collects runs of text into paragraphs while the tree is walked."""

    def __init__(self, mend: Mend, skip: Skip, smilies: frozenset[str]) -> None:
        self._mend = mend
        self._skip = skip
        self._smilies = smilies
        self._lines: list[list[str]] = [[]]
        self._mark = ""
        self._verbatim = False
        self._written: list[str] = []

    def text(self) -> str:
        """All paragraphs; items of a list are parted by one line break only."""
        parts = self._written[:1]
        for before, paragraph in pairwise(self._written):
            parts += ["\n" if before.startswith("- ") and paragraph.startswith("- ") else "\n\n", paragraph]
        return "".join(parts)

    def children(self, element: HtmlElement) -> None:
        """Everything inside an element, in document order."""
        self._run(element.text)
        for child in element:
            if isinstance(child.tag, str) and not is_hidden(child) and not self._skip(child):
                self._element(child)
            self._run(child.tail)

    def end_paragraph(self) -> None:
        """Repair, fold and keep what has come together since the last paragraph."""
        repaired = iter(self._mend([run for line in self._lines for run in line]))
        lines = ["".join(next(repaired) for _ in line) for line in self._lines]
        if self._verbatim:
            paragraph = "\n".join(_indented(part) for line in lines for part in line.split("\n")).strip("\n")
        else:
            paragraph = "\n".join(map(clean_line, lines)).strip()
        if paragraph:
            self._written.append(self._mark + paragraph)
            self._mark = ""
        self._lines = [[]]

    def _element(self, element: HtmlElement) -> None:
        tag = element.tag
        if tag == "br":
            self._lines.append([])
        elif tag == "img":
            if not self._smilies.isdisjoint((element.get("class") or "").split()):
                self._run(element.get("alt"))
        elif tag in _BLOCKS:
            self._block(element)
        else:
            self.children(element)

    def _block(self, element: HtmlElement) -> None:
        self.end_paragraph()
        verbatim = self._verbatim
        self._verbatim = verbatim or element.tag == "pre"
        if element.tag == "li":
            self._mark = "- "
        self.children(element)
        self.end_paragraph()
        self._verbatim = verbatim
        if element.tag == "li":
            self._mark = ""

    def _run(self, text: str | None) -> None:
        if text:
            self._lines[-1].append(text)


def _indented(line: str) -> str:
    """A line of preformatted text with its indentation."""
    return (line[: len(line) - len(line.lstrip(" \t"))] + clean_line(line)).rstrip()
