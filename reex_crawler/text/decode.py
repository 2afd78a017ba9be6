"""Bytes to text, once and here only.

A text that is valid UTF-8 *is* UTF-8: a page of another encoding with any character beyond ASCII is practically never
valid UTF-8 by accident, while servers and templates that declare the wrong encoding are common. So a declaration is
asked only about bytes that are not UTF-8. Nothing is guessed from letter frequencies: what remains is for ``repair``.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, to_unicode

_UTF_8 = "utf-8"
_FALLBACK = "cp1252"
_BEGIN_OF_UTF_16 = {b"<\x00": "utf-16-le", b"\x00<": "utf-16-be", b"{\x00": "utf-16-le", b"\x00{": "utf-16-be"}
_ENOUGH_VALID = 0.9
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|(?P<other>[\x80-\xff])"
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a body, without byte order mark, and how it was decoded."""

    text: str
    encoding: str
    """The codec that was used, by Python's name."""
    how: str
    """``bom``, ``utf-16`` (without one), ``utf-8`` (valid as it stands), ``utf-8 with errors`` (nearly valid),
    ``header``, ``document`` (meta element or XML declaration) or ``fallback``. Where a declaration was overruled or
    bytes were no characters, that is said after a semicolon."""


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a body (HTML, feed, sitemap or JSON) whose Content-Encoding was undone; never fails.

    The order is: byte order mark, valid UTF-8, nearly valid UTF-8, the header's charset, the document's declaration,
    windows-1252. Labels are read as browsers read them (WHATWG Encoding Standard: ``iso-8859-1`` is windows-1252).
    Bytes that are no characters become U+FFFD.
    """
    name, mark = read_bom(body)
    if name is not None and mark is not None:
        return _decoded(body[len(mark) :], name, "bom")
    if body[:2] in _BEGIN_OF_UTF_16:
        return _decoded(body, _BEGIN_OF_UTF_16[body[:2]], "utf-16")
    declared = ((how, label) for how, label in _declared(body, content_type) if label is not None)
    how, label = next(declared, ("", ""))
    overruled = f"; {how} said {label}" if label and label != _UTF_8 else ""
    try:
        return Decoded(body.decode(_UTF_8), _UTF_8, _UTF_8 if body.isascii() else _UTF_8 + overruled)
    except UnicodeDecodeError:
        pass
    if _mostly_utf_8(body):
        return _decoded(body, _UTF_8, f"{_UTF_8} with errors{overruled}")
    if overruled:
        return _decoded(body, label, how)
    return _decoded(body, _FALLBACK, f"fallback; {how} said {label}" if label else "fallback")


def _declared(body: bytes, content_type: str | None) -> tuple[tuple[str, str | None], ...]:
    return ("header", http_content_type_encoding(content_type)), ("document", html_body_declared_encoding(body))


def _decoded(body: bytes, encoding: str, how: str) -> Decoded:
    encoding = codecs.lookup(encoding).name
    text = _windows_1252(body) if encoding == _FALLBACK else to_unicode(body, encoding)
    lossy = "\ufffd" in text and "with errors" not in how
    return Decoded(text, encoding, f"{how}; some bytes are no characters" if lossy else how)


def _windows_1252(body: bytes) -> str:
    """The Encoding Standard gives the five undefined bytes of windows-1252 the controls of the same number."""
    # Takes longer to load than all that a UTF-8 page or feed needs to be decoded.
    import ftfy.bad_codecs  # noqa: PLC0415

    ftfy.bad_codecs.ok()
    return body.decode("sloppy-windows-1252")


def _mostly_utf_8(body: bytes) -> bool:
    """Whether nearly all bytes beyond ASCII form UTF-8, as in a page that was cut or holds a foreign fragment."""
    valid = [match.group("other") is None for match in _SEQUENCE.finditer(body)]
    return sum(valid) >= _ENOUGH_VALID * len(valid)
