"""The inline notation of the article files, as HTML and as the plain text a reader sees.

``[text](url)`` is a link, ``**text**`` strong, ``*text*`` emphasis, ``~2~`` a subscript, ``⏎`` a line
break, ``{hidden text}`` text that no reader sees and ``{!residue}`` a mark of the editor that readers see by mistake.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import escape

from tests.replica.truth import LinkTruth

_TOKEN = re.compile(
    r"\[(?P<anchor>[^\]]+)\]\((?P<url>[^)\s]+)\)|\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*]+)\*|~(?P<sub>[^~]+)~|(?P<br>⏎)|\{(?P<hidden>[^}]+)\}"
)

Spell = Callable[[str], str]
"""How a piece of text is written into HTML: damaged first, then escaped."""


def plain(source: str) -> str:
    """What a reader sees."""
    return _TOKEN.sub(_seen, source)


def links(source: str) -> Iterator[LinkTruth]:
    """The links, in order."""
    for match in _TOKEN.finditer(source):
        if match["anchor"]:
            yield LinkTruth(url=match["url"], text=match["anchor"])


def to_html(source: str, base: str, spell: Spell) -> str:
    """The HTML WordPress would have stored."""
    out, last = [], 0
    for match in _TOKEN.finditer(source):
        out += [spell(source[last : match.start()]), _token(match, base, spell)]
        last = match.end()
    return "".join([*out, spell(source[last:])])


def _seen(match: re.Match[str]) -> str:
    if match["br"]:
        return "\n"
    return match["anchor"] or match["strong"] or match["em"] or match["sub"] or ""


def _token(match: re.Match[str], base: str, spell: Spell) -> str:
    if match["anchor"]:
        return _link(match["url"], match["anchor"], base, spell)
    if match["br"]:
        return "<br />\n"
    if match["hidden"] and match["hidden"].startswith("!"):
        return escape(match["hidden"][1:], quote=False)
    if match["hidden"]:
        return f'<span style="display:none" aria-hidden="true">{escape(match["hidden"])}</span>'
    tag, text = next((tag, match[tag]) for tag in ("strong", "em", "sub") if match[tag])
    return f"<{tag}>{spell(text)}</{tag}>"


def _link(url: str, text: str, base: str, spell: Spell) -> str:
    if url.startswith("/"):
        keyword = escape(text, quote=True)
        return (
            f'<a class="wpil_keyword_link" href="{escape(base + url)}" title="{keyword}" data-wpil-keyword-link="linked" '
            f'data-wpil-monitor-id="{len(url) * 37 % 900}">{spell(text)}</a>'
        )
    # Two spellings of the same notice are found: the block editor's and that of accessibility plugins.
    kind = "screen-reader-text" if len(url) % 2 else "sr-only"
    return (
        f'<a href="{escape(url)}" target="_blank" rel="noreferrer noopener">{spell(text)}'
        f'<span class="{kind}"> (opens in a new tab)</span></a>'
    )
