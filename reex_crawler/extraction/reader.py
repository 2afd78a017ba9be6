"""The block reader: walks the markup of a text and gives its blocks, verbatim and in the order shown.

It shows what a browser shows: hidden and foreign elements are passed over, an emoji image is its character, and every
other text is kept to the letter. White space is not folded here, because repair must see it first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count

from lxml import etree
from lxml.html import HtmlElement

from reex_crawler.extraction.blocks import BREAK, NOTE, Block, Frame, Mark, Picture, Run
from reex_crawler.extraction.cut import is_footnote_mark, is_foreign
from reex_crawler.site.display import COUNTERS, LINE_CLASSES
from reex_crawler.urls import absolute

# Elements that start and end a line of their own, as the rendering section of the HTML standard has them (15.3).
BLOCK_TAGS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hgroup", "hr", "legend", "li", "listing", "main", "menu", "ol", "optgroup", "p", "plaintext"),
        *("pre", "search", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul", "xmp"),
    }
)
_FRAMES = {tag: tag for tag in ("blockquote", "dd", "dl", "dt", "figure", "li", "ol", "table", "td", "th", "tr", "ul")}
_FRAMES |= {"menu": "ul", "dir": "ul"}
_OWN_TAGS = {tag: tag for tag in ("p", "h2", "h3", "h4", "h5", "h6", "pre", "figcaption", "caption")}
# An article has one heading of the first level, its title; one inside the text is a section like the others.
_OWN_TAGS |= {"h1": "h2", "xmp": "pre", "listing": "pre", "plaintext": "pre"}
_KEPT_TAGS = frozenset({"h2", "h3", "h4", "h5", "h6", "pre", "figcaption", "caption"})
_MARKS = {tag: tag for tag in ("em", "strong", "code", "kbd", "sub", "sup", "del", "ins", "mark", "u")}
_MARKS |= {"i": "em", "b": "strong", "s": "del", "strike": "del", "tt": "code", "samp": "code"}
_TABLE_PARTS = frozenset({"table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th"})

_EMOJI = frozenset({"emoji", "wp-smiley"})
_FIGURES = frozenset({"wp-caption", "gallery-item"})
_CAPTION = "wp-caption-text"
_PROTECTED_ADDRESS = "/cdn-cgi/l/email-protection"
# A style of an inline element that starts and ends a line as blocks do (CSS Display 3, section 2.1).
_BLOCK_STYLE = re.compile(
    r"(?<![-\w])display\s*:\s*(?:block|flex|flow-root|grid|list-item|table)\b(?!-)", re.IGNORECASE
)
_LAZY = ("data-src", "data-lazy-src", "data-original", "data-orig-src")
# What lazy loaders put in place of an image until it is near the screen.
_PLACEHOLDER = re.compile(
    r"^data:|(?:^|/)(?:blank|placeholder|pixel|spacer|transparent|1x1|lazy)[\w-]*\.(?:gif|png|svg)"
)


def read(containers: Sequence[HtmlElement], base: str) -> tuple[Block, ...]:
    """The blocks inside the containers, unrepaired and unfolded. ``base`` is what relative addresses are taken from."""
    reader = _Reader(base)
    for container in containers:
        reader.walk(container)
    return tuple(reader.blocks)


class _Reader:
    """The state of one walk. The tree is never changed and never walked by recursion."""

    def __init__(self, base: str) -> None:
        self.blocks: list[Block] = []
        self._base = base
        self._keys = count(1)
        self._runs: list[Run] = []
        self._pictures: list[Picture] = []
        self._frames: list[Frame] = []
        self._tags: list[str] = [""]
        self._marks: list[Mark] = []
        self._cell_starts: list[int] = []
        self._opened: list[tuple[bool, bool, bool, bool, bool]] = []
        """For each open element: whether it is a block, made a frame, gave its blocks their tag, made a mark, and
        stands on lines of its own."""

    def walk(self, container: HtmlElement) -> None:
        """Read everything inside one element."""
        steps = etree.iterwalk(container, events=("start", "end"))
        for event, element in steps:
            if event == "end":
                if element is not container:
                    self._end(element)
                continue
            if element is container or self._start(element):
                self._text(element.text)
            else:
                steps.skip_subtree()
        self._flush()

    def _start(self, element: HtmlElement) -> bool:
        """Open an element; false where nothing inside it is to be read."""
        if is_foreign(element):
            self._opened.append((False, False, False, False, False))
            return False
        tag = str(element.tag)
        if tag in BLOCK_TAGS:
            self._start_block(element, tag)
            return True
        mark = self._mark_of(element, tag)
        own_line = _stands_on_own_line(element)
        self._opened.append((False, False, False, mark is not None, own_line))
        if own_line:
            self._break_line()
        if mark is not None:
            self._marks.append(mark)
        if "data-cfemail" in element.attrib:
            self._text(_address(element.get("data-cfemail", "")) or element.text)
            return False
        if tag == "br":
            self._runs.append(Run(BREAK, tuple(self._marks)))
        elif tag == "img":
            self._image(element)
        elif (number := _counted(element)) is not None:
            self._text(number)
            return False
        return True

    def _start_block(self, element: HtmlElement, tag: str) -> None:
        self._flush()
        frame, own_tag = self._frame_of(element, tag), self._own_tag_of(element, tag)
        self._opened.append((True, frame is not None, own_tag is not None, False, False))
        if tag == "hr":
            self.blocks.append(Block("hr", tuple(self._frames)))
        if frame is not None:
            self._frames.append(frame)
            if frame.tag in {"td", "th"}:
                self._cell_starts.append(len(self.blocks))
        if own_tag is not None:
            self._tags.append(own_tag)

    def _end(self, element: HtmlElement) -> None:
        is_block, made_frame, gave_tag, made_mark, own_line = self._opened.pop()
        if is_block:
            self._flush()
        if made_mark:
            self._marks.pop()
        if gave_tag:
            self._tags.pop()
        if made_frame:
            if self._frames[-1].tag in {"td", "th"} and self._cell_starts.pop() == len(self.blocks):
                self.blocks.append(Block("", tuple(self._frames)))
            self._frames.pop()
        if own_line:
            self._break_line()
        self._text(element.tail)

    def _text(self, text: str | None) -> None:
        if text:
            # A line feed that is no forced break must not look like one.
            self._runs.append(Run(" " if text == BREAK and self._tags[-1] != "pre" else text, tuple(self._marks)))

    def _break_line(self) -> None:
        """End a line where one has begun; not twice, since that would part the paragraph."""
        last = next((run.text for run in reversed(self._runs) if run.text == BREAK or not run.text.isspace()), BREAK)
        if last != BREAK:
            self._runs.append(Run(BREAK, tuple(self._marks)))

    def _flush(self) -> None:
        """End the block that is being read."""
        if not self._runs and not self._pictures:
            return
        frames = tuple(self._frames)
        for run in self._runs:
            if not run.text.isspace():
                self.blocks.append(Block(self._tags[-1], frames, tuple(self._runs)))
                break
        self._runs = []
        if self._pictures:
            self.blocks += [Block("img", frames, picture=picture) for picture in self._pictures]
            self._pictures = []

    def _frame_of(self, element: HtmlElement, tag: str) -> Frame | None:
        classes = element.get("class")
        if classes is not None and not _FIGURES.isdisjoint(classes.split()):
            return Frame("figure", next(self._keys))
        kind = _FRAMES.get(tag)
        if kind is None:
            return None
        # The parts of a gallery's item are no definitions, and a table that holds another one only arranges things.
        in_gallery = tag in {"dt", "dd"} and bool(self._frames) and self._frames[-1].tag == "figure"
        if in_gallery or (tag in _TABLE_PARTS and _is_arrangement(element)):
            return None
        start = element.get("start", "1") if tag == "ol" else "1"
        return Frame(kind, next(self._keys), int(start) if start.isascii() and start.isdigit() else 1)

    def _own_tag_of(self, element: HtmlElement, tag: str) -> str | None:
        """The tag of the blocks inside; a heading, caption or preformatted text keeps its tag through all it holds."""
        outer = self._tags[-1]
        if outer in _KEPT_TAGS:
            return None
        classes = element.get("class")
        if classes is not None and _CAPTION in classes.split():
            return "figcaption"
        return _OWN_TAGS.get(tag, "" if outer == "p" else None)

    def _mark_of(self, element: HtmlElement, tag: str) -> Mark | None:
        if tag in {"a", "sup"} and is_footnote_mark(element):
            return NOTE
        if tag == "a":
            href = element.get("href", "").strip()
            url = href if href.lower().startswith("mailto:") else absolute(href, self._base)
            is_link = bool(href) and not href.startswith("#") and _PROTECTED_ADDRESS not in href
            return Mark("a", url, next(self._keys)) if is_link and url is not None else None
        kind = _MARKS.get(tag)
        return None if kind is None or any(mark.element == kind for mark in self._marks) else Mark(kind)

    def _image(self, element: HtmlElement) -> None:
        if not _EMOJI.isdisjoint(element.get("class", "").split()):
            self._text(element.get("alt"))
            return
        url = image_url(element, self._base)
        if url is not None:
            self._pictures.append(Picture(url, element.get("alt", "")))


def image_url(element: HtmlElement, base: str) -> str | None:
    """The absolute address of the image that a reader sees; none for counters of one pixel and for no address."""
    if element.get("width") == "1" or element.get("height") == "1":
        return None
    source = element.get("src", "").strip()
    if not source or _PLACEHOLDER.search(source):
        lazy = next((value for name in _LAZY if (value := element.get(name, "").strip())), "")
        sets = element.get("srcset") or element.get("data-srcset") or element.get("data-lazy-srcset") or ""
        source = lazy or next(iter(sets.split()), "").rstrip(",")
    return absolute(source, base) if source and not source.startswith("data:") else None


def _address(code: str) -> str:
    """An e-mail address as a reader sees it; Cloudflare writes it in hex, all bytes XORed with the first."""
    try:
        key, *rest = bytes.fromhex(code)
    except ValueError:
        return ""
    return bytes(byte ^ key for byte in rest).decode("utf-8", "replace")


def _stands_on_own_line(element: HtmlElement) -> bool:
    """Whether a style makes a block of an inline element that holds text."""
    attributes = element.attrib
    if not attributes or element.tag in {"br", "img"}:
        return False
    style = attributes.get("style")
    if style is not None and _BLOCK_STYLE.search(style):
        return True
    return "class" in attributes and not LINE_CLASSES.isdisjoint(attributes["class"].split())


def _counted(element: HtmlElement) -> str | None:
    """The number that a script counts up to in the element; none of any other element."""
    name = next((name for name in element.get("class", "").split() if name in COUNTERS), None)
    if name is None:
        return None
    around = (element, *element.iterancestors())
    return next((number for one in around if (number := one.get(COUNTERS[name]))), None)


def _is_arrangement(element: HtmlElement) -> bool:
    table = element
    while table.tag != "table":
        parent = table.getparent()
        if parent is None:
            return True
        table = parent
    return table.get("role") in {"presentation", "none"} or next(table.iterdescendants("table"), None) is not None
