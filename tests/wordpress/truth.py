"""The truth as ``truth.php`` reads it back from WordPress, in plain values, and which part of it a visitor is told."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Denver")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One paragraph, heading, item, row or caption; ``kind`` as in ``blocks.Unit``."""

    kind: str
    cells: tuple[str, ...]
    """The cells of a row; the one text of any other line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentTruth:
    comment_id: int
    parent: int | None
    """The comment it answers."""
    shown_parent: int | None
    """The comment it hangs under in the page: WordPress flattens what is deeper than five."""
    author: str
    shown_author: str
    """The same as block themes print it, which texturise whole pages."""
    url: str | None
    by_author: bool
    posted: datetime
    local: datetime
    """The same in the site's zone, without it: all that a page knows."""
    kind: str
    text: str

    @property
    def is_ping(self) -> bool:
        return self.kind != "comment"

    @property
    def happens_twice(self) -> bool:
        """Whether its local time falls into the hour that the end of daylight saving repeats."""
        return self.local.replace(tzinfo=ZONE).utcoffset() != self.local.replace(tzinfo=ZONE, fold=1).utcoffset()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleTruth:
    post_id: int
    type: str
    url: str
    title: str
    published: datetime
    modified: datetime
    author: str
    terms: frozenset[tuple[str, str]]
    shown_terms: frozenset[tuple[str, str]]
    """The same as block themes print them."""
    highlights: tuple[str, ...]
    lines: tuple[Line, ...]
    features: tuple[str, ...]
    comments: tuple[CommentTruth, ...]

    @property
    def first_page(self) -> tuple[Line, ...]:
        """The lines before the first ``<!--nextpage-->``."""
        return tuple(takewhile(lambda line: line.kind != "page", self.lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    articles: tuple[ArticleTruth, ...]
    hidden: frozenset[int]
    """Posts that no visitor may see, or that are no articles."""
    held: frozenset[int]
    """Comments that only a moderator may see."""


DISCUSSIONS = {
    "": {"thread_comments": "1", "comment_order": "asc", "default_comments_page": "newest", "comments_per_page": "6"},
    "newest on top": {"thread_comments": "1", "comment_order": "desc", "default_comments_page": "newest", "comments_per_page": "7"},
    "oldest page first": {"thread_comments": "1", "comment_order": "asc", "default_comments_page": "oldest", "comments_per_page": "4"},
    "flat": {"thread_comments": "", "comment_order": "asc", "default_comments_page": "newest", "comments_per_page": "9"},
}  # fmt: skip
"""The site's own options for showing comments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the site stands for one crawl."""

    theme: str
    seo: bool
    """An SEO plugin writes meta tags, JSON-LD and the sitemaps."""
    rest: bool
    """Anonymous visitors may use REST."""
    layout: str = ""
    """Which of Divi's two layouts, for the theme that imitates it."""
    plain_marks: bool = False
    """Texturising is switched off."""
    discussion: str = ""
    """How comments are shown, where not as most sites do: a key of ``DISCUSSIONS``."""

    def __str__(self) -> str:
        parts = (
            f"{self.theme}{self.layout and '/'}{self.layout}",
            "SEO" if self.seo else "no SEO",
            "REST" if self.rest else "no REST",
            self.discussion,
        )
        return ", ".join(filter(None, parts))

    @property
    def options(self) -> dict[str, str]:
        """The options of the site that make it so."""
        return {
            "reex_seo": "1" if self.seo else "",
            "reex_rest_closed": "" if self.rest else "1",
            "reex_divi_layout": self.layout,
            "reex_plain_marks": "1" if self.plain_marks else "",
        } | DISCUSSIONS[self.discussion]

    # What any source of the site tells an anonymous visitor --------------------------------------------------------
    # Title, time of publication and author stand in the feeds of both post types, whatever the theme shows.

    @property
    def tells_modified(self) -> bool:
        """No theme here prints it, WordPress 6.1's sitemaps have no ``lastmod``, and feeds do not know it."""
        return self.seo or self.rest

    @property
    def tells_taxonomies(self) -> frozenset[str]:
        """Feeds name terms without saying whether they are categories; Twenty Twenty-One prints none for other types than posts."""
        if self.seo or self.rest or self.theme in {"twentytwentytwo", "twentytwentythree"}:
            return frozenset({"category", "tag"})
        return frozenset({"category"}) if self.layout == "classic" else frozenset()

    @property
    def tells_later_text_pages(self) -> bool:
        """The Theme Builder links none of them; REST has the text in one piece."""
        return self.rest or self.layout != "builder"

    @property
    def tells_true_parents(self) -> bool:
        """Below the depth that the site nests to, only REST does."""
        return self.rest

    @property
    def tells_comment_seconds(self) -> bool:
        """Divi prints minutes; the stock themes have ``<time datetime>``."""
        return self.rest or not self.layout

    @property
    def texturises_names(self) -> bool:
        """Block themes run a whole page through ``wptexturize``, names and all; REST and SEO plugins have them as typed."""
        return self.theme in {"twentytwentytwo", "twentytwentythree"}

    @property
    def tells_pings_whole(self) -> bool:
        """Only the block themes print a ping's time and text; REST refuses pings."""
        return self.theme in {"twentytwentytwo", "twentytwentythree"}


def read(values: dict[str, Any]) -> Truth:
    """The answer of ``truth.php``."""
    return Truth(
        articles=tuple(_article(one) for one in values["articles"]),
        hidden=frozenset(values["hidden"]),
        held=frozenset(values["held"]),
    )


def _article(values: dict[str, Any]) -> ArticleTruth:
    return ArticleTruth(
        post_id=values["post_id"],
        type=values["type"],
        url=values["url"],
        title=_nfc(values["title"]),
        published=_utc(values["published"]),
        modified=_utc(values["modified"]),
        author=values["author"],
        terms=frozenset((kind, _nfc(name)) for kind, name, _ in values["terms"]),
        shown_terms=frozenset((kind, _nfc(name)) for kind, _, name in values["terms"]),
        highlights=tuple(map(_nfc, values["highlights"])),
        lines=tuple(Line(kind=one["kind"], cells=tuple(map(_nfc, one["cells"]))) for one in values["units"]),
        features=tuple(values["features"]),
        comments=tuple(_comment(one) for one in values["comments"]),
    )


def _comment(values: dict[str, Any]) -> CommentTruth:
    return CommentTruth(
        comment_id=values["id"],
        parent=values["parent"],
        shown_parent=values["shown_parent"],
        author=_nfc(values["author"]),
        shown_author=_nfc(values["shown_author"]),
        url=values["url"],
        by_author=values["by_author"],
        posted=_utc(values["posted"]),
        local=datetime.fromisoformat(values["local"]),
        kind=values["kind"],
        text=_nfc(values["text"]),
    )


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
