"""WordPress block comments that were left in the visible text of a page.

WordPress 5 and later keeps its blocks apart with HTML comments (``<!-- wp:list {"ordered":true} -->``). An editor that
escapes or damages the first character makes them visible. A text *about* such comments is left as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from reex_crawler.text.codepages import misread
from reex_crawler.text.draft import Edit

CODECS = "wordpress-block-comment"

_FIRST = "©"
"""What an editor that damages the first character of a comment makes of it."""
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_SENTENCE_ENDS = re.compile(r"[.!?…:](?:[\"'”’»)\]]|โ€|â€)*[ \t\xa0]*$")
_TEXT_BEGINS = re.compile(r"[ \t\xa0]*(?:[A-Z0-9“\"‘'«(•\[]|[^\x00-\x7f]|$)")


def mentions_blocks(text: str) -> bool:
    """Whether looking closer is worth it."""
    return "wp:" in text


@cache
def _comment() -> re.Pattern[str]:
    """A comment, and what its first character became: anything beyond ASCII at the start of a word, © in a word too."""
    once = {_FIRST, *misread(_FIRST)}
    twice = once.union(*map(misread, once))
    glued = "|".join(map(re.escape, sorted(twice, key=len, reverse=True)))
    return re.compile(
        rf"(?P<first>&lt;|<|{glued}|(?<![^\s>])[^\x00-\x7f\s]{{1,4}}|(?<![^\s>])[?.,;:'\"]|)"
        r"!(?:--|–|—)[ \t\xa0]*/?wp:[a-z][a-z0-9-]*(?:/[a-z0-9-]+)?"
        r"(?:[ \t\xa0]+\{[^<>\n]{0,4000}\})?[ \t\xa0]*/?(?:--|–|—)(?:>|&gt;)"
    )


def residue(text: str) -> Iterator[Edit]:
    """The comments that are no part of what the author says, as edits that remove them.

    A comment goes when nothing but other comments stands on its line, when it is glued to the end of a word, or when it
    parts sentences. In the middle of a sentence, or beside other markup, the text is about comments.
    """
    found = list(_comment().finditer(text))
    if not found or _MARKUP.search(_comment().sub("", text)):
        return
    for index, match in enumerate(found):
        start, end = match.span()
        before = text[found[index - 1].end() if index else 0 : start].rpartition("\n")[2]
        after = text[end : found[index + 1].start() if index + 1 < len(found) else len(text)].partition("\n")[0]
        closes = "/wp:" in match.group()
        parts = (not before.strip() or _SENTENCE_ENDS.search(before)) and _TEXT_BEGINS.match(after)
        glued = closes and before and not before[-1].isspace() and not after.strip() and not before.endswith(("`", "“"))
        if parts or glued:
            yield Edit(start, end, "", CODECS)
