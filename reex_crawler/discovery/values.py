"""Single values as listings give them. Texts are not repaired here: that is done once, where an article is read."""

from __future__ import annotations

import re

_SPACES = re.compile(r"[ \t\n\r\f]+")
_NUMBER = re.compile(r"\d{1,18}", re.ASCII)


def line(text: str) -> str:
    """A text on one line, white space folded as a browser folds it; all else is kept for the repair to see."""
    return _SPACES.sub(" ", text).strip(" ")


def number(text: str | None) -> int | None:
    """A whole number as headers and XML write it, small enough for any database; none for anything else."""
    return int(text) if text is not None and _NUMBER.fullmatch(text.strip()) else None
