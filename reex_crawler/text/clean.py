"""Text made fit for a row: white space, controls, normal form."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[ \t\n\r\f]+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def clean_line(text: str) -> str:
    """One line of text: HTML white space folded, controls removed, NFC."""
    return unicodedata.normalize("NFC", _CONTROLS.sub("", _SPACES.sub(" ", text))).strip(" \xa0\ufeff\u200b")


def clean_text(text: str) -> str:
    """The same for text of several lines; at most one blank line in a row."""
    return re.sub(r"\n{3,}", "\n\n", "\n".join(map(clean_line, text.splitlines()))).strip("\n")
