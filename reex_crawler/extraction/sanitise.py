"""Blocks as HTML that may be shown anywhere: a few elements, no classes, styles or scripts, links to the web only.

The markup is written from blocks, so nothing of the page's own markup is ever copied; nh3 stands behind it as the
guard that a later change cannot get around.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import nh3

from reex_crawler.extraction.blocks import BREAK, Block, Frame, Run
from reex_crawler.extraction.inline import Span, write

_INLINE = {"em", "strong", "code", "kbd", "sub", "sup", "del", "ins", "mark", "u", "a", "br"}
_BLOCKS = {"p", "h2", "h3", "h4", "h5", "h6", "pre", "hr", "img", "figure", "figcaption", "caption", "blockquote"}
_LISTS = {"ul", "ol", "li", "dl", "dt", "dd", "table", "tbody", "tr", "td", "th"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}}
_GUARD = nh3.Cleaner(
    tags=_INLINE | _BLOCKS | _LISTS,
    attributes=_ATTRIBUTES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)


def html_of(blocks: Sequence[Block]) -> str:
    """The HTML of finished blocks, a line for each block."""
    return _GUARD.clean(_markup(blocks))


def _markup(blocks: Sequence[Block]) -> str:
    lines: list[str] = []
    opened: tuple[Frame, ...] = ()
    for block in blocks:
        if not opened and not block.frames:
            lines.append(_block(block))
            continue
        common = _common(opened, block.frames)
        lines.append("".join(f"</{frame.tag}>" for frame in reversed(opened[common:])))
        lines.append("".join(_open(frame) for frame in block.frames[common:]))
        lines.append(_block(block))
        opened = block.frames
    lines.append("".join(f"</{frame.tag}>" for frame in reversed(opened)))
    return "\n".join(line for line in lines if line)


def _common(left: Sequence[Frame], right: Sequence[Frame]) -> int:
    """How many frames two blocks share from the outside in."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((number for number, (one, other) in pairs if one != other), min(len(left), len(right)))


def _open(frame: Frame) -> str:
    return f'<ol start="{frame.start}">' if frame.tag == "ol" and frame.start != 1 else f"<{frame.tag}>"


def _block(block: Block) -> str:
    if block.picture is not None:
        return f'<img src="{escape(block.picture.url)}" alt="{escape(block.picture.alt)}">'
    if block.tag == "hr":
        return "<hr>"
    tag = block.tag or ("" if block.frames else "p")
    text = write(block.runs, _text, _opening, lambda span: f"</{span.mark.element}>")
    if tag == "pre":
        # HTML drops a line feed right after <pre>, so one that is text needs another before it.
        return f"<pre>\n{text}</pre>" if text.startswith("\n") else f"<pre>{text}</pre>"
    return f"<{tag}>{text}</{tag}>" if tag else text


def _text(run: Run) -> str:
    return "<br>" if run.text == BREAK else escape(run.text, quote=False)


def _opening(span: Span) -> str:
    return f'<a href="{escape(span.mark.href)}">' if span.mark.tag == "a" else f"<{span.mark.element}>"
