"""How texts get broken on their way into such a site: each function makes the damage that its name says.

Independent of the program's own tables: the standard library's codecs are the only source. Where a code page leaves a byte
undefined, browsers and databases disagree about what becomes of it; ``windows-874`` loses it, as on the real site.
"""

from __future__ import annotations

from collections.abc import Callable
from html.entities import codepoint2name


def _hybrid_874(byte: int) -> str:
    """windows-874, its gaps filled from windows-1252; what neither defines is lost."""
    for codec in ("cp874", "cp1252"):
        try:
            return bytes([byte]).decode(codec)
        except UnicodeDecodeError:
            continue
    return ""


def _windows_1252(byte: int) -> str:
    """windows-1252 as browsers read it: its gaps are C1 controls (WHATWG Encoding Standard)."""
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


def _windows_1252_lossy(byte: int) -> str:
    """windows-1252 read by a program that drops what it cannot read."""
    return bytes([byte]).decode("cp1252", errors="ignore")


def _bytewise(table: Callable[[int], str]) -> Callable[[str], str]:
    return lambda text: "".join(table(byte) if byte > 0x7F else chr(byte) for byte in text.encode())


def _codec(name: str) -> Callable[[str], str]:
    return lambda text: text.encode().decode(name)


def _entities(text: str) -> str:
    """windows-1252 damage, then every damaged character written as an entity that the page shows as text."""
    broken = DAMAGE["windows-1252"](text)
    return "".join(
        f"&{codepoint2name[ord(char)]};" if ord(char) in codepoint2name and ord(char) > 0x7F else char
        for char in broken
    )


DAMAGE: dict[str, Callable[[str], str]] = {
    "windows-874": _bytewise(_hybrid_874),
    "windows-1252": _bytewise(_windows_1252),
    "windows-1252-lossy": _bytewise(_windows_1252_lossy),
    "latin-1": _codec("latin-1"),
    "windows-1251": _codec("cp1251"),
    "mac-roman": _codec("mac_roman"),
    "cp437": _codec("cp437"),
    "gbk": _codec("gbk"),
    "double": lambda text: DAMAGE["windows-1252"](DAMAGE["windows-1252"](text)),
    "double-874": lambda text: DAMAGE["windows-874"](DAMAGE["windows-1252"](text)),
    "entities": _entities,
}
"""The kinds of damage, each a function from the true text to the broken one. Raises where a codec cannot hold the text."""
