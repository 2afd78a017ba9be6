"""Chains of damaged characters taken apart into the UTF-8 sequences they came from, through one code page or two.

Says what each sequence may have been; how sure that is, is not decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from reex_crawler.text.codepages import CodePage
from reex_crawler.text.evidence import Grade, plausible

_FIRST_LEAD = 0xC2
_FIRST_OF_THREE = 0xE0
_FIRST_OF_FOUR = 0xF0
_GENERAL_PUNCTUATION = [0xE2, 0x80]
_DAGGER = [0xE2, 0x80, 0xA0]
_LAST_OF_CLOSING_QUOTE = 0x9D
_MOST_COMBINATIONS = 32


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
    return number & 0xC0 == 0x80


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


def compose(inner: CodePage, chains: Sequence[Chain]) -> Iterator[Chain]:
    """The chains whose characters are damage in their turn, with what lies under both layers."""
    for chain in chains:
        found = {
            pieces for results in _combinations(chain) if len(pieces := _under(inner, chain, "".join(results))) > 0
        }
        if len({tuple((piece.start, piece.end) for piece in pieces) for pieces in found}) == 1:
            yield [
                replace(same[0], options=tuple(dict.fromkeys(option for piece in same for option in piece.options)))
                for same in zip(*sorted(found, key=repr), strict=True)
            ]


def _combinations(chain: Chain) -> Iterator[tuple[str, ...]]:
    options = [[option for option in piece.options if len(option) == 1] for piece in chain]
    count = 1
    for one in options:
        count *= len(one)
    if len(chain) > 1 and 0 < count <= _MOST_COMBINATIONS:
        yield from product(*options)


def _under(inner: CodePage, chain: Chain, text: str) -> tuple[Piece, ...]:
    """The pieces of ``text``, which has one character for each piece of the chain; none if it is not all damage."""
    if text[0] not in inner.leads or inner.chain.fullmatch(text) is None:
        return ()
    pieces = take_apart(inner, text, (0, len(text)), inner.lost)
    if sum(piece.end - piece.start for piece in pieces) != len(text):
        return ()
    return tuple(
        Piece(
            start=chain[piece.start].start,
            end=chain[piece.end - 1].end,
            options=piece.options,
            whole=piece.whole and all(part.whole for part in chain[piece.start : piece.end]),
            form=piece.form,
        )
        for piece in pieces
    )


def _characters(units: Sequence[int]) -> tuple[str, ...]:
    try:
        return (bytes(units).decode("utf-8"),)
    except UnicodeDecodeError:
        return ()
