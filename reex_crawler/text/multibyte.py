"""UTF-8 that was read through a double-byte code page of East Asia (``鈥檚`` for ’s, ``caf茅`` for café).

Two bytes become one character there, so a piece can swallow the ASCII letter after it, and a mark before a space is
lost. Only whole runs that are valid UTF-8 again are looked at; words of genuine Chinese, Japanese or Korean practically
never are, and where one is (陆 is a surname and ½), its place in the sentence tells.
"""

from __future__ import annotations

import re

from reex_crawler.text.chains import Piece
from reex_crawler.text.evidence import LETTERS, MARKS, RARE_LETTERS, RELATIONS, SPACES, Grade, Place, grade, plausible
from reex_crawler.text.gate import has_wide
from reex_crawler.text.reading import Reading

_CODECS = (("gb18030", "gb18030"), ("shift_jis", "cp932"), ("big5", "cp950"), ("euc-kr", "cp949"))
_IDEOGRAPHS = "\u3000-\u9fff\uac00-\ud7a3\uf900-\ufaff"
_WIDE = f"{_IDEOGRAPHS}\ue000-\uf8ff\ufe30-\ufe6f\uff00-\uffef"
_RUN = re.compile(f"[{_WIDE}€\x80]*[{_IDEOGRAPHS}\uff61-\uff9f][{_WIDE}€\x80]*")
_MARKS = frozenset("鈥鈧鈩鈭鈮窶竄邃竏竕")
"""What the first two bytes of a mark become."""
_WORD = re.compile(f"(?<![A-Za-z0-9{_WIDE}])[{_WIDE}]{{3,}}+(?![A-Za-z0-9])")
"""A run that is too long for letters alone and stands apart from English text."""
_CONTEXT = 40
_SURE_SYMBOLS = frozenset("°²³±×£µ§©")
_NEVER_LAST = frozenset("ûîâæðþ")
"""Letters that end no name; a character of a common Chinese word may stand for them."""


def wide_readings(text: str) -> list[Reading]:
    """Every reading by a double-byte page, the weightiest first."""
    if not has_wide(text):
        return []
    # Where genuine words stand, only marks can still be told from them.
    words = any(_MARKS.isdisjoint(match.group()) for match in _WORD.finditer(text))
    if words and not any(mark in text for mark in _MARKS):
        return []
    runs = [match.span() for match in _RUN.finditer(text) if not words or not _MARKS.isdisjoint(match.group())]
    found = [reading for name, codec in _CODECS if (reading := _read(name, codec, text, runs, words=words)) is not None]
    return sorted(found, key=lambda reading: -reading.weight)


def _read(name: str, codec: str, text: str, runs: list[tuple[int, int]], *, words: bool) -> Reading | None:
    decoded = [
        None if "\ufffd" in text[max(0, start - 1) : end + 1] else _undo(text[start:end], codec) for start, end in runs
    ]
    stray = words or None in decoded
    pieces = []
    for (start, end), result in zip(runs, decoded, strict=True):
        if result is not None:
            left, right = text[max(0, start - _CONTEXT) : start], text[end : end + _CONTEXT]
            found = _grade(result, left, right, stray=stray)
            pieces.append(Piece(start, end, (result,), whole=True, form=text[start:end], grade=found))
    graded = [piece for piece in pieces if piece.grade is not Grade.NONE]
    if not graded:
        return None
    explained = sum(piece.end - piece.start for piece in graded)
    weight = sum(8 * piece.grade * (piece.end - piece.start) for piece in graded)
    return Reading(f"utf-8>{name}", tuple(pieces), explained, weight)


def _undo(run: str, codec: str) -> str | None:
    """The run as UTF-8 again, if it is that; windows-936 shows the byte 0x80 as €."""
    try:
        if "€" in run or "\x80" in run:
            return b"".join(b"\x80" if char in "€\x80" else char.encode(codec) for char in run).decode("utf-8")
        return run.encode(codec).decode("utf-8")
    except UnicodeError:
        return None


def _grade(result: str, left: str, right: str, *, stray: bool) -> Grade:
    """A run is as sure as the surest of its characters, if all of them are plausible.

    Letters and symbols have to adjoin English text: a run between spaces can be a word of its own.
    """
    grades = []
    for index, char in enumerate(result):
        if char.isascii() and char.isprintable():
            continue
        if not plausible(char) or char in RARE_LETTERS:
            return Grade.NONE
        place = Place(left + result[:index], result[index + 1 :] + right, latin_page=False, stray=False, english=False)
        grades.append(_grade_one(char, place))
    if not grades or Grade.NONE in grades:
        return Grade.NONE
    if MARKS.isdisjoint(result) and (
        stray or not (_adjoins(left[-1:]) or _adjoins(right[:1]) or result[-1:].isascii())
    ):
        return Grade.NONE
    return max(grades)


def _is_sign(left: str, result: str, right: str) -> bool:
    """Whether a character between spaces is a sign beside a number, which no word can be."""
    return (
        (result == "×" and re.search(r"\d(?: [a-z]{1,2})? $", left) is not None and re.match(r" \d", right) is not None)
        or (result == "§" and re.match(r" \d", right) is not None)
        or (result == "©" and re.match(r" (?:19|20)\d\d\b", right) is not None)
    )


def _adjoins(char: str) -> bool:
    return char.isascii() and char != "" and not char.isspace()


def _grade_one(char: str, place: Place) -> Grade:
    before, after = place.before, place.after
    if char in MARKS:
        touching = char in RELATIONS or bool((before + after).strip())
        return grade("√", char, place) if touching else Grade.NONE
    if char in LETTERS:
        return Grade.CERTAIN if _in_word(char, place) else Grade.LIKELY
    if char in SPACES:
        parts = (before.isdigit() and after.isdigit()) or (before in {".", ",", ";", "?", "!"} and after == " ")
        return Grade.CERTAIN if parts else Grade.LIKELY
    return grade("√", char, place) if char in _SURE_SYMBOLS else Grade.LIKELY


def _in_word(char: str, place: Place) -> bool:
    """Whether the letter stands inside a Latin word, ends a small one that is known to, or begins a name."""
    if char.isupper() and place.before.islower():
        return False
    after_letters = place.before.isalpha() and place.before < "\u0250"
    before_letters = place.after.isalpha() and place.after < "\u0250"
    if char.islower() and place.after.isupper():
        return False
    if after_letters and before_letters:
        return True
    if char.islower() and char not in _NEVER_LAST:
        return not before_letters and re.search(r"[A-Za-z][a-zà-ž]$", place.left) is not None
    return char.isupper() and not after_letters and re.match(r"[a-zà-ž]{2}", place.right) is not None
