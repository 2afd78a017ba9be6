"""Makes damage, independently of the code that mends it: UTF-8 bytes read through another code page.

Decoders treat a byte their page leaves undefined in different ways; every way here is one that real software has.
"""

from __future__ import annotations

import codecs
import html
from dataclasses import dataclass
from html.entities import codepoint2name


@dataclass(frozen=True)
class Damage:
    """A damaged text, and how each stretch of the true text came out."""

    text: str
    stretches: tuple[tuple[str, str], ...]
    lost: bool


WAYS = ("fill", "c1", "drop", "replace", "question")


def undefined(codec: str) -> list[int]:
    """The bytes a single-byte page leaves undefined."""
    return [number for number in range(0x80, 0x100) if bytes([number]).decode(codec, errors="replace") == "\ufffd"]


def _byte(number: int, codec: str, way: str) -> str:
    char = bytes([number]).decode(codec, errors="replace")
    if char != "\ufffd":
        return char
    if way == "fill":
        return bytes([number]).decode("cp1252", errors="ignore")
    return {"c1": chr(number), "drop": "", "replace": "\ufffd", "question": "?"}[way]


def misread(text: str, codec: str, way: str) -> Damage:
    """UTF-8 read through a single-byte page."""
    stretches = []
    lost = False
    for char in text:
        seen = [_byte(number, codec, way) for number in char.encode()]
        lost = lost or any(one in ("", "\ufffd") or (one == "?" and char != "?") for one in seen)
        stretches.append((char, "".join(seen)))
    return Damage("".join(damaged for _, damaged in stretches), tuple(stretches), lost)


def misread_wide(text: str, codec: str, errors: str) -> Damage:
    """UTF-8 read through a double-byte page, whose characters can join bytes of two true ones."""
    decoder = codecs.getincrementaldecoder(codec)(errors)
    stretches = []
    true = damaged = ""
    for char in text:
        for number in char.encode():
            damaged += decoder.decode(bytes([number]))
        true += char
        if not decoder.getstate()[0]:
            stretches.append((true, damaged))
            true = damaged = ""
    damaged += decoder.decode(b"", final=True)
    stretches.append((true, damaged))
    shown = "".join(one for _, one in stretches)
    try:
        lost = shown.encode(codec) != text.encode()
    except UnicodeError:
        lost = True
    return Damage(shown, tuple(stretches), lost or "\ufffd" in shown)


def again(first: Damage, codec: str, way: str) -> Damage:
    """A second layer over the first."""
    stretches = []
    lost = first.lost
    for true, damaged in first.stretches:
        second = misread(damaged, codec, way)
        lost = lost or second.lost
        stretches.append((true, second.text))
    return Damage("".join(one for _, one in stretches), tuple(stretches), lost)


def as_entities(first: Damage) -> Damage:
    """The same damage, its characters written as character references that nobody resolved."""
    stretches = tuple(
        (true, "".join(map(_entity, damaged)) if true != damaged else true) for true, damaged in first.stretches
    )
    return Damage("".join(one for _, one in stretches), stretches, first.lost)


def _entity(char: str) -> str:
    if char.isascii():
        return html.escape(char) if char in "<>" else char
    name = codepoint2name.get(ord(char))
    return f"&{name};" if name else f"&#{ord(char)};"


def partly_true(result: str, damage: Damage) -> bool:
    """Whether a result holds nothing but true and still damaged stretches: nothing was made wrong."""
    places = {0}
    for true, damaged in damage.stretches:
        places = {
            place + len(one)
            for place in places
            for one in {true, damaged, *_lacking(true)}
            if result.startswith(one, place)
        }
    return len(result) in places


def _lacking(true: str) -> set[str]:
    """A stretch of several characters that lost some of them for good."""
    if len(true) < 2:
        return set()
    kept = {""}
    for char in true:
        kept |= {one + char for one in kept}
    return {one for one in kept if len(one) > len(true) - 3}
