"""UTF-8 that was read through a double-byte code page of East Asia (``鈥檚`` for ’s, ``caf茅`` for café).

Two bytes become one character there, so a piece can swallow the ASCII letter after it, and a mark before a space is
lost. Only whole runs that are valid UTF-8 again are looked at; words of genuine Chinese, Japanese or Korean practically
never are, and where one is, its place in the sentence tells.
"""

from __future__ import annotations

import re

from reex_crawler.text.evidence import MARKS, Grade, Place, grade, is_english, plausible
from reex_crawler.text.chains import Piece
from reex_crawler.text.reading import Reading

_CODECS = (("gb18030", "gb18030"), ("shift_jis", "cp932"), ("big5", "cp950"), ("euc-kr", "cp949"))
_WIDE = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff61-\uff9f\ue000-\uf8ff"
_RUN = re.compile(f"[{_WIDE}€]*[{_WIDE}][{_WIDE}€]*")
_CONTEXT = 40


def wide_readings(text: str) -> list[Reading]:
    """Every reading by a double-byte page with something certain in it, the weightiest first."""
    runs = [match.span() for match in _RUN.finditer(text)]
    if not runs:
        return []
    found = [reading for name, codec in _CODECS if (reading := _read(name, codec, text, runs)) is not None]
    return sorted(found, key=lambda reading: -reading.weight)


def _read(name: str, codec: str, text: str, runs: list[tuple[int, int]]) -> Reading | None:
    decoded = [
        None if "\ufffd" in text[max(0, start - 1) : end + 1] else _undo(text[start:end], codec) for start, end in runs
    ]
    stray = any(result is None for result in decoded)
    english = is_english(text)
    pieces = []
    for (start, end), result in zip(runs, decoded, strict=True):
        if result is not None:
            place = Place(text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT], False, stray, english)
            pieces.append(Piece(start, end, (result,), whole=True, grade=_grade(result, place)))
    if not any(piece.grade is Grade.CERTAIN for piece in pieces):
        return None
    weight = sum(piece.grade * 8 * (piece.end - piece.start) for piece in pieces)
    explained = sum(piece.end - piece.start for piece in pieces if piece.grade is not Grade.NONE)
    return Reading(f"utf-8>{name}", tuple(pieces), explained, weight)


def _undo(run: str, codec: str) -> str | None:
    """The run as UTF-8 again, if it is that; windows-936 shows the byte 0x80 as €."""
    try:
        return b"".join(b"\x80" if char == "€" else char.encode(codec) for char in run).decode("utf-8")
    except UnicodeError:
        return None


def _grade(result: str, place: Place) -> Grade:
    """A run is as sure as the surest of its characters, if all of them are plausible."""
    if not all(char.isascii() or plausible(char) for char in result):
        return Grade.NONE
    grades = []
    for index, char in enumerate(result):
        if char.isascii():
            if not char.isprintable():
                return Grade.NONE
            continue
        here = Place(place.left + result[:index], result[index + 1 :] + place.right, False, False, place.english)
        if char in MARKS:
            touches = (here.before + here.after).strip()
            grades.append(grade("", char, here) if touches else Grade.NONE)
        else:
            inside = here.before.isascii() and here.before.isalpha() and here.after.isascii() and here.after.isalpha()
            grades.append(min(grade("√", char, here), Grade.CERTAIN if inside else Grade.LIKELY))
    if not grades or Grade.NONE in grades:
        return Grade.NONE
    return min(max(grades), Grade.LIKELY) if place.stray and not MARKS.intersection(result) else max(grades)
