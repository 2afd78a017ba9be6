"""The highlights of an article: the list under a label of that name, before the text proper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from reex_crawler.extraction.blocks import BREAK, Block, Run

_LABEL = re.compile(r"^\W*(?:key |article |story |news )?highlights\W*$", re.IGNORECASE)
_BULLET = re.compile(r"^[\s\xa0]*[•·‣▪●◦⁃∙*–-][\s\xa0]+(?=\S)")


def split(drafts: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The drafts of the highlights, a group of frames or a block each, and those of the text that remains.

    Highlights are the list, or the paragraphs that start with one kind of bullet, right after a label, where the label
    is the first text of all. A second list is text, unless a rule ends both; that rule ends with them. A section of
    that name further down is text like any other.
    """
    start = next((number for number, block in enumerate(drafts) if block.tag not in {"img", "hr", "figcaption"}), None)
    if start is None:
        return (), tuple(drafts)
    label, *rest = _lines(drafts[start])
    if not _LABEL.match(label.text) or not all(_is_bullet(line) for line in rest):
        return (), tuple(drafts)
    kind = _kind(rest[0]) if rest else None
    end = start + 1
    first_ends = None
    while end < len(drafts) and (points := _points(drafts[end])):
        kind = kind or _kind(points[0])
        if first_ends is None and _kind(points[0]) != kind:
            first_ends = end
        end += 1
    ruled = end < len(drafts) and drafts[end].tag == "hr"
    if first_ends is not None and not ruled:
        end = first_ends
    found = (*rest, *(point for block in drafts[start + 1 : end] for point in _points(block)))
    return (found, (*drafts[:start], *drafts[end + ruled :])) if found else ((), tuple(drafts))


def texts(blocks: Sequence[Block]) -> tuple[str, ...]:
    """One text for each item, on one line and without its bullet."""
    items = groupby(enumerate(blocks), key=lambda pair: _item_key(*pair))
    lines = (" ".join(block.text.replace(BREAK, " ") for _, block in group) for _, group in items)
    return tuple(text for line in lines if (text := _BULLET.sub("", line)))


def _lines(block: Block) -> list[Block]:
    """A block as one block for each line that a reader sees."""
    lines: list[list[Run]] = [[]]
    for run in block.runs:
        if run.text == BREAK:
            lines.append([])
        else:
            lines[-1].append(run)
    return [block._replace(runs=tuple(line)) for line in lines if any(not run.text.isspace() for run in line)]


def _points(block: Block) -> list[Block]:
    """The points that a block is: itself as an item of a list, or its lines where each has a bullet; else none."""
    if block.tag not in {"", "p"}:
        return []
    if block.frame("li") is not None:
        return [block]
    lines = _lines(block)
    return lines if all(map(_is_bullet, lines)) else []


def _kind(point: Block) -> object:
    """What the points of one list have in common: the list around them, or their bullet."""
    around = next((frame for frame in point.frames if frame.tag in {"ul", "ol"}), None)
    return around or point.text.strip()[:1]


def _is_bullet(block: Block) -> bool:
    return _BULLET.match(block.text) is not None


def _item_key(number: int, block: Block) -> tuple[str, int]:
    item = block.frame("li")
    return ("item", item.key) if item else ("block", number)
