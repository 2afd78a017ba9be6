"""Text made fit for a row: white space as a browser folds it, no control characters, normal form C.

Nothing here changes what a reader sees, except that a lone surrogate or NUL, which no database takes, becomes U+FFFD.
Encoding damage is mended before (``repair``): a damaged piece may hold the very characters that are removed here.
"""

from __future__ import annotations

import re
import unicodedata

_HTML_SPACES = re.compile(r"[ \t\n\r\f]+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f]")
_EDGES = " \xa0\ufeff\u200b\u2060"
"""What is trimmed at both ends: spaces, the no-break space, and characters without width."""


def clean_line(text: str) -> str:
    """One line: HTML white space (WHATWG, "ASCII whitespace") folded to one space, ends trimmed, NFC.

    U+00A0 is the author's and stays inside the line. Idempotent.
    """
    # What is printable has no other white space than the space, and nothing that is removed.
    if not text.isprintable():
        text = _storable(text)
        return _trim(_HTML_SPACES.sub(" ", text))
    return _trim(_HTML_SPACES.sub(" ", text) if "  " in text else text)


def _storable(text: str) -> str:
    return _CONTROLS.sub("", _UNSTORABLE.sub("\ufffd", text))


def _trim(line: str) -> str:
    return unicodedata.normalize("NFC", line).strip(_EDGES)
