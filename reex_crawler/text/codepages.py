"""The single-byte code pages UTF-8 is misread through, each as a table and a pattern of what that leaves behind.

A table says which byte a character stands for. Decoders disagree about bytes a page leaves undefined: some fill in the
windows-1252 character, some the C1 control of that number (the WHATWG Encoding Standard), some drop the byte or put
U+FFFD. The first two are in the table; the others are ``lost``. Nothing here judges whether text is damaged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import ftfy.bad_codecs

ftfy.bad_codecs.ok()

THAI = "\u0e00-\u0e7f"
CYRILLIC = "\u0400-\u052f"
GREEK = "\u0370-\u03ff\u1f00-\u1fff"
HEBREW = "\u0590-\u05ff"
ARABIC = "\u0600-\u06ff"

_CONTROLS = range(0x80, 0xA0)
_CONTINUATION = range(0x80, 0xC0)
_TWO = range(0xC2, 0xE0)
_THREE = range(0xE0, 0xF0)
_FOUR = range(0xF0, 0xF5)

_PAGES: tuple[tuple[str, str, str], ...] = (
    ("windows-1252", "cp1252", ""),
    ("latin-1", "latin_1", ""),
    ("windows-874", "cp874", THAI),
    ("windows-1250", "cp1250", ""),
    ("windows-1251", "cp1251", CYRILLIC),
    ("windows-1253", "cp1253", GREEK),
    ("windows-1254", "cp1254", ""),
    ("windows-1255", "cp1255", HEBREW),
    ("windows-1256", "cp1256", ARABIC),
    ("windows-1257", "cp1257", ""),
    ("windows-1258", "cp1258", ""),
    ("iso-8859-2", "iso8859_2", ""),
    ("mac-roman", "mac_roman", ""),
    ("cp437", "cp437", ""),
    ("cp850", "cp850", ""),
    ("koi8-r", "koi8_r", CYRILLIC),
    ("cp866", "cp866", CYRILLIC),
)

# The ISO 8859 page that agrees with these in its upper half leaves the controls where they have letters and marks.
_SHARED_WITH_ISO = frozenset({"windows-1252", "windows-874", "windows-1254", "windows-1255"})

# Mac Roman keeps its own punctuation (… “ ” ‘ ’ – —) where other pages have lead letters: those leads are left out,
# because in clean text they stand before every kind of character.
_LEADS_OF_MAC_ROMAN = frozenset({0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC8, 0xE1, 0xE2, 0xEF, 0xF0})


@dataclass(frozen=True, slots=True)
class CodePage:
    """One way of misreading UTF-8."""

    name: str
    byte: Mapping[str, int]
    """Which byte a character stands for."""
    foreign: frozenset[str]
    """Characters of the table that the page itself does not define: windows-1252 fillings and C1 controls."""
    lost: frozenset[int]
    """Bytes that may have left nothing at all, because neither the page nor windows-1252 defines them."""
    undefined: frozenset[int]
    """Bytes the page does not define."""
    leads: frozenset[str]
    """Characters a piece can begin with."""
    script: re.Pattern[str] | None
    """A letter of the page's own script; none where that is Latin or no script."""
    chain: re.Pattern[str]
    """Adjoining pieces, each a lead and its continuations, not touching another letter of the page's script."""


def _defined(codec: str) -> dict[int, str]:
    """The upper half of a code page as Python's codec has it."""
    table = {}
    for number in range(0x80, 0x100):
        char = bytes([number]).decode(codec, errors="replace")
        if char != "\ufffd":
            table[number] = char
    return table


def _one_of(chars: Iterable[str]) -> str:
    """A character class of a regular expression."""
    return "[" + "".join(map(re.escape, sorted(set(chars)))) + "]"


def _pattern(byte: Mapping[str, int], lost: frozenset[int], leads: frozenset[str], script: str) -> re.Pattern[str]:
    def images(numbers: Iterable[int]) -> list[str]:
        wanted = frozenset(numbers)
        return [char for char, number in byte.items() if number in wanted]

    def lead(numbers: Iterable[int]) -> str:
        return _one_of([char for char in images(numbers) if char in leads] or ["\ufffe"])

    rest = _one_of(images(_CONTINUATION))
    whole = [f"{lead(_TWO)}{rest}", f"{lead(_THREE)}{rest}{{2}}", f"{lead(_FOUR)}{rest}{{3}}"]
    if lost:
        whole.append(f"{lead([0xE2])}{_one_of(images([0x80, 0x82]))}\ufffd?")
        whole.append(f"{lead([0xC2, 0xC3, 0xC4, 0xC5])}(?={lead([*_TWO, *_THREE])})")
    tail = f"{lead([0xC2, 0xC3, 0xC4, 0xC5])}?" if lost else ""
    before, after = (f"(?<![{script}])", f"(?![{script}])") if script else ("", "")
    return re.compile(f"{before}(?:{'|'.join(whole)})++{tail}{after}")


def _code_page(name: str, codec: str, script: str) -> CodePage:
    defined = _defined(codec)
    byte = {char: number for number, char in defined.items()}
    undefined = frozenset(range(0x80, 0x100)) - defined.keys()
    foreign = set()
    for number in range(0x80, 0x100):
        filling = bytes([number]).decode("sloppy-windows-1252")
        others = (filling, chr(number)) if number not in defined else (chr(number),) if name in _SHARED_WITH_ISO else ()
        for char in others:
            if char not in byte and (number in undefined or number in _CONTROLS):
                byte[char] = number
                foreign.add(char)
    lost = undefined - _defined("cp1252").keys()
    allowed = _LEADS_OF_MAC_ROMAN if name == "mac-roman" else frozenset([*_TWO, *_THREE, *_FOUR])
    leads = frozenset(char for char, number in byte.items() if number in allowed)
    return CodePage(
        name=name,
        byte=byte,
        foreign=frozenset(foreign),
        lost=lost,
        undefined=undefined,
        leads=leads,
        script=re.compile(f"[{script}]") if script else None,
        chain=_pattern(byte, lost, leads, script),
    )


@cache
def code_pages() -> tuple[CodePage, ...]:
    """Every page that is tried, the commonest first."""
    return tuple(_code_page(*page) for page in _PAGES)


def misread(text: str) -> Iterator[str]:
    """All that a short text can look like whose UTF-8 was read through a page, no byte lost."""
    for page in code_pages():
        images = [[char for char, byte in page.byte.items() if byte == number] for number in text.encode()]
        yield from map("".join, product(*images))
