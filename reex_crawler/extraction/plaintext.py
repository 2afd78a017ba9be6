"""Blocks as plain text: paragraphs parted by a blank line, headings on a line of their own, list items ``- `` each.

Items of an inner list stand two spaces deeper. A row of a table is one line, its cells parted by `` | ``. A caption
belongs to its image and is no text of the body; one that belongs to no image is a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from reex_crawler.extraction.blocks import BREAK, Block, Frame

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_JOINERS = "’'.,‐‑-"
_LONG_JOIN = re.compile(rb"-{3,}")
_SHAPE = bytes(97 if chr(code).isalnum() else 45 if chr(code) in _JOINERS else 32 for code in range(256))
"""By character: ``a`` for letters and digits, ``-`` for what may join them, a space for all others."""


def text_of(blocks: Sequence[Block]) -> str:
    """The plain text of finished blocks."""
    written: list[tuple[str, Frame | None]] = []
    figures = picture_figures(blocks)
    shown = [block for block in blocks if block.tag not in {"img", "hr"} and not is_image_caption(block, figures)]
    items: set[int] = set()
    for _, group in groupby(enumerate(shown), key=lambda pair: _row_key(*pair)):
        parts = [block for _, block in group]
        first = parts[0]
        line = row_text(parts) if first.frame("tr") else first.text
        if not any(part.text for part in parts):
            continue
        written.append((_indented(line, first, items), _outermost(first)))
    text = ""
    for number, (line, outermost) in enumerate(written):
        close = number > 0 and outermost is not None and written[number - 1][1] == outermost
        text += ("\n" if close else "\n\n" if number else "") + line
    return text


def row_text(cells: Sequence[Block]) -> str:
    """The blocks of one row on one line."""
    by_cell = groupby(cells, key=lambda block: block.frame("td", "th"))
    texts = [" ".join(part for block in group if (part := block.text.replace(BREAK, " "))) for _, group in by_cell]
    return " | ".join(texts)


def picture_figures(blocks: Sequence[Block]) -> frozenset[int]:
    """The keys of the figures, inner and outer, that show an image."""
    return frozenset(frame.key for block in blocks if block.picture for frame in block.frames if frame.tag == "figure")


def is_image_caption(block: Block, figures: frozenset[int]) -> bool:
    """Whether the block is the caption of one of these figures."""
    figure = block.frame("figure") if block.tag == "figcaption" else None
    return figure is not None and figure.key in figures


def word_count(text: str) -> int:
    """How many words a text has.

    A word is a run of letters and digits of any script; apostrophes, hyphens, full stops and commas inside it do not
    part it, so ``U.S.-China``, ``don't`` and ``1,000.5`` are one word each. Scripts without spaces count by run.
    """
    plain = text if text.isascii() else _BEYOND_ASCII.sub(_ascii_like, text)
    shape = b" " + plain.encode("ascii").translate(_SHAPE)
    if b"---" in shape:
        shape = _LONG_JOIN.sub(b" ", shape)
    # Counting where words start, after a joiner or two at most, is several times as fast as matching them.
    return shape.count(b" a") + shape.count(b" -a") + shape.count(b" --a")


def _ascii_like(match: re.Match[str]) -> str:
    """An ASCII character that counts like the one beyond ASCII."""
    char = match[0]
    return "a" if char.isalnum() else "-" if char in _JOINERS else " "


def _row_key(number: int, block: Block) -> tuple[str, int]:
    row = block.frame("tr")
    return ("row", row.key) if row else ("block", number)


def _outermost(block: Block) -> Frame | None:
    """The list or table around everything: its lines stand close together."""
    return next((frame for frame in block.frames if frame.tag in {"ul", "ol", "table"}), None)


def _indented(line: str, block: Block, items: set[int]) -> str:
    """A line with the mark of its list item, where it is the item's first, or set under that mark."""
    lists = [frame for frame in block.frames if frame.tag == "li"]
    if not lists:
        return line
    depth = "  " * (len(lists) - 1)
    mark = "  " if lists[-1].key in items else "- "
    items.update(frame.key for frame in lists)
    return depth + mark + line.replace("\n", f"\n{depth}  ")
