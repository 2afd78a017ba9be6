"""The cheap question that nearly every text answers with no: can this be damaged at all?"""

from __future__ import annotations

import re

_WIDE = r"[\u2e80-\ud7a3\uf900-\ufaff\uff61-\uff9f]"
_ADJOINING = re.compile(rf"[^\x00-\x7f]{{2}}|[\x80-\x9f\ufffd]|[A-Za-z0-9]{_WIDE}|{_WIDE}[A-Za-z0-9]")


def may_be_damaged(text: str) -> bool:
    """Whether a closer look is worth it. No false negatives; about one microsecond per 500 characters."""
    if text.isascii():
        return "wp:" in text or "&" in text
    return "wp:" in text or "&" in text or _ADJOINING.search(text) is not None
