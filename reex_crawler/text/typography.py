"""What WordPress makes of plain quotation marks, dashes and dots when it prints a text (``wptexturize``)."""

from __future__ import annotations

import re
from functools import lru_cache

_PLAIN = {
    **dict.fromkeys("‘’‚‛′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑–—−", "-"),
    "…": "...",
    "×": "x",
    "\xa0": " ",
}
_TABLE = str.maketrans(_PLAIN)
_DASHES = re.compile("-+")


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """A key that is equal for two spellings of one text, as it was typed and as it is printed, whatever their case."""
    return " ".join(_DASHES.sub("-", text.translate(_TABLE)).replace("''", '"').split()).casefold()
