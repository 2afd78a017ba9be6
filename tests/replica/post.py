"""A post of the running replica: what was written, as HTML for its pages and as the truth about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import escape
from urllib.parse import unquote

from tests.replica.blocks import as_classic_editor, html_of, links_of, truth_of
from tests.replica.content import Entry, RawComment
from tests.replica.damage import DAMAGE
from tests.replica.inline import Spell
from tests.replica.thread import Node, roots, truths
from tests.replica.truth import ArticleTruth, BodyBlock, Status

FOLDERS = {"news-archive": "news", "podcast": "podcast"}
"""The first segment of the addresses of each post type."""

# wptexturize writes these as entities; content pasted with the characters themselves keeps them.
_TEXTURE = str.maketrans({char: f"&#{ord(char)};" for char in "‘’“”–—…"})


def texturized(text: str) -> str:
    """Text as WordPress prints a title: escaped, its quotes and dashes as numeric entities."""
    return escape(text, quote=False).replace("&amp;", "&#038;").translate(_TEXTURE)


@dataclass(frozen=True)
class Post:
    entry: Entry
    base: str
    layout: str

    @property
    def path(self) -> str:
        return f"/{FOLDERS[self.entry.post_type]}/{self.entry.slug}/"

    @property
    def url(self) -> str:
        return self.base + self.path

    @property
    def is_public(self) -> bool:
        """Whether its address answers with a page."""
        return self.entry.status in {Status.PUBLISH, Status.PASSWORD}

    @property
    def has_password(self) -> bool:
        return self.entry.status is Status.PASSWORD

    @property
    def title_html(self) -> str:
        title = texturized(self._broken("title", self.entry.title))
        return f"Protected: {title}" if self.has_password else title

    @cached_property
    def parts_html(self) -> tuple[str, ...]:
        """The content, one piece a text page."""
        pieces: list[list[str]] = [self._highlights()]
        for block in self.entry.blocks:
            if block.kind == "nextpage":
                pieces.append([])
            else:
                pieces[-1].append(html_of(block, self.base, self._spell))
        joined = ("\n\n\n\n".join(piece) for piece in pieces)
        return tuple(map(as_classic_editor, joined) if "classic-editor" in self.entry.notes else joined)

    @property
    def content_html(self) -> str:
        """The whole content as REST gives it, the marks between its pages still in it."""
        return "\n\n<!--nextpage-->\n\n".join(self.parts_html)

    @property
    def summary(self) -> str:
        """The excerpt: the first words of the body."""
        if self.has_password:
            return "There is no excerpt because this is a protected post."
        lines = [
            self._broken("", line) for block in self._truth_parts()[0] for line in block.lines if block.kind == "p"
        ]
        words = " ".join(lines).split()
        return " ".join(words[:55]) + (" […]" if len(words) > 55 else "")

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The visible thread."""
        return roots(self.entry.comments)

    @property
    def shown_comments(self) -> tuple[RawComment, ...]:
        return tuple(node.comment for root in self.nodes for node in root.walk())

    def comment_html(self, comment: RawComment) -> str:
        """A comment as ``comment_text`` prints it: paragraphs, line breaks, quotations, addresses made links."""
        spell = self._speller("comments")
        return "\n".join(_comment_block(text, spell) for text in comment.paragraphs)

    @cached_property
    def truth(self) -> ArticleTruth:
        entry = self.entry
        parts = self._truth_parts()
        return ArticleTruth(
            post_id=entry.post_id,
            post_type=entry.post_type,
            url=self.url,
            slug=unquote(entry.slug),
            title=entry.title,
            published=entry.published,
            modified=entry.modified,
            authors=entry.authors,
            terms=entry.terms,
            highlights=entry.highlights,
            body=tuple(block for part in parts for block in part),
            parts=parts,
            images=tuple(block.image for block in entry.blocks if block.image),
            links=tuple(link for block in entry.blocks for link in links_of(block)),
            comments=truths(entry),
            layout=self.layout,
            status=entry.status,
        )

    def _truth_parts(self) -> tuple[tuple[BodyBlock, ...], ...]:
        parts: list[list[BodyBlock]] = [[]]
        for block in self.entry.blocks:
            if block.kind == "nextpage":
                parts.append([])
            parts[-1].extend(truth_of(block))
        return tuple(tuple(part) for part in parts)

    def _highlights(self) -> list[str]:
        if not self.entry.highlights:
            return []
        spell = self._speller("highlights")
        items = "\n\n\n\n".join(f"<li>{spell(text)}</li>" for text in self.entry.highlights)
        as_heading = "highlights-heading" in self.entry.notes
        head = '<h3 class="wp-block-heading">Highlights</h3>' if as_heading else "<p><strong>Highlights</strong></p>"
        rule = '<hr class="wp-block-separator has-alpha-channel-opacity"/>'
        return [head, f'<ul class="wp-block-list">\n{items}\n</ul>', rule]

    def _spell(self, text: str) -> str:
        return self._speller("")(text)

    def _speller(self, field: str) -> Spell:
        """How texts of a field get into HTML; entities only where nothing was damaged, and on every other post."""

        def spell(text: str) -> str:
            broken = self._broken(field, text)
            if broken == text and self.entry.post_id % 2 == 0:
                return texturized(text)
            return escape(broken, quote=False)

        return spell

    def _broken(self, field: str, text: str) -> str:
        """The text with the post's damage: the body always has it, other fields where the notes say ``damaged-…``."""
        if self.entry.damage is None or (field and f"damaged-{field}" not in self.entry.notes):
            return text
        return DAMAGE[self.entry.damage](text)


def _comment_block(text: str, spell: Spell) -> str:
    quoted = text.startswith("> ")
    inner = spell(text.removeprefix("> ")).replace("\n", "<br />\n")
    inner = re.sub(r"https?://[^\s<]+", r'<a href="\g<0>" rel="nofollow ugc">\g<0></a>', inner)
    return f"<blockquote><p>{inner}</p></blockquote>" if quoted else f"<p>{inner}</p>"
