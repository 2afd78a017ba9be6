"""What one code page makes of a damaged paragraph: the pieces it explains, what each becomes, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from reex_crawler.text.codepages import CodePage, code_pages
from reex_crawler.text.evidence import MARKS, SPACES, Grade, Place, grade, is_english, plausible

_CONTEXT = 40
_UNKNOWN = "\ufffc"
_MOST_COMBINATIONS = 16
_DEEPEST_LAYER = 3
_OPENING = frozenset("“„")
_ONLY_CLOSES = frozenset("‐‘“”„")
"""Marks besides which a lost ” is told by its place alone: no other of them ends a quotation."""
_MAY_CLOSE_A_WORD = frozenset("“”‘’‚‹›«»–—…•™®©°\xa0")


@dataclass(frozen=True, slots=True)
class Piece:
    """One UTF-8 sequence as it stands in the text, and what it may have been."""

    start: int
    end: int
    options: tuple[str, ...]
    """Empty where no byte that can have been lost gives a plausible character."""
    whole: bool
    """Whether every byte left something behind."""
    grade: Grade = Grade.NONE

    @property
    def result(self) -> str | None:
        """What it becomes, where that is determined."""
        return self.options[0] if len(self.options) == 1 else None


@dataclass(frozen=True, slots=True)
class Reading:
    """A paragraph as one code page explains it."""

    codecs: str
    pieces: tuple[Piece, ...]
    weight: int
    """Damaged characters explained, certain ones doubly, less those the page does not define itself."""


def readings(text: str) -> list[Reading]:
    """Every reading by a single-byte page that has something certain or undetermined in it, the weightiest first."""
    chars = frozenset(char for char in text if char >= "\x80")
    found = [
        reading
        for page in code_pages()
        if not page.leads.isdisjoint(chars) and (reading := _read(page, text)) is not None
    ]
    return sorted(found, key=lambda reading: -reading.weight)


def _read(page: CodePage, text: str) -> Reading | None:
    spans = [match.span() for match in page.chain.finditer(text)]
    if not spans:
        return None
    filled = any(char in page.foreign for start, end in spans for char in text[start:end])
    lost = page.lost if filled else page.lost | page.undefined
    chains = [_parse(page, text, span, lost) for span in spans]
    return _Judge(page, text, chains).reading()


def _parse(page: CodePage, text: str, span: tuple[int, int], lost: frozenset[int]) -> list[Piece]:
    """The pieces of one chain; bytes that form no character are passed over."""
    pieces = []
    at, end = span
    while at < end:
        first = page.byte[text[at]]
        if first < 0xC2:
            at += 1
            continue
        length = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
        units = [first]
        stop = at + 1
        while len(units) < length and stop < end and 0x80 <= page.byte.get(text[stop], 0) < 0xC0:
            units.append(page.byte[text[stop]])
            stop += 1
        options = _characters(units)
        if len(units) == length and lost and units[:2] == [0xE2, 0x80] and not (options and plausible(options[0])):
            units.pop()
            stop -= 1
        if whole := len(units) == length:
            if units == [0xE2, 0x80, 0xA0] and 0x9D in lost:
                options = ("†", "”\xa0")
        else:
            stop += text[stop : stop + 1] == "\ufffd"
            rest = sorted(number for number in lost if 0x80 <= number < 0xC0)
            options = tuple(char for number in rest for char in _characters([*units, number]) if plausible(char))
        if options or not whole:
            pieces.append(Piece(at, stop, options, whole))
        at = stop
    return pieces


def _characters(units: Sequence[int]) -> tuple[str, ...]:
    try:
        return (bytes(units).decode("utf-8"),)
    except UnicodeDecodeError:
        return ()


class _Judge:
    """Grades the pieces of one page, each in the light of the others."""

    def __init__(self, page: CodePage, text: str, chains: list[list[Piece]]) -> None:
        self.page = page
        self.text = text
        self.english = is_english(text)
        self.stray = self._letters_outside(chains)
        self.pieces = [piece for chain in chains for piece in chain]
        self._settle(chains)

    def reading(self) -> Reading | None:
        self._close_quotations()
        context, places = self._repaired()
        graded = [
            piece if piece.grade is Grade.CERTAIN else replace(piece, grade=self._grade(piece, context, place))
            for piece, place in zip(self.pieces, places, strict=True)
        ]
        if not any(piece.grade is Grade.CERTAIN or _is_undetermined_mark(piece) for piece in graded):
            return None
        weight = sum(
            piece.grade * 4 * (piece.end - piece.start)
            - sum(char in self.page.foreign for char in self.text[piece.start : piece.end])
            for piece in graded
        )
        accepted = [piece if self._acceptable(piece, graded) else replace(piece, grade=Grade.NONE) for piece in graded]
        return Reading(f"utf-8>{self.page.name}", tuple(accepted), weight)

    def _grade(self, piece: Piece, context: str, place: tuple[int, int]) -> Grade:
        if piece.result is None:
            return Grade.NONE
        found = grade(self.text[piece.start : piece.end], piece.result, self._place(context, place))
        return found if piece.whole else min(found, Grade.LIKELY)

    def _place(self, context: str, place: tuple[int, int]) -> Place:
        start, end = place
        return Place(
            left=context[max(0, start - _CONTEXT) : start],
            right=context[end : end + _CONTEXT],
            latin_page=self.page.script is None,
            stray=self.stray,
            english=self.english,
        )

    def _letters_outside(self, chains: list[list[Piece]]) -> bool:
        script = self.page.script
        if script is None:
            return False
        inside = sum(len(script.findall(self.text, piece.start, piece.end)) for chain in chains for piece in chain)
        return len(script.findall(self.text)) > inside

    def _repaired(self) -> tuple[str, list[tuple[int, int]]]:
        """The text as it would be, and where each piece stands in it."""
        parts: list[str] = []
        places = []
        done = length = 0
        for piece in self.pieces:
            gap = self.text[done : piece.start]
            after = piece.result or ("”" if _is_undetermined_mark(piece) else _UNKNOWN)
            parts += gap, after
            places.append((length + len(gap), length + len(gap) + len(after)))
            length, done = places[-1][1], piece.end
        parts.append(self.text[done:])
        return "".join(parts), places

    def _settle(self, chains: list[list[Piece]]) -> None:
        """Take a chain as certain where its result is itself damage that a code page explains: a second layer."""
        if not any(len(chain) > 1 for chain in chains):
            return
        context, places = self._repaired()
        settled: list[Piece] = []
        for chain in chains:
            first = len(settled)
            around = self._place(context, (places[first][0], places[first + len(chain) - 1][1])) if chain else None
            results = _layer(chain, around) if around and len(chain) > 1 else None
            settled += (
                [
                    replace(piece, options=(result,), grade=Grade.CERTAIN)
                    for piece, result in zip(chain, results, strict=True)
                ]
                if results
                else chain
            )
        self.pieces = settled

    def _close_quotations(self) -> None:
        """Restore a lost ” where a quotation is open and exactly one place can close it."""
        context, places = self._repaired()
        maybe = {
            place[0]: index
            for index, (piece, place) in enumerate(zip(self.pieces, places, strict=True))
            if _is_undetermined_mark(piece)
        }
        if not maybe:
            return
        for quotation in re.finditer(r"[“„][^“„]*", context):
            start = quotation.start()
            marks = [start + at.start() for at in re.finditer("”", quotation.group())]
            able = [
                mark for mark in marks if mark in maybe and self._can_close(context, mark, self.pieces[maybe[mark]])
            ]
            if len(able) != 1 or any(mark not in maybe for mark in marks):
                continue
            index = maybe[able[0]]
            piece = self.pieces[index]
            result = "”\xa0" if piece.whole else "”"
            self.pieces[index] = replace(piece, options=(result,), grade=Grade.CERTAIN)
        for index in maybe.values():
            piece = self.pieces[index]
            after = context[places[index][1] : places[index][1] + 1]
            if piece.whole and piece.grade is not Grade.CERTAIN and not after.isalnum():
                self.pieces[index] = replace(piece, options=("†",))

    @staticmethod
    def _can_close(context: str, mark: int, piece: Piece) -> bool:
        before, after = context[mark - 1 : mark], context[mark + 1 : mark + 2]
        if before.isspace() or before in _OPENING:
            return False
        if piece.whole:
            return after.isalnum()
        return not (after.isalnum() or after in {"?", _UNKNOWN})

    def _acceptable(self, piece: Piece, all_pieces: list[Piece]) -> bool:
        """Whether the repair of a piece is sure enough, other pieces being its witnesses."""
        if piece.result is None or piece.grade is Grade.NONE:
            return False
        if piece.grade is Grade.CERTAIN:
            return True
        if self.stray or not any(other.grade is Grade.CERTAIN for other in all_pieces):
            return False
        surface = self.text[piece.start : piece.end]
        if self.page.script is not None:
            touching = self.text[piece.start - 1 : piece.start] + self.text[piece.end : piece.end + 1]
            only_letters = all(map(self.page.script.match, surface))
            return not only_letters or any(char.isascii() and char.isalpha() for char in touching)
        if _MAY_CLOSE_A_WORD.isdisjoint(surface[1:]) or len(surface) > 2:
            return True
        return self._damaged_throughout(all_pieces)

    def _damaged_throughout(self, pieces: list[Piece]) -> bool:
        outside = len(re.findall(r"[^\x00-\x7f]", self.text)) - sum(
            not char.isascii() for piece in pieces for char in self.text[piece.start : piece.end]
        )
        return outside == 0


def _is_undetermined_mark(piece: Piece) -> bool:
    """Whether a piece may be a closing quotation mark that lost a byte, or something else."""
    if piece.result is not None or not piece.options:
        return False
    return piece.whole or ("”" in piece.options and _ONLY_CLOSES.issuperset(piece.options))


def _layer(chain: Sequence[Piece], around: Place, depth: int = 1) -> tuple[str, ...] | None:
    """The one combination of results that is damage in its turn, if there is exactly one."""
    if any(not piece.options for piece in chain) or depth > _DEEPEST_LAYER:
        return None
    combinations = []
    for results in product(*(piece.options for piece in chain)):
        if len(combinations) > 1:
            return None
        if _is_damage("".join(results), around, depth):
            combinations.append(results)
        if len(combinations) > _MOST_COMBINATIONS:
            return None
    return combinations[0] if len(combinations) == 1 else None


def _is_damage(text: str, around: Place, depth: int) -> bool:
    for page in code_pages():
        if text[0] not in page.leads or not page.chain.fullmatch(text):
            continue
        pieces = _parse(page, text, (0, len(text)), page.lost)
        if sum(piece.end - piece.start for piece in pieces) != len(text):
            continue
        if len(pieces) > 1 and _layer(pieces, around, depth + 1):
            return True
        place = replace(around, latin_page=page.script is None, stray=False)
        results = [piece.options[0] if piece.options else _UNKNOWN for piece in pieces]
        for index, piece in enumerate(pieces):
            here = replace(
                place, left=place.left + "".join(results[:index]), right="".join(results[index + 1 :]) + place.right
            )
            if not piece.whole and _is_undetermined_mark(piece):
                return True
            if piece.result and grade(text[piece.start : piece.end], piece.result, here) is Grade.CERTAIN:
                return True
    return False
