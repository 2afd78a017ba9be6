"""How sure it is that a piece of text is damage, seen from what it would become and where it stands.

Pure judgement: a piece (what stands there), its result (what it would become) and the text on both sides, as that would
read after the repair. Three answers: it stands on its own, it needs a witness elsewhere in the paragraph, or it stays.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import IntEnum

QUOTES = frozenset("‘’“”‚„‹›′″")
DASHES = frozenset("‐‑‒–—―")
SUBSCRIPTS = frozenset("₀₁₂₃₄₅₆₇₈₉₊₋⁰⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵉʳᵃᵒ")
RELATIONS = frozenset("−≤≥≈≠→←")
MARKS = QUOTES | DASHES | SUBSCRIPTS | RELATIONS | frozenset("†‡•…‰⁄€™№")
"""Results of three bytes that an English text is full of; ``MARKS`` are what damage is recognised by."""
SPACES = frozenset("\u00a0\u2002\u2003\u2009\u200a\u200b\u202f\ufeff")
WIDTHLESS = frozenset("\u200b\ufeff")
_UNITS = re.compile(r"[\u00b5\u03bc](?:[msgLlAVWFJM]|mol)")
_ENCLOSING = frozenset("\"'`“”‘’„‚«»‹›()[]{}<>")
LETTERS = frozenset(
    chr(number)
    for span in ((0xC0, 0x17F), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC), (0x218, 0x21B), (0x1EA0, 0x1EF9))
    for number in range(span[0], span[1] + 1)
    if number not in (0xD7, 0xF7, 0x138, 0x149, 0x17F)
)
MAY_END_A_WORD = frozenset("“”‘’‚‹›«»–—…•™®©°\xa0")
"""What follows a word in clean text, and is the second half of many a damaged letter."""
RARE_LETTERS = frozenset("ÒÙĈĉĊċĔĕĜĝĠġĤĥĦħĨĩĬĭĴĵĹĺĿŀŊŋŎŏŔŕŜŝŦŧŬŭŴŵŶŷ")
"""Letters of names so rare that another reading without them is the likelier one."""
_ENGLISH = re.compile(
    r"\b(?:the|of|and|to|in|is|for|with|that|has|have|was|were|will|from|its|at|by|on|are|says?|said)\b"
)
_SCANDINAVIAN = re.compile(
    r"\b(?:i|å|og|och|er|är|var|det|den|ikke|inte|ikkje|som|av|på|til|till|att|med|fra|från|men|seg|kan|skal|eller)\b"
)
_SCANDINAVIAN_WORD = re.compile(r"[a-z]*[åøæäö]")


_IN_NO_ALPHABET = {
    "Ã": "ŠŒŽšœžŸƒ",
    "Ä": "ŒœŸƒ",
    "Å": "ŠŒŽšœžŸƒ",
    "Ă": "ŠŚŤŽŹšśťžźŁłĄąĽľŻż",
    "Ĺ": "ŚśŹźŁłĄąŻż",
    "Ć": "ØøŖŗÆæ",
}
"""First letters of a pair, and second ones that no alphabet has beside them."""
_SENTENCE_ENDS = frozenset(".!?,…")
_PINYIN_U = frozenset("ǕǖǗǘǙǚǛǜ")
"""The ü of pinyin with a tone, which only follows l and n, and at most an e follows it."""
_VOWELS = frozenset("aeiouyäöü")
_JOINERS = frozenset("-‑’")
_DASHES_AND_DOTS = frozenset("–—…•")
_ANGSTROM_PREFIX = re.compile(r"(?<![^\W\d_])[fpnµmck]$")
_AFTER_FRACTION = re.compile(r" (?:of|an?|kg|g|t|km|m|h)\b")
_LONG_WORD = re.compile(r"[a-z]{3}")


class Grade(IntEnum):
    """How sure a repair is."""

    NONE = 0
    LIKELY = 1
    CERTAIN = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece stands: what is on both sides after the repair, and what kind of text is around."""

    left: str
    right: str
    latin_page: bool
    """Whether the damaged characters are Latin letters and symbols, which English text also has."""
    stray: bool
    """Whether letters of the page's own script stand elsewhere in the paragraph, as in genuine text."""
    english: bool

    @property
    def scandinavian(self) -> bool:
        """Whether "Å" may be a word here."""
        return any(map(_SCANDINAVIAN.search, (self.left, self.right))) or bool(_SCANDINAVIAN_WORD.match(self.right))

    @property
    def before(self) -> str:
        """The character on the left; empty at the start of the paragraph."""
        return self.left[-1:]

    @property
    def after(self) -> str:
        """The character on the right; empty at the end of the paragraph."""
        return self.right[:1]


def speaks_for_its_page(result: str, place: Place) -> bool:
    """Whether a result makes its page the likelier: not a rare letter, nor a small one that begins a sentence."""
    begins = result.islower() and (not place.left.strip() or re.search(r"[.!?]\s+$", place.left) is not None)
    return result not in RARE_LETTERS and not begins


def is_english(text: str) -> bool:
    """Whether at least two different small words of English occur."""
    seen = set()
    for match in _ENGLISH.finditer(text):
        seen.add(match.group())
        if len(seen) > 1:
            return True
    return False


def plausible(result: str) -> bool:
    """Whether an editor can have typed this character in a news article in English."""
    return result in MARKS or result in SPACES or result in LETTERS or "\u00a1" <= result <= "\u00bf"


def grade(piece: str, result: str, place: Place) -> Grade:
    """How sure it is that ``piece`` is the damaged form of ``result``."""
    if result in MARKS:
        return Grade.CERTAIN if _mark_can_stand(result, place) else Grade.NONE
    if result in WIDTHLESS or "\U0001f300" <= result <= "\U0001faff":
        return Grade.CERTAIN
    if result in SPACES:
        found = _space(piece, place)
    elif result in LETTERS:
        found = _letter(piece, result, place)
    elif "\u00a1" <= result <= "\u00bf" or result in "×÷μ":
        found = _symbol(piece, result, place)
    else:
        strange = _latin(result) or unicodedata.category(result)[0] == "C"
        found = Grade.NONE if strange else Grade.LIKELY
    return min(found, Grade.LIKELY) if place.stray else found


def _latin(char: str) -> bool:
    return char.isalpha() and (char < "\u0250" or "\u1e00" <= char < "\u1f00") and char not in "ªº"


def _mark_can_stand(mark: str, place: Place) -> bool:
    """Whether the mark stands where a writer puts one. Alone between spaces or quotation marks it is being quoted."""
    before, after = place.before, place.after
    if before in _ENCLOSING and after in _ENCLOSING:
        return False
    if mark in QUOTES:
        return bool(before.strip() or after.strip())
    if mark in SUBSCRIPTS:
        return before.isalnum() or before in SUBSCRIPTS or before in {")", "]"}
    if mark in RELATIONS:
        return place.right.lstrip()[:1].isalnum() or place.left.rstrip()[-1:].isalnum()
    if mark == "№":
        return place.right.lstrip()[:1].isdigit()
    return bool(before.strip()) if mark == "™" else bool(before or after)


def _letter(piece: str, result: str, place: Place) -> Grade:
    before, after = place.before, place.after
    controls = any("\x80" <= char <= "\x9f" for char in piece)
    if not _latin(before) and not _latin(after):
        joined = before in _JOINERS and after in _JOINERS
        return Grade.CERTAIN if controls or joined or _alone_between_words(piece, place) else Grade.LIKELY
    if not _case_fits(result, before, after) or (result == "ß" and before.lower() not in _VOWELS):
        return Grade.NONE
    if result in _PINYIN_U and not (before in {*"lLnN"} and (not _latin(after) or after in {*"eE"})):
        return Grade.NONE
    if not place.latin_page or controls or not piece[0].isalpha():
        return Grade.CERTAIN
    odd = _latin(after) if len(piece) > len("Ã©") else _odd_pair(piece, place)
    return Grade.CERTAIN if odd and result not in RARE_LETTERS else Grade.LIKELY


def _case_fits(result: str, before: str, after: str) -> bool:
    """Whether a letter between these two is of the case that words have there."""
    lower_before, upper_before = _latin(before) and before.islower(), _latin(before) and before.isupper()
    lower_after, upper_after = _latin(after) and after.islower(), _latin(after) and after.isupper()
    if result.isupper():
        return not lower_before and not (upper_before and lower_after)
    return not upper_after


def _alone_between_words(piece: str, place: Place) -> bool:
    """``Ã`` and a no-break space between two small words: "à" of a French or Portuguese phrase."""
    return bool(piece[-1] == "\xa0" and re.search(r"[a-z,] $", place.left) and re.match(r" [a-z]", place.right))


def _odd_pair(piece: str, place: Place) -> bool:
    """Whether two characters of Latin text, a letter and what follows it, can only be damage inside this word."""
    lead, second = piece[0], piece[1]
    before, after = place.before, place.after
    if _latin(before) and before.islower() and lead.isupper():
        return lead != "Å" or _latin(after) or not _ANGSTROM_PREFIX.search(place.left)
    if second in _DASHES_AND_DOTS:
        return _latin(after) and after.islower() and not _latin(before)
    if second == "\xa0":
        return lead in "ÅĹ" and bool(_LONG_WORD.match(place.right)) and not _latin(before) and not place.scandinavian
    if second in MAY_END_A_WORD or second in "„ªº¹²³·":
        return _latin(after)
    return not second.isalpha() or second in _IN_NO_ALPHABET.get(lead, "")


def _symbol(piece: str, result: str, place: Place) -> Grade:
    left, right, before, after = place.left, place.right, place.before, place.after
    digit_left, digit_right = left.rstrip()[-1:].isdigit(), right.lstrip()[:1].isdigit()
    ok = (
        (result == "°" and digit_left and not (before.isspace() and not re.match(r"[CFKNSEW]\b", right)))
        or (result in "²³¹" and (before.isdigit() or (_latin(before) and before.islower())))
        or (result in "¼½¾" and before in {"", " "} and bool(_AFTER_FRACTION.match(right)))
        or (result in "±£¥¢¼½¾÷×§" and (before.isdigit() or after.isdigit()))
        or (result in "±×÷" and digit_right and (digit_left or before == after == " "))
        or (result == "§" and digit_right)
        or (result == "©" and bool(re.match(r"\s?(?:\d|[A-Z])", right)) and not _latin(before))
        or (result in "µμ" and bool(_UNITS.match(result + right)) and (digit_left or before in "(/"))
        or (result in "®ªº" and (before.isdigit() or (_latin(before) and before.islower())))
        or (result in "«¿¡" and _latin(after) and not _latin(before))
        or (result == "»" and (before.islower() or before in _SENTENCE_ENDS) and not _latin(after))
    )
    if ok and before and before in _ENCLOSING and after in _ENCLOSING:
        return Grade.NONE
    if ok or any("\x80" <= char <= "\x9f" for char in piece):
        return Grade.CERTAIN
    if result == "®" and place.english and re.search(r"\b[A-Z]{3,}$", left):
        return Grade.CERTAIN
    return Grade.LIKELY


def _space(piece: str, place: Place) -> Grade:
    before = place.before
    if not before or before.isspace():
        return Grade.LIKELY
    if before.islower() or before.isdigit() or before in ".,;:!?)]%”’\"'…™®°":
        return Grade.CERTAIN
    if not place.latin_page or not piece[0].isalpha():
        return Grade.CERTAIN
    caps = place.english and re.search(r"\b[A-Z.]{2,}$", place.left) and place.right[:1].isalnum()
    return Grade.CERTAIN if caps else Grade.LIKELY
