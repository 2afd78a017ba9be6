"""What code pages make of a damaged paragraph as a whole: which pieces each explains, and which of them are sure.

Pieces are judged together: they are each other's surroundings and witnesses, and quotation marks come in pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from reex_crawler.text.chains import Chain, Piece, continues, take_apart
from reex_crawler.text.codepages import CodePage, code_pages
from reex_crawler.text.evidence import (
    LETTERS,
    MAY_END_A_WORD,
    RARE_LETTERS,
    SPACES,
    Grade,
    Place,
    grade,
    is_english,
    plausible,
    speaks_for_its_page,
)
from reex_crawler.text.layers import compose, is_damage

_CONTEXT = 40
_CLUSTER = re.compile(r"[^\x00-\x7f]{2,}")
_UNKNOWN = "\ufffc"
_OPENING = frozenset("“„")
_ONLY_CLOSES = frozenset("‐‘‚“”„")
"""Marks besides which a lost ” is told by its place alone: no other of them ends a quotation."""
_CONTINUATIONS = frozenset(char for page in code_pages() for char, number in page.byte.items() if continues(number))
_CLEAN_MARKS = frozenset("“”‘’–—«»\xa0\ufffd")
_THAI_WORDS = frozenset({"ยก"})
_NO_THAI_WORDS = frozenset({"รฉ", "รณ"})


@dataclass(frozen=True, slots=True)
class Reading:
    """A paragraph as one code page, or two over each other, explain it."""

    codecs: str
    pieces: tuple[Piece, ...]
    """In the order of the text. Those not to be made have no grade; they still tell what else could be read."""
    explained: int
    """How many characters the graded pieces take up that lost nothing."""
    weight: int
    """The same, certain ones doubly, less those that the page does not define itself."""

    @property
    def sure(self) -> bool:
        """Whether anything in it is certain; what is not may still speak against another reading."""
        return any(piece.grade is Grade.CERTAIN for piece in self.pieces)


def readings(text: str) -> list[Reading]:
    """Every reading by single-byte pages that has something sure or undetermined in it, the weightiest first."""
    clusters = "\n".join(dict.fromkeys(_CLUSTER.findall(text)))
    chars = frozenset(clusters)
    found = [
        reading
        for page in code_pages()
        if not page.leads.isdisjoint(chars) and page.chain.search(clusters)
        for reading in _read(page, text)
    ]
    return sorted(found, key=lambda reading: -reading.weight)


def _read(page: CodePage, text: str) -> Iterator[Reading]:
    spans = [match.span() for match in page.chain.finditer(text)]
    if not spans:
        return
    filled = any(char in page.foreign for start, end in spans for char in text[start:end])
    lost = page.lost if filled else page.lost | page.undefined
    chains = [take_apart(page, text, span, lost) for span in spans]
    codecs = f"utf-8>{page.name}"
    if any(len(chain) > 1 for chain in chains):
        seconds = {piece.options[0][0] for chain in chains for piece in chain[:1] if piece.options}
        for inner in code_pages():
            if not inner.leads.isdisjoint(seconds) and (under := list(compose(inner, chains))):
                judge = _Judge(inner, text, under, filled=True, layers=2)
                yield from judge.readings(f"utf-8>{inner.name}>{codecs}", page)
        chains = [chain for chain in chains if chain and not is_damage(chain, text[chain[-1].end : chain[-1].end + 1])]
    yield from _Judge(page, text, chains, filled=filled and page.lost != page.undefined, layers=1).readings(
        codecs, page
    )


def _only_plausible(piece: Piece) -> Piece:
    if piece.whole:
        return piece
    return replace(piece, options=tuple(char for char in piece.options if plausible(char) and char not in SPACES))


class _Judge:
    """Grades the pieces of one page, each in the light of the others."""

    def __init__(self, page: CodePage, text: str, chains: list[Chain], *, filled: bool, layers: int) -> None:
        self.page = page
        self.filled = filled
        self.layers = layers
        self.text = text
        self.chains = [
            [_only_plausible(piece) for piece in chain] for chain in chains if chain and self._stands_apart(chain)
        ]
        self.pieces = [piece for chain in self.chains for piece in chain]
        self.english = is_english(text)
        self.stray = self._letters_outside()

    def readings(self, codecs: str, outer: CodePage) -> Iterator[Reading]:
        """The reading, if any of it is sure or might be."""
        self._close_quotations()
        context, places = self._repaired()
        self.pieces = [
            piece if piece.grade is Grade.CERTAIN else replace(piece, grade=self._grade(piece, context, place))
            for piece, place in zip(self.pieces, places, strict=True)
        ]
        if not any(piece.grade is Grade.CERTAIN or _is_undetermined_mark(piece) for piece in self.pieces):
            return
        explained = weight = 0
        for piece, place in zip(self.pieces, places, strict=True):
            if piece.grade is not Grade.NONE:
                surface = self.text[piece.start : piece.end]
                speaks = piece.whole and speaks_for_its_page(piece.options[0], self._place(context, place))
                explained += len(surface) if speaks else 0
                weight += 4 * piece.grade * len(surface) - sum(char in outer.foreign for char in surface)
        yield Reading(codecs, tuple(self._accepted()), explained, weight)

    def _stands_apart(self, chain: Chain) -> bool:
        """Whether no other damage adjoins: clean letters and marks may, other characters beyond ASCII may not."""
        before, after = (
            self.text[max(0, chain[0].start - 2) : chain[0].start],
            self.text[chain[-1].end : chain[-1].end + 2],
        )
        return _is_clean(before[::-1]) and _is_clean(after)

    def _grade(self, piece: Piece, context: str, place: tuple[int, int]) -> Grade:
        if piece.result is None:
            return Grade.NONE
        found = grade(piece.form, piece.result, self._place(context, place))
        return found if piece.whole or self.layers > 1 else min(found, Grade.LIKELY)

    def _place(self, context: str, place: tuple[int, int]) -> Place:
        start, end = place
        return Place(
            left=context[max(0, start - _CONTEXT) : start],
            right=context[end : end + _CONTEXT],
            latin_page=self.page.script is None,
            stray=self.stray,
            english=self.english,
        )

    def _letters_outside(self) -> bool:
        script = self.page.script
        if script is None:
            return False
        inside = sum(len(script.findall(self.text, piece.start, piece.end)) for piece in self.pieces)
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
            marks = [quotation.start() + at.start() for at in re.finditer("”", quotation.group())]
            able = [
                mark for mark in marks if mark in maybe and self._can_close(context, mark, self.pieces[maybe[mark]])
            ]
            if len(able) == 1 and all(mark in maybe for mark in marks):
                index = maybe[able[0]]
                result = "”\xa0" if self.pieces[index].whole else "”"
                self.pieces[index] = replace(self.pieces[index], options=(result,), grade=Grade.CERTAIN)
        for index in maybe.values():
            after = context[places[index][1] : places[index][1] + 1]
            if self.pieces[index].whole and self.pieces[index].result is None and not after.isalnum():
                self.pieces[index] = replace(self.pieces[index], options=("†",))

    def _can_close(self, context: str, mark: int, piece: Piece) -> bool:
        before, after = context[mark - 1 : mark], context[mark + 1 : mark + 2]
        if before.isspace() or before in _OPENING:
            return False
        if piece.whole:
            return after.isalnum()
        # Where no other byte was filled in, a question mark may stand for the lost one.
        return not (after.isalnum() or after == _UNKNOWN or (after == "?" and not self.filled))

    def _accepted(self) -> Iterator[Piece]:
        """The pieces, those ungraded that are not sure enough. A chain stays whole: all it determines, or nothing."""
        witnessed = any(piece.grade is Grade.CERTAIN for piece in self.pieces)
        graded = iter(self.pieces)
        for chain in self.chains:
            pieces = [next(graded) for _ in chain]
            accepted = all(
                self._is_sure(piece, witnessed=witnessed) if piece.result else self.layers == 1 for piece in pieces
            ) and not any(_would_complete(*pair) for pair in pairwise(pieces))
            yield from pieces if accepted else (replace(piece, grade=Grade.NONE) for piece in pieces)

    def _is_sure(self, piece: Piece, *, witnessed: bool) -> bool:
        if piece.grade is not Grade.LIKELY:
            return piece.grade is Grade.CERTAIN
        if self.stray or not witnessed or piece.result is None or piece.result in RARE_LETTERS:
            return False
        if not piece.whole and self.text[piece.end : piece.end + 1] == "?":
            return False
        unlike_english = not plausible(piece.result) or not MAY_END_A_WORD.isdisjoint(piece.form[1:])
        if unlike_english and not self._damaged_throughout():
            return False
        return self.page.script is None or self._is_no_word(piece, self.page.script)

    def _is_no_word(self, piece: Piece, script: re.Pattern[str]) -> bool:
        """Whether a piece cannot be a word of the page's own script, as "รถ" is the Thai car and the damaged "ö"."""
        touching = self.text[max(0, piece.start - 1) : piece.start] + self.text[piece.end : piece.end + 1]
        if not all(map(script.match, piece.form)) or any(char.isascii() and char.isalpha() for char in touching):
            return True
        if piece.result not in LETTERS:
            return piece.form not in _THAI_WORDS
        letters = any(other.grade is Grade.CERTAIN and other.result in LETTERS for other in self.pieces)
        return letters and (piece.form in _NO_THAI_WORDS or self._damaged_throughout())

    def _damaged_throughout(self) -> bool:
        """Whether no other character beyond ASCII stands in the paragraph."""
        inside = sum(not char.isascii() for piece in self.pieces for char in self.text[piece.start : piece.end])
        return inside == sum(not char.isascii() for char in self.text)


def _is_clean(adjoining: str) -> bool:
    """Whether the two characters beside a chain, the nearer one first, are no damage."""
    near, far = adjoining[:1], adjoining[1:]
    if near in LETTERS and near.islower():
        return far.isascii()
    return near.isascii() or (near in _CLEAN_MARKS and (far.isascii() or far in _CLEAN_MARKS))


def _would_complete(left: Piece, right: Piece) -> bool:
    """Whether the result on the right would pass for the byte that the piece on the left has lost."""
    return left.result is None and right.result is not None and right.result in _CONTINUATIONS


def _is_undetermined_mark(piece: Piece) -> bool:
    """Whether a piece may be a closing quotation mark that lost a byte, or something else."""
    if piece.result is not None or not piece.options:
        return False
    return piece.whole or ("”" in piece.options and _ONLY_CLOSES.issuperset(piece.options))
