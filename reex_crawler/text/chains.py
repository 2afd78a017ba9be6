"""Chains of damaged characters taken apart into the UTF-8 sequences they came from, through one code page.

Says what each sequence may have been; how sure that is, is not decided here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reex_crawler.text.codepages import CodePage
from reex_crawler.text.evidence import Grade, plausible

_CONTINUATIONS = range(0x80, 0xC0)
_FIRST_LEAD = 0xC2
_FIRST_OF_THREE = 0xE0
_FIRST_OF_FOUR = 0xF0
_GENERAL_PUNCTUATION = [0xE2, 0x80]
_DAGGER = [0xE2, 0x80, 0xA0]
_LAST_OF_CLOSING_QUOTE = 0x9D


@dataclass(frozen=True, slots=True)
class Piece:
    """One UTF-8 sequence as it stands in the text, and what it may have been."""

    start: int
    end: int
    options: tuple[str, ...]
    """Empty where no byte that can have been lost gives a plausible character."""
    whole: bool
    """Whether every byte left something behind."""
    form: str
    """The damaged characters; of damage in two layers, what the first layer had made."""
    grade: Grade = Grade.NONE

    @property
    def result(self) -> str | None:
        """What it becomes, where that is determined."""
        return self.options[0] if len(self.options) == 1 else None


Chain = list[Piece]


def continues(number: int) -> bool:
    """Whether a byte is a continuation byte of UTF-8."""
    return number in _CONTINUATIONS


def take_apart(page: CodePage, text: str, span: tuple[int, int], lost: frozenset[int]) -> Chain:
    """The pieces of one chain; bytes that form no character are passed over."""
    pieces = []
    at, end = span
    while at < end:
        first = page.byte[text[at]]
        if first < _FIRST_LEAD:
            at += 1
            continue
        length = 2 if first < _FIRST_OF_THREE else 3 if first < _FIRST_OF_FOUR else 4
        units = [first]
        stop = at + 1
        while len(units) < length and stop < end and continues(page.byte.get(text[stop], 0)):
            units.append(page.byte[text[stop]])
            stop += 1
        options = _characters(units)
        if lost and len(units) == length and units[:2] == _GENERAL_PUNCTUATION and not any(map(plausible, options)):
            # The last character is the author's and stands where a byte was lost.
            units.pop()
            stop -= 1
        whole = len(units) == length
        if not whole:
            stop += text[stop : stop + 1] == "\ufffd"
            options = tuple(
                char for number in sorted(lost) if continues(number) for char in _characters([*units, number])
            )
        elif units == _DAGGER and text[stop - 1] == "\xa0" and _LAST_OF_CLOSING_QUOTE in lost:
            options = ("†", "”\xa0")
        if options or not whole:
            pieces.append(Piece(at, stop, options, whole, text[at:stop]))
        at = stop
    return pieces


def _characters(units: Sequence[int]) -> tuple[str, ...]:
    try:
        return (bytes(units).decode("utf-8"),)
    except UnicodeDecodeError:
        return ()
