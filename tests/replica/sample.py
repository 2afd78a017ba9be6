"""The sample article as a page: the visible text of a real one, damage included, rebuilt in a theme of the replica.

The text stands beside the repository, is read when a test runs and is never copied into it. What is expected comes from the
same text through the few substitutions that its damage consists of, not through the program's repair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tests.replica.answer import Answer, Request
from tests.replica.blocks import Block
from tests.replica.content import Entry, RawComment
from tests.replica.options import Options
from tests.replica.site import Site
from tests.replica.truth import ArticleTruth, AuthorTruth, BodyBlock, Status

PATH = Path(__file__).parents[3] / "shared" / "sample-article.txt"
BASE = "https://rareearthexchanges.com"

# Quotes and dashes of UTF-8 read as windows-874; a closing quote has lost its last byte. Longest first.
_DAMAGE = {"โ€œ": "“", "โ€™": "’", "โ€”": "—", "รฉ": "é", "ย\u00a0": "\u00a0", "โ€": "”"}
_DAMAGED = re.compile("|".join(_DAMAGE))

# The sample shows the day of the article and no time of the comment; these are made up to fit.
_PUBLISHED = datetime(2025, 10, 27, 15, 0, 0, tzinfo=UTC)
_POSTED = datetime(2025, 11, 5, 0, 29, 0, tzinfo=UTC)

_STUB = Entry(
    post_id=0,
    post_type="news-archive",
    slug="",
    title="",
    status=Status.PUBLISH,
    published=_PUBLISHED,
    modified=_PUBLISHED,
    authors=(AuthorTruth(name="Editor", slug="editor", bio="Edits."),),
    terms=(),
    highlights=(),
    blocks=(Block(kind="p", texts=("Another article.",)),),
    comments=(),
    damage=None,
    old_slugs=(),
    notes=frozenset(),
)


@dataclass(frozen=True, slots=True)
class Sample:
    """The site that shows the sample, and what must be read from it."""

    site: Site
    truth: ArticleTruth

    def answer(self) -> Answer:
        """The answer of the article's address."""
        return self.site.answer(Request(method="GET", target=self.truth.url.removeprefix(BASE)))


def sample(theme: str, *, seo: bool) -> Sample:
    """The sample in a theme. Raises ``FileNotFoundError`` where the text is not at hand."""
    paragraphs = PATH.read_text(encoding="utf-8").split("\n\n")
    entries = (*_recent(paragraphs), _article(paragraphs))
    site = Site(Options(theme=theme, seo=seo, rest="absent", gzip=False), BASE, entries)
    return Sample(site, _expected(site))


def _mended(text: str) -> str:
    return _DAMAGED.sub(lambda match: _DAMAGE[match[0]], text)


def _article(paragraphs: list[str]) -> Entry:
    start, end = paragraphs.index("Highlights"), paragraphs.index("1 Comment")
    byline = next(place for place, text in enumerate(paragraphs) if text.startswith("By "))
    body = paragraphs[start + 2 : paragraphs.index("Search\nRecent Reex News")]
    author = AuthorTruth(name=paragraphs[byline].removeprefix("By "), slug="daniel", bio=paragraphs[byline + 1])
    comment = RawComment(
        comment_id=2101,
        parent_id=None,
        author_name=paragraphs[end + 1].partition(". ")[2],
        author_url=None,
        posted=_POSTED,
        paragraphs=(paragraphs[end + 2].strip(),),
        kind="comment",
        approved=True,
        member=None,
    )
    return replace(
        _STUB,
        # An odd number: the replica writes the texts of these as they are.
        post_id=7855,
        slug="us-china-tariff-truce-hints-at-strategic-pause-not-surrender",
        title=paragraphs[0],
        authors=(author,),
        highlights=tuple(line.removeprefix("  • ") for line in paragraphs[start + 1].split("\n")),
        blocks=tuple(_block(text) for text in body),
        comments=(comment,),
    )


def _block(text: str) -> Block:
    """A paragraph, or a heading where it ends like none."""
    is_heading = len(text) < 80 and not text.endswith((".", ">"))
    return Block(kind="h2" if is_heading else "p", texts=(text,))


def _recent(paragraphs: list[str]) -> list[Entry]:
    """The posts that the widget names."""
    start = paragraphs.index("Search\nRecent Reex News") + 1
    return [
        replace(_STUB, post_id=7856 + number, slug=f"recent-{number}", title=title)
        for number, title in enumerate(paragraphs[start : start + 5])
    ]


def _expected(site: Site) -> ArticleTruth:
    """What the page says once its damage is undone, the editor's stray mark left out."""
    damaged = site.posts[-1].truth
    body = tuple(
        BodyBlock(kind=block.kind, lines=tuple(_mended(line) for line in block.lines))
        for block in damaged.body
        if not block.lines[0].endswith("-->")
    )
    return replace(damaged, title=_mended(damaged.title), body=body, parts=(body,))
