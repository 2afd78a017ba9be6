"""The block editor's blocks: the markup that it saves, beside the lines that a reader sees.

``Unit.html`` is the line as its author wrote it; WordPress itself turns it into text (``truth.php``), so that its
texturising is part of the truth and no code of the program is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

NEXT_PAGE = "<!--nextpage-->"


@dataclass(frozen=True, slots=True)
class Unit:
    """One paragraph, heading, item, row or caption of the article as a reader sees it."""

    kind: str
    """``p``, ``h``, ``li``, ``row`` (cells parted by ``<td>``), ``code``, or ``maybe``: text of the article that a body may
    leave out, since it is no prose (captions, buttons, addresses of embeds). ``page``: here a further text page begins."""
    html: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block as it is stored, and what it shows."""

    markup: str
    units: tuple[Unit, ...] = ()


def _block(name: str, inner: str, units: Sequence[Unit] = (), **attributes: Any) -> Block:
    # The editor escapes what would end its comment; none of our attributes holds such a thing.
    extra = f" {json.dumps(attributes, separators=(',', ':'))}" if attributes else ""
    return Block(f"<!-- wp:{name}{extra} -->\n{inner}\n<!-- /wp:{name} -->", tuple(units))


def _inside(blocks: Sequence[Block]) -> tuple[str, tuple[Unit, ...]]:
    return "\n\n".join(block.markup for block in blocks), tuple(unit for block in blocks for unit in block.units)


def paragraph(html: str, *, stored: str | None = None) -> Block:
    """A paragraph; ``stored`` is what the database holds where that is not what the author wrote."""
    return _block("paragraph", f"<p>{html if stored is None else stored}</p>", [Unit("p", html)])


def residue(text: str) -> Block:
    """What a careless import left of the editor's own comments: no text of the article."""
    return Block(f"<p>{text}</p>")


def heading(html: str, level: int = 2) -> Block:
    extra = {} if level == 2 else {"level": level}
    return _block("heading", f'<h{level} class="wp-block-heading">{html}</h{level}>', [Unit("h", html)], **extra)


def bullets(items: Sequence[str], *, nested: Sequence[str] = (), ordered: bool = False, kind: str = "li") -> Block:
    """A list; ``nested`` items hang under the last one."""
    tag, extra = ("ol", {"ordered": True}) if ordered else ("ul", {})
    rows = [f"<!-- wp:list-item -->\n<li>{item}" for item in items]
    if nested:
        inner = "\n\n".join(f"<!-- wp:list-item -->\n<li>{item}</li>\n<!-- /wp:list-item -->" for item in nested)
        rows[-1] += f'<!-- wp:list -->\n<ul class="wp-block-list">{inner}</ul>\n<!-- /wp:list -->'
    body = "\n\n".join(f"{row}</li>\n<!-- /wp:list-item -->" for row in rows)
    units = [Unit(kind, item) for item in (*items, *nested)]
    return _block("list", f'<{tag} class="wp-block-list">{body}</{tag}>', units, **extra)


def highlights(items: Sequence[str], label: str = "Highlights") -> tuple[Block, ...]:
    """The block at the head of an article. A body may repeat it or leave it to its own field."""
    head = _block("paragraph", f"<p><strong>{label}</strong></p>", [Unit("maybe", label)])
    return head, bullets(items, kind="maybe"), separator()


def quote(paragraphs: Sequence[str], cite: str | None = None) -> Block:
    inner, units = _inside([paragraph(html) for html in paragraphs])
    tail = f"<cite>{cite}</cite>" if cite else ""
    more = (Unit("p", cite),) if cite else ()
    return _block("quote", f'<blockquote class="wp-block-quote">{inner}{tail}</blockquote>', (*units, *more))


def table(rows: Sequence[Sequence[str]], caption: str | None = None) -> Block:
    head, *rest = rows
    top = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rest)
    tail = f'<figcaption class="wp-element-caption">{caption}</figcaption>' if caption else ""
    units = [Unit("row", "<td>".join(row)) for row in rows]
    if caption:
        units.append(Unit("maybe", caption))
    inner = f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>{tail}"
    return _block("table", f'<figure class="wp-block-table">{inner}</figure>', units)


def image(number: int, alt: str, caption: str | None = None) -> Block:
    """A picture of the media library; ``fill.php`` knows its address."""
    tail = f'<figcaption class="wp-element-caption">{caption}</figcaption>' if caption else ""
    source = f'<img src="{{{{image:{number}}}}}" alt="{escape(alt)}" class="wp-image-{{{{image-id:{number}}}}}"/>'
    units = [Unit("maybe", caption)] if caption else []
    return _block(
        "image", f'<figure class="wp-block-image size-large">{source}{tail}</figure>', units, sizeSlug="large"
    )


def separator() -> Block:
    return _block("separator", '<hr class="wp-block-separator has-alpha-channel-opacity"/>')


def code(text: str) -> Block:
    inner = f'<pre class="wp-block-code"><code>{escape(text, quote=False)}</code></pre>'
    return _block("code", inner, [Unit("code", line) for line in text.splitlines()])


def columns(*sides: Sequence[Block]) -> Block:
    parts = [_inside(side) for side in sides]
    inner = "\n\n".join(_block("column", f'<div class="wp-block-column">{markup}</div>').markup for markup, _ in parts)
    units = [unit for _, side in parts for unit in side]
    return _block("columns", f'<div class="wp-block-columns">{inner}</div>', units)


def group(blocks: Sequence[Block]) -> Block:
    inner, units = _inside(blocks)
    return _block("group", f'<div class="wp-block-group">{inner}</div>', units, layout={"type": "constrained"})


def button(label: str, url: str) -> Block:
    link = f'<div class="wp-block-button"><a class="wp-block-button__link wp-element-button" href="{url}">{label}</a></div>'
    inner = _block("button", link).markup
    return _block("buttons", f'<div class="wp-block-buttons">{inner}</div>', [Unit("maybe", label)])


def embed(url: str) -> Block:
    """An embed that no provider resolves: WordPress prints the address as a link."""
    inner = f'<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n{url}\n</div></figure>'
    return _block("embed", inner, [Unit("maybe", f'<a href="{url}">{url}</a>')], url=url)


def pullquote(html: str, cite: str) -> Block:
    inner = f'<figure class="wp-block-pullquote"><blockquote><p>{html}</p><cite>{cite}</cite></blockquote></figure>'
    return _block("pullquote", inner, [Unit("p", html), Unit("p", cite)])


def footnotes(notes: Sequence[str]) -> Block:
    """Notes at the foot of the text, as authors make them by hand."""
    return bullets([f'{note} <a href="#ref-{number}">↩</a>' for number, note in enumerate(notes, 1)], ordered=True)


def raw_html(markup: str, *lines: str) -> Block:
    """A custom HTML block: a reader may or may not call its lines text of the article."""
    return _block("html", markup, [Unit("maybe", line) for line in lines])


def shortcode(markup: str, *units: Unit) -> Block:
    return _block("shortcode", markup, units)


def classic(paragraphs: Sequence[str]) -> Block:
    """Text of the old editor: no blocks, blank lines make the paragraphs (``wpautop``)."""
    return Block("\n\n".join(paragraphs), tuple(Unit("p", html) for html in paragraphs))


def next_page() -> Block:
    return _block("nextpage", NEXT_PAGE, [Unit("page", "")])
