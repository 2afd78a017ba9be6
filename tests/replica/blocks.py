"""The blocks of an article file: as the block editor's HTML, and as the truth of what a reader sees."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape

from tests.replica.inline import Spell, links, plain, to_html
from tests.replica.truth import BodyBlock, ImageTruth, LinkTruth

HEADINGS = ("h2", "h3", "h4")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block: ``texts`` are its paragraphs, items or (for a table) cells joined row by row in ``rows``."""

    kind: str
    texts: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    image: ImageTruth | None = None
    raw: str = ""
    """HTML that stands in the content and that no reader should get, such as residue of the editor."""


def html_of(block: Block, base: str, spell: Spell) -> str:
    """The block as ``the_content`` prints it."""
    texts = [to_html(text, base, spell) for text in block.texts]
    if block.kind in HEADINGS:
        return f'<{block.kind} class="wp-block-heading">{texts[0]}</{block.kind}>'
    if block.kind == "table":
        return _table(block, base, spell)
    if block.kind == "img":
        return _figure(block, base, spell)
    write = _WRITERS.get(block.kind)
    return write(texts) if write else block.raw


def as_classic_editor(html: str) -> str:
    """The same content as WordPress stored it before it had blocks: no classes, captions in ``div.wp-caption``."""
    html = re.sub(r'<figure class="wp-block-table">(.*?)</figure>', r"\1", html, flags=re.DOTALL)
    html = re.sub(
        r'<figure class="wp-block-image[^"]*">(<img[^>]*>)<figcaption[^>]*>(.*?)</figcaption></figure>',
        r'<div id="attachment_77" style="width: 1034px" class="wp-caption aligncenter">\1<p class="wp-caption-text">\2</p></div>',
        html,
        flags=re.DOTALL,
    )
    html = re.sub(r"</?thead>|</?tbody>", "", html)
    return re.sub(r' class="(?:wp-block-|has-fixed)[^"]*"', "", html)


def truth_of(block: Block) -> Iterator[BodyBlock]:
    """What a reader sees of the block: nothing of a rule or of residue."""
    if block.kind in {"p", "ul", "ol", "quote", *HEADINGS}:
        yield BodyBlock(kind=block.kind, lines=tuple(plain(text) for text in block.texts))
    elif block.kind == "forged":
        yield BodyBlock(kind="ol", lines=tuple(plain(text) for text in block.texts))
    elif block.kind == "table":
        yield BodyBlock(kind="table", lines=(), cells=tuple(tuple(plain(cell) for cell in row) for row in block.rows))
    elif block.image and block.image.caption:
        yield BodyBlock(kind="caption", lines=(plain(block.image.caption),))


def links_of(block: Block) -> Iterator[LinkTruth]:
    """The links of the block, in order."""
    for text in (*block.texts, *(cell for row in block.rows for cell in row)):
        yield from links(text)


def _list(tag: str, texts: list[str]) -> str:
    items = "\n\n\n\n".join(f"<li>{text}</li>" for text in texts)
    return f'<{tag} class="wp-block-list">\n{items}\n</{tag}>'


def _quote(texts: list[str]) -> str:
    inner = "\n".join(f"<p>{text}</p>" for text in texts)
    return f'<blockquote class="wp-block-quote is-layout-flow wp-block-quote-is-layout-flow">\n{inner}\n</blockquote>'


def _forged(texts: list[str]) -> str:
    """A list that an editor pasted from a thread, with the classes and ids of real comments."""
    items = "".join(
        f'<li class="comment even thread-even depth-1" id="li-comment-{number}"><article id="comment-{number}" class="comment-body">'
        f'<div class="comment-content clearfix"><p>{text}</p></div></article></li>'
        for number, text in enumerate(texts, start=99001)
    )
    return f'<ol class="commentlist clearfix">{items}</ol>'


def _table(block: Block, base: str, spell: Spell) -> str:
    head, *rest = block.rows
    top = "".join(f"<th>{to_html(cell, base, spell)}</th>" for cell in head)
    rows = "".join("<tr>" + "".join(f"<td>{to_html(cell, base, spell)}</td>" for cell in row) + "</tr>" for row in rest)
    return (
        '<figure class="wp-block-table"><table class="has-fixed-layout">'
        f"<thead><tr>{top}</tr></thead><tbody>{rows}</tbody></table></figure>"
    )


def _figure(block: Block, base: str, spell: Spell) -> str:
    image = block.image
    assert image is not None
    caption = (
        f'<figcaption class="wp-element-caption">{to_html(image.caption, base, spell)}</figcaption>'
        if image.caption
        else ""
    )
    source = escape(base + image.path)
    small = source.replace(".jpg", "-300x169.jpg")
    number = len(image.path) * 91
    return (
        f'<figure class="wp-block-image size-large"><img loading="lazy" decoding="async" width="1024" height="576" src="{source}" '
        f'alt="{escape(image.alt)}" class="wp-image-{number}" srcset="{source} 1024w, {small} 300w" '
        f'sizes="(max-width: 1024px) 100vw, 1024px" />{caption}</figure>'
    )


_WRITERS: dict[str, Callable[[list[str]], str]] = {
    "p": lambda texts: f"<p>{texts[0]}</p>",
    "ul": lambda texts: _list("ul", texts),
    "ol": lambda texts: _list("ol", texts),
    "quote": _quote,
    "forged": _forged,
}
"""Block kinds whose HTML comes from their texts alone."""
