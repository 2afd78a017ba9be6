"""Encoding damage mended where the repair is certain: UTF-8 that was read through another code page.

The one entry is ``repair_block``: a paragraph in, the same paragraph out, with every change as a step. What is certain
and why is said in ``docs/repair.md``; the tables are in ``codepages``, the judgement in ``evidence``. Text is never
decoded from bytes here, and white space and control characters have to be as the page had them: both belong to damage.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from reex_crawler.records import Repaired
from reex_crawler.text.chains import Piece
from reex_crawler.text.draft import Draft, Edit
from reex_crawler.text.evidence import Grade
from reex_crawler.text.gate import may_be_damaged
from reex_crawler.text.multibyte import wide_readings
from reex_crawler.text.reading import Reading, readings
from reex_crawler.text.residue import mentions_blocks, residue
from reex_crawler.text.suspicion import suspicions

_MOST_ROUNDS = 8
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{2,6}|#[xX][0-9A-Fa-f]{2,5});")
_ENTITIES = "html"
_LAYER = "utf-8>"
_ABOUT_ENCODING = re.compile(
    r"\b(?:mojibake|utf-?8|unicode|charset|character (?:set|encoding)s?|code ?pages?"
    r"|(?:windows|cp)-?125\d|iso-?8859|latin-?1)\b",
    re.IGNORECASE,
)


def repair(text: str) -> Repaired:
    """Repair one text on its own. Pure, idempotent, never fails."""
    return repair_block([text])[0]


def repair_block(runs: Sequence[str]) -> tuple[Repaired, ...]:
    """Repair the text nodes of one paragraph, which share their evidence; as many results as runs."""
    if not any(map(may_be_damaged, runs)):
        return tuple(map(Repaired, runs))
    draft = Draft(runs)
    if draft.original.isascii() and not mentions_blocks(draft.original) and not _references(draft.original):
        return tuple(map(Repaired, runs))
    _mend_all(draft)
    if draft.edits and (_ABOUT_ENCODING.search(draft.text) or not _is_stable(draft.text)):
        draft = Draft(runs)
    return tuple(Repaired(text, steps, tuple(suspicions(text))) for text, steps in draft.results())


def _mend_all(draft: Draft) -> None:
    _unescape(draft)
    for _ in range(_MOST_ROUNDS):
        if not _mend(draft):
            break
    draft.forget(_ENTITIES)


def _is_stable(text: str) -> bool:
    """Whether a second repair would leave the text as it is. What is not stable was not understood."""
    again = Draft([text])
    _mend_all(again)
    return not again.edits


def _unescape(draft: Draft) -> None:
    """Read character references of non-ASCII characters, for as long as it takes to see whether they are damage."""
    if edits := _references(draft.text):
        draft.replace(edits)


def _references(text: str) -> list[Edit]:
    """The character references of non-ASCII characters, as edits that put these in their place."""
    edits = []
    for match in _ENTITY.finditer(text) if "&" in text else ():
        char = html.unescape(match.group())
        if len(char) == 1 and not char.isascii():
            edits.append(Edit(match.start(), match.end(), char, _ENTITIES))
    return edits


def _mend(draft: Draft) -> bool:
    """One round: block comments away, then the likeliest reading; whether anything changed."""
    if mentions_blocks(draft.text) and draft.replace(residue(draft.text)):
        return True
    found = sorted([*readings(draft.text), *wide_readings(draft.text)], key=lambda reading: -reading.weight)
    least = max((edit.codecs.count(_LAYER) for edit in draft.edits), default=0)
    return any(
        reading.sure and reading.codecs.count(_LAYER) >= least and draft.replace(_edits(reading, found))
        for reading in found
    )


def _edits(reading: Reading, found: list[Reading]) -> list[Edit]:
    """What a reading changes, without what another of as many layers that explains as much reads otherwise."""
    layers = reading.codecs.count(_LAYER)
    rivals = [
        rival
        for rival in found
        if rival is not reading and rival.explained >= reading.explained and rival.codecs.count(_LAYER) >= layers
    ]
    others = [{at: piece for piece in rival.pieces for at in range(piece.start, piece.end)} for rival in rivals]
    return [
        Edit(piece.start, piece.end, piece.result, reading.codecs)
        for piece in reading.pieces
        if piece.grade is not Grade.NONE
        and piece.result is not None
        and not any(
            at in other and _disagree(piece, other[at]) for other in others for at in range(piece.start, piece.end)
        )
    ]


def _disagree(piece: Piece, other: Piece) -> bool:
    """Whether two readings make different things of the same characters, and neither can be ruled out."""
    if (other.start, other.end, other.options) == (piece.start, piece.end, piece.options):
        return False
    return other.grade is not Grade.NONE or not (piece.whole or other.whole)
