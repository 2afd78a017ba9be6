"""The looks of the replica: one module a layout, each a function from a ``View`` to a whole page."""

from __future__ import annotations

from tests.replica.themes import block, classic, divi4, divi4_classic, divi5
from tests.replica.themes.view import View

_PAGES = {
    "divi4": divi4.page,
    "divi4-classic": divi4_classic.page,
    "divi5": divi5.page,
    "classic": classic.page,
    "block": block.page,
}


def article_page(view: View) -> str:
    """The page of one article, one part of it, or one page of its comments."""
    return _PAGES[view.post.layout](view)
