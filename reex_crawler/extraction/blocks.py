"""The blocks of a text: the values that plain text, Markdown and HTML are all written from, and their repair.

How blocks are read from markup is in ``reader``; how they are written is in ``plaintext``, ``markdown`` and
``sanitise``. Nothing here knows lxml.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from reex_crawler.extraction.document import Mender

BREAK = "\n"
"""A forced line break inside a block of running text, where every other white space is folded."""

_SPACE = re.compile(r"[ \t\n\r\f]+")
# Controls are no text in HTML (WHATWG, section 3.2.5); a row or an XML file could not hold them.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Mark(NamedTuple):
    """What an inline element does to its text. Two links are never the same mark, even to one address."""

    tag: str
    href: str = ""
    key: int = 0

    @property
    def element(self) -> str:
        """The HTML element it is written as."""
        return "sup" if self == NOTE else self.tag


NOTE = Mark("note")
"""The raised number of a footnote: no part of a plain text, whose words and numbers it would run into."""


class Run(NamedTuple):
    """A piece of text and its marks, the outermost first."""

    text: str
    marks: tuple[Mark, ...] = ()

    def saying(self, text: str) -> Run:
        """A run of the same marks with this text."""
        return self if text == self.text else Run(text, self.marks)


class Frame(NamedTuple):
    """An element around blocks: a list, an item, a quotation, a table, a row, a cell or a figure."""

    tag: str
    key: int
    start: int = 1
    """The number of an ordered list's first item."""


class Picture(NamedTuple):
    """An image as the markup shows it."""

    url: str
    alt: str


class Block(NamedTuple):
    """One paragraph, heading, item, cell, image or rule.

    ``tag`` is the HTML element it is written as: ``p``, ``h2``, ``pre``, ``hr``, ``img``, ``figcaption``, ``caption``,
    or nothing for text that stands bare in its frame.
    """

    tag: str
    frames: tuple[Frame, ...] = ()
    runs: tuple[Run, ...] = ()
    picture: Picture | None = None

    @property
    def text(self) -> str:
        """The text of all runs, without the numbers of footnotes and the space that parts one from its word."""
        if not any(run.marks and NOTE in run.marks for run in self.runs):
            return "".join([run.text for run in self.runs])
        text, after_note = "", False
        for run in self.runs:
            if NOTE not in run.marks:
                text = text.removesuffix(" ") if after_note and not run.text[0].isalnum() else text
                text += run.text
            after_note = NOTE in run.marks
        return text.removesuffix(" ") if after_note else text

    def frame(self, *tags: str) -> Frame | None:
        """The innermost frame with one of these tags."""
        for frame in reversed(self.frames):
            if frame.tag in tags:
                return frame
        return None


def finish(drafts: Iterable[Block], mender: Mender, field: str) -> tuple[Block, ...]:
    """Repair the runs of each block together, then fold white space as a browser does and drop what is empty.

    Repair comes first because damaged characters may look like space. Two line breaks in a row part a paragraph in
    two, as they do for the reader.
    """
    return tuple(block for draft in drafts for block in _finished(draft, mender, field))


def _finished(draft: Block, mender: Mender, field: str) -> Sequence[Block]:
    if draft.picture is not None or draft.tag == "hr":
        return (draft,)
    mended = iter(mender.runs(field, [run.text for run in draft.runs if run.text != BREAK]))
    runs = [run if run.text == BREAK else run.saying(_tidy(next(mended))) for run in draft.runs]
    folded = _verbatim(runs) if draft.tag == "pre" else _fold(runs)
    may_part = len(folded) > 1 and draft.tag in {"p", ""} and draft.frame("td", "th") is None
    parts = _parted(folded) if may_part else [folded]
    counts = is_cell(draft)
    return [
        Block(draft.tag, draft.frames, tuple(part))
        for part in parts
        if counts or any(not run.text.isspace() for run in part)
    ]


def is_cell(block: Block) -> bool:
    """Whether the block is text that stands bare in a cell of a table, which counts even where it is empty."""
    return block.tag == "" and bool(block.frames) and block.frames[-1].tag in {"td", "th"}


def _tidy(text: str) -> str:
    return text if text.isascii() and text.isprintable() else unicodedata.normalize("NFC", _CONTROL.sub("", text))


def _fold(runs: Iterable[Run]) -> list[Run]:
    """Fold white space across runs and drop it at the ends of lines (CSS Text 3, section 4.1).

    In a draft a line feed is white space like any other, except where it is a run of its own.
    """
    folded: list[Run] = []
    at_edge = True
    for run in runs:
        if run.text == BREAK:
            _trim_end(folded)
            folded.append(run)
            at_edge = True
            continue
        text = run.text
        if "  " in text or not text.isprintable():
            text = _SPACE.sub(" ", text)
        if at_edge and text.startswith(" "):
            text = text[1:]
        if text:
            at_edge = text.endswith(" ")
            _append(folded, run.saying(text))
    _trim_end(folded)
    while folded and folded[-1].text == BREAK:
        folded.pop()
    while folded and folded[0].text == BREAK:
        folded.pop(0)
    return folded


def _verbatim(runs: Iterable[Run]) -> list[Run]:
    """Preformatted text, less the line feed right after its start, which HTML ignores, and those at its end."""
    kept: list[Run] = []
    for run in runs:
        text = run.text.replace("\r\n", "\n").replace("\r", "\n")
        if not kept:
            text = text.removeprefix("\n")
        if text:
            _append(kept, Run(text, run.marks))
    while kept and not (end := kept[-1].text.rstrip(" \t\n\f")):
        kept.pop()
    if kept:
        kept[-1] = Run(end, kept[-1].marks)
    return kept


def _append(runs: list[Run], run: Run) -> None:
    """Add a run, joined to the one before where both have the same marks."""
    if runs and runs[-1].marks == run.marks and runs[-1].text != BREAK:
        runs[-1] = Run(runs[-1].text + run.text, run.marks)
    else:
        runs.append(run)


def _trim_end(runs: list[Run]) -> None:
    """Drop the one space that folding may have left at the end of a line."""
    if runs and runs[-1].text.endswith(" "):
        last = runs.pop()
        if len(last.text) > 1:
            runs.append(Run(last.text[:-1], last.marks))


def _parted(runs: list[Run]) -> Iterator[list[Run]]:
    part: list[Run] = []
    breaks = 0
    for run in runs:
        if run.text == BREAK:
            breaks += 1
            continue
        if breaks > 1:
            yield part
            part = []
        elif breaks:
            part.append(Run(BREAK))
        breaks = 0
        part.append(run)
    yield part
