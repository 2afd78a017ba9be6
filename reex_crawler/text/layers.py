"""Damage over damage: what lies under two layers, and whether undoing one layer would leave another.

A text that went wrong twice is read through both pages at once, so that its result is judged, never the state between.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from reex_crawler.text.chains import Chain, Piece, take_apart
from reex_crawler.text.codepages import CodePage, code_pages
from reex_crawler.text.evidence import MAY_END_A_WORD, plausible

_MOST_COMBINATIONS = 32
_UNKNOWN = "\ufffc"


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


def is_damage(chain: Chain, after: str) -> bool:
    """Whether what a chain becomes is still damage, so that undoing one layer would not make it true."""
    if any(piece.options and all(map(_is_control, piece.options)) for piece in chain):
        return True
    text = "".join(piece.result or _UNKNOWN for piece in chain)
    for page in code_pages():
        for match in page.chain.finditer(text):
            pieces = take_apart(page, text, match.span(), page.lost)
            if any(_is_odd(page, piece, ends_word=piece.end == len(text) and not after.isalpha()) for piece in pieces):
                return True
    return False


def _is_control(char: str) -> bool:
    """Whether only an earlier layer can have made a character."""
    return "\x80" <= char <= "\x9f"


def _is_odd(page: CodePage, piece: Piece, *, ends_word: bool) -> bool:
    """Whether an author cannot have written the characters of a piece side by side."""
    if not piece.whole:
        return len(piece.form) > 1
    if page.script and all(map(page.script.match, piece.form)):
        return False
    if len(piece.form) == len("Ã©") and not MAY_END_A_WORD.isdisjoint(piece.form) and ends_word:
        return False
    return any(map(plausible, piece.options)) or not piece.form[1:].isalpha()
