"""Bytes to text, decided once, here only."""

from __future__ import annotations

from dataclasses import dataclass

from w3lib.encoding import html_to_unicode


@dataclass(frozen=True, slots=True)
class Decoded:
    """A decoded body: its text, the encoding used and how it was found."""

    text: str
    encoding: str
    how: str


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a body as received; ``content_type`` is the header's value."""
    encoding, text = html_to_unicode(content_type, body, default_encoding="utf-8")
    return Decoded(text, encoding, "declared")
