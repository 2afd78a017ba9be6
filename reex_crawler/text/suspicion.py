"""Damage that stays: it is seen, and what stood there before is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reex_crawler.records import Suspicion

_LATIN = "A-Za-zÀ-ÖØ-öø-ž"
_LOST_MARK = "a mark lost a byte, or the text is about such damage"
_LOST_LETTER = "a letter lost its second byte"
_MISREAD = "a letter or symbol was read through another code page, or the text is about that"
_SIGNS: tuple[tuple[str, str, str], ...] = (
    ("\ufffd", "\ufffd", "a byte could not be decoded"),
    ("€", "[âāโβג]€", _LOST_MARK),
    ("вЂ", "вЂ", _LOST_MARK),
    ("ΓÇ", "ΓÇ[ÖöôúÿØª]", _LOST_MARK),
    ("ÔÇ", "ÔÇ[ÖöôúÿØª£]", _LOST_MARK),
    ("鈥", r"鈥(?:[?\s.,;:!)]|$)", _LOST_MARK),
    ("窶", r"窶(?:[?\s.,;:!)]|$)", _LOST_MARK),
    ("Ã", f"[a-z]Ã(?![{_LATIN}]*[A-ZÀ-Ö]{{2}})", _LOST_LETTER),
    ("Â", f"[a-z]Â(?![{_LATIN}]*[A-ZÀ-Ö]{{2}})", _LOST_LETTER),
    ("ร", f"[{_LATIN}]ร(?![฀-๿])|(?<![^\\s“‘(])ร(?=[a-z]{{2}})", _LOST_LETTER),
    ("ล", f"[{_LATIN}]ล(?![฀-๿])|(?<![^\\s“‘(])ล(?=[a-z]{{2}})", _LOST_LETTER),
    ("Ã", r"(?<![^\s“‘(])Ã[©¨¡¢£¤¥¦§ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿]", _MISREAD),
    ("Â", "Â[©®°±²³µ§£½¼¾·]", _MISREAD),
    ("âs", r"(?<![A-Za-zÀ-ž])[A-Z]?[a-z]{3,}âs\b", "an apostrophe was read as latin-1 and lost its control characters"),
)
_COMPILED = tuple((sign, re.compile(pattern), reason) for sign, pattern, reason in _SIGNS)
_CONTROL = re.compile(rb"\xc2[\x80-\x84\x86-\x9f]")
_CONTROLS = re.compile("[\x80-\x84\x86-\x9f]")
_LONGEST = 80


def suspicions(text: str) -> Iterator[Suspicion]:
    """Every word that looks damaged, once for each reason."""
    if text.isascii():
        return
    found = [(match, reason) for sign, pattern, reason in _COMPILED if sign in text for match in pattern.finditer(text)]
    if _CONTROL.search(text.encode("utf-8", errors="surrogatepass")):
        found += ((match, "a control character stands in the text") for match in _CONTROLS.finditer(text))
    for shown, reason in dict.fromkeys((_word(text, match), reason) for match, reason in found):
        yield Suspicion(shown, reason)


def _word(text: str, match: re.Match[str]) -> str:
    """The match and what adjoins it up to white space."""
    before = re.search(r"\S*\Z", text[max(0, match.start() - _LONGEST) : match.start()])
    after = re.match(r"\S*", text[match.end() : match.end() + _LONGEST])
    return (before.group() if before else "") + match.group() + (after.group() if after else "")
