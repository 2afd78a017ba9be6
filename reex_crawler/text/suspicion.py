"""Damage that stays: it is seen, and what stood there before is not certain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from reex_crawler.records import Suspicion
from reex_crawler.text.codepages import misread

_LATIN = "A-Za-zÀ-ÖØ-öø-ž"
_LOST_MARK = "a mark lost a byte, or the text is about such damage"
_LOST_LETTER = "a letter lost its second byte"
_MISREAD = "a letter or symbol was read through another code page, or the text is about that"
_OTHER_SCRIPT = "words of another script were read through windows-1252 or latin-1"
_TWICE = "U+FFFD was read through another code page"
# What these two pages make of the bytes 80 to BF.
_REST = "[\x80-\xbf" + "".join(bytes([number]).decode("cp1252", "ignore") for number in range(0x80, 0xA0)) + "]"
# Through single pages, through windows-1252 and 874, and two in a row through GBK; grouped by their last character.
_REPLACEMENTS = sorted({*misread("\ufffd"), "ยฟยฝ", "锟斤拷"}, key=itemgetter(-1))
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
    ("Ã", f"Ã[¡-©¬-¹¼-¾](?=[{_LATIN}])", _MISREAD),
    ("Ð", f"[ÐÑ]{_REST}[ÐÑ]", _OTHER_SCRIPT),
    ("Î", f"[ÎÏ]{_REST}[ÎÏ]", _OTHER_SCRIPT),
    ("Ø", f"[ØÙ]{_REST}[ØÙ]", _OTHER_SCRIPT),
    ("×", f"×{_REST}×{_REST}", _OTHER_SCRIPT),
    ("à", f"à[¤-¿]{_REST}", _OTHER_SCRIPT),
    # Nearly every Chinese or Japanese sentence has one of these lead bytes, which French and German text has not.
    *(
        (lead, f"{lead}{_REST}{{2}}[ã-é]{_REST}{{2}}|[ã-é]{_REST}{{2}}{lead}{_REST}{{2}}", _OTHER_SCRIPT)
        for lead in "ãåæ"
    ),
    *((last, "|".join(map(re.escape, forms)), _TWICE) for last, forms in groupby(_REPLACEMENTS, itemgetter(-1))),
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
