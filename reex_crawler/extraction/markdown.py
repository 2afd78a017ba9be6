"""Blocks as Markdown: CommonMark 0.31 with GitHub's tables and strikethrough, escaped so that text stays text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from reex_crawler.extraction.blocks import BREAK, Block, Frame, Mark, Run
from reex_crawler.extraction.inline import Span, write

# A set comes first because only then the search leaps from one of its characters to the next.
_SPECIAL = re.compile(r"[\\`*_\[\]<>|~&](?:(?<!&)|(?=#?\w+;))")
# What would start a heading, list, rule or underlined heading, and only does so at the start of a line.
_LINE_START = re.compile(r"^(?:#{1,6}|[-+])(?=\s|$)|^[-=][-= ]*$|^\d{1,9}(?=[.)](?:\s|$))", re.MULTILINE)
_MAY_START = "#+-="
"""What such a beginning starts with, digits apart."""
_HEADING = re.compile(r"h\d")
_SIGNS_AT_END = re.compile(r"(#+)$")
_TICKS = re.compile(r"`+")
_EDGES = re.compile(r"^(\s*)(.*?)(\s*)$", re.DOTALL)
_SIGNS = {"em": "*", "strong": "**", "del": "~~"}
_ELEMENTS = frozenset({"em", "strong", "del", "sub", "sup", "ins", "mark", "u"})
_STARRED = frozenset({"em", "strong"})
_CODE = frozenset({"code", "kbd"})


def markdown_of(blocks: Sequence[Block]) -> str:
    """The Markdown of finished blocks."""
    lines: list[str] = []
    markers: dict[int, str] = {}
    numbers: dict[int, int] = {}
    previous: tuple[Frame, ...] | None = None
    for text, frames in _parts(blocks):
        if not frames and not previous:
            if previous is not None:
                lines.append("")
            first, *rest = text.split("\n")
            lines += (first, *(line.rstrip(" ") for line in rest))
            previous = frames
            continue
        if previous is not None and not _are_items(previous, frames):
            shared = tuple(one for one, other in zip(previous, frames, strict=False) if one == other)
            lines.append(_prefix(shared, markers).rstrip())
            if _are_lists(previous, frames):
                # Two lists in a row would be read as one.
                lines += [f"{_prefix(shared, markers)}<!-- -->", lines[-1]]
        new = _number(frames, markers, numbers)
        first, *rest = text.split("\n")
        lines.append(_prefix(frames, markers, new) + first)
        lines += [(_prefix(frames, markers) + line).rstrip(" ") for line in rest]
        previous = frames
    return "\n".join(lines)


def _parts(blocks: Sequence[Block]) -> Iterable[tuple[str, tuple[Frame, ...]]]:
    """The text of each block, or of each table as a whole, and the frames it stands in."""
    for table, group in groupby(blocks, key=lambda block: block.frame("table")):
        members = list(group)
        if table is None:
            yield from ((text, block.frames) for block in members if (text := _block(block)))
        else:
            frames = members[0].frames[: members[0].frames.index(table)]
            yield from ((text, frames) for text in _table(members) if text)


def _number(frames: Iterable[Frame], markers: dict[int, str], numbers: dict[int, int]) -> frozenset[int]:
    """Give every item that has none its marker; the keys of those items."""
    new: set[int] = set()
    around: Frame | None = None
    for frame in frames:
        if frame.tag == "li" and frame.key not in markers:
            ordered = around is not None and around.tag == "ol"
            number = numbers.get(around.key, around.start) if around is not None else 1
            numbers[around.key if around is not None else 0] = number + 1
            markers[frame.key] = f"{number}. " if ordered else "- "
            new.add(frame.key)
        if frame.tag in {"ul", "ol"}:
            around = frame
    return frozenset(new)


def _prefix(frames: Iterable[Frame], markers: dict[int, str], new: frozenset[int] = frozenset()) -> str:
    """What stands before a line: the marks of quotations and new items, and space under those of items begun before."""
    text = ""
    for frame in frames:
        if frame.tag == "blockquote":
            text += "> "
        elif frame.tag == "li":
            text += markers[frame.key] if frame.key in new else " " * len(markers[frame.key])
    return text


def _are_items(left: Sequence[Frame], right: Sequence[Frame]) -> bool:
    """Whether two blocks stand in different items of one list, whose lines need no blank line between them."""
    lists = [next((frame for frame in frames if frame.tag in {"ul", "ol"}), None) for frames in (left, right)]
    items = [next((frame for frame in reversed(frames) if frame.tag == "li"), None) for frames in (left, right)]
    return lists[0] is not None and lists[0] == lists[1] and items[0] != items[1]


def _are_lists(left: Sequence[Frame], right: Sequence[Frame]) -> bool:
    """Whether one list ends and another one of its kind begins."""
    pair = next(((one, other) for one, other in zip(left, right, strict=False) if one != other), None)
    return pair is not None and pair[0].tag == pair[1].tag and pair[0].tag in {"ul", "ol"}


def _block(block: Block) -> str:
    if block.picture is not None:
        return f"![{_escape(block.picture.alt)}]({_target(block.picture.url)})"
    if block.tag == "hr":
        return "***"
    if block.tag == "pre":
        fence = "`" * max(3, _longest_ticks(block.text) + 1)
        return f"{fence}\n{block.text}\n{fence}"
    text = _inline(block.runs)
    if _HEADING.fullmatch(block.tag):
        line = text.replace(BREAK, " ")
        return f"{'#' * int(block.tag[1])} {_SIGNS_AT_END.sub(_backslash, line)}"
    if BREAK in text or text[:1].isdecimal() or text[:1] in _MAY_START:
        return _LINE_START.sub(_escaped_start, text).replace(BREAK, "\\\n")
    return text


def _table(blocks: Sequence[Block]) -> list[str]:
    """The captions, if any, and the table; its first row is its head, as Markdown knows no table without one."""
    captions = [_block(block) for block in blocks if block.frame("tr") is None]
    rows: list[list[str]] = []
    for _, row in groupby((block for block in blocks if block.frame("tr")), key=lambda block: block.frame("tr")):
        cells = groupby(row, key=lambda block: block.frame("td", "th"))
        rows.append([" ".join(_inline(block.runs).replace(BREAK, "<br>") for block in cell) for _, cell in cells])
    if not rows:
        return captions
    width = max(map(len, rows))
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    lines.insert(1, "|" + " --- |" * width)
    return [*captions, "\n".join(lines)]


def _inline(runs: Sequence[Run]) -> str:
    if any(run.marks for run in runs):
        return write(_arranged(runs), _text, _opening, _closing)
    return "".join(map(_plain, runs))


def _plain(run: Run) -> str:
    """A run without marks. A sign that is all of its text is escaped, as it would be before a link."""
    text = run.text
    if text.strip() == "!":
        return text.replace("!", "\\!")
    return _escape(text)


def _arranged(runs: Sequence[Run]) -> list[Run]:
    """Runs whose code is the innermost mark, whose outer spaces stand outside of their marks."""
    pieces: list[Run] = []
    for run in runs:
        code = next((mark for mark in run.marks if mark.tag in _CODE), None)
        marks = tuple(mark for mark in run.marks if mark.tag not in _CODE)
        if code is not None:
            marks = (*marks, Mark("code"))
            before = pieces.pop().text if pieces and pieces[-1].marks == marks else ""
            pieces.append(Run(before + run.text, marks))
        elif run.text and run.text == run.text.strip():
            pieces.append(run if marks == run.marks else Run(run.text, marks))
        elif edges := _EDGES.match(run.text):
            lead, core, trail = edges.groups()
            pieces += [Run(text, marks) for text in (lead, core, trail) if text]
    arranged: list[Run] = []
    for number, piece in enumerate(pieces):
        marks = piece.marks
        if piece.text.isspace():
            preceding = arranged[-1].marks if arranged else ()
            following = next((other.marks for other in pieces[number + 1 :] if not other.text.isspace()), ())
            kept = zip(preceding, marks, following, strict=False)
            marks = tuple(mark for mark, other, third in kept if mark == other == third)
        starts_link = any(mark.tag == "a" for mark in marks)
        if starts_link and arranged and arranged[-1].text.endswith("!") and not _is_code(arranged[-1]):
            # Before a link this sign would make an image of it; alone in its run it is escaped.
            last = arranged.pop()
            arranged += [Run(text, last.marks) for text in (last.text[:-1], "!") if text]
        arranged.append(piece if marks == piece.marks else Run(piece.text, marks))
    return arranged


def _text(run: Run) -> str:
    if _is_code(run):
        ticks = "`" * (_longest_ticks(run.text) + 1)
        pad = " " if run.text[0] in "` " or run.text[-1] in "` " else ""
        return f"{ticks}{pad}{run.text}{pad}{ticks}"
    return "\\!" if run.text == "!" else _escape(run.text)


def _is_code(run: Run) -> bool:
    return bool(run.marks) and run.marks[-1].tag == "code"


def _opening(span: Span) -> str:
    tag = span.mark.element
    if tag == "a":
        return "["
    if tag in _SIGNS and _can_use_signs(span):
        return _SIGNS[tag]
    return f"<{tag}>" if tag in _ELEMENTS else ""


def _closing(span: Span) -> str:
    tag = span.mark.element
    if tag == "a":
        return f"]({_target(span.mark.href)})"
    if tag in _SIGNS and _can_use_signs(span):
        return _SIGNS[tag]
    return f"</{tag}>" if tag in _ELEMENTS else ""


def _can_use_signs(span: Span) -> bool:
    """Whether both signs would be read as such, and none as the end of another mark (CommonMark, section 6.2).

    Inside a word a sign may be either; so may one inside of emphasis that has no letter or digit next to it.
    """
    if span.touches or _is_letter(span.before) or _is_letter(span.after):
        return False
    outer = [mark.element for mark in span.around]
    if _is_letter(span.first) or _STARRED.isdisjoint(outer):
        return True
    return outer[-1] in _STARRED and (not span.before or span.before.isspace())


def _is_punctuation(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS" if char else False


def _is_letter(char: str) -> bool:
    return bool(char) and not char.isspace() and not _is_punctuation(char)


def _escape(text: str) -> str:
    return _SPECIAL.sub(_backslash, text)


def _backslash(match: re.Match[str]) -> str:
    return f"\\{match[0]}"


def _escaped_start(match: re.Match[str]) -> str:
    return f"{match[0]}\\" if match[0].isdigit() else f"\\{match[0]}"


def _longest_ticks(text: str) -> int:
    return max(map(len, _TICKS.findall(text)), default=0)


def _target(url: str) -> str:
    """An address that stands between round brackets."""
    for char in " ()<>\\":
        url = url.replace(char, f"%{ord(char):02X}")
    return url
