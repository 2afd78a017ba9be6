"""The highlights of an article: the list under a label of that name, before the text proper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from reex_crawler.extraction.blocks import BREAK, Block, Run

_LABEL = re.compile(r"^\W*(?:key |article |story |news )?highlights\W*$", re.IGNORECASE)
_BULLET = re.compile(r"^[\s\xa0]*[•·‣▪●◦⁃∙*–-][\s\xa0]+(?=\S)")


def split(drafts: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[Block, ...]]:
    """The drafts of the highlights, a group of frames or a block each, and those of the text that remains.

    Highlights are the list, or the paragraphs that start with a bullet, right after a label, where the label is the
    first text of all. They end at the first other paragraph, heading or rule, and that rule ends with them. A section
    of that name further down is text like any other.
    """
    start = next((number for number, block in enumerate(drafts) if block.tag not in {"img", "hr", "figcaption"}), None)
    if start is None:
        return (), tuple(drafts)
    label, *rest = _lines(drafts[start])
    if not _LABEL.match(label.text) or not all(_is_bullet(line) for line in rest):
        return (), tuple(drafts)
    found = list(rest)
    end = start + 1
    for block in drafts[end:]:
        if block.frame("li") is not None and block.tag in {"", "p"}:
            found.append(block)
        elif block.tag in {"", "p"} and all(_is_bullet(line) for line in _lines(block)):
            found += _lines(block)
        else:
            break
        end += 1
    if not found:
        return (), tuple(drafts)
    if end < len(drafts) and drafts[end].tag == "hr":
        end += 1
    return tuple(found), (*drafts[:start], *drafts[end:])


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
    return [replace(block, runs=tuple(line)) for line in lines if any(not run.text.isspace() for run in line)]


def _is_bullet(block: Block) -> bool:
    return _BULLET.match(block.text) is not None


def _item_key(number: int, block: Block) -> tuple[str, int]:
    item = block.frame("li")
    return ("item", item.key) if item else ("block", number)
