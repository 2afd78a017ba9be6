"""Compares what the program read from a page of the replica with the truth, field by field.

What a page does not tell cannot be read from it: each theme shows less than the editors wrote, and an SEO plugin makes up for
most of it. A field that a page does not tell must be empty or right; one that it tells must be right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from reex_crawler.records import Article, Comment, Precision
from tests.replica.options import Options
from tests.replica.themes.view import ZONE, local
from tests.replica.truth import ArticleTruth, BodyBlock, CommentTruth, body_text

STOCK = ("classic", "block")
"""Themes that print exact times."""


@dataclass(frozen=True, slots=True)
class Miss:
    """One field of one article that was not read right."""

    url: str
    layout: str
    field: str
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.layout} {self.url} {self.field}\n  expected {self.expected!r}\n  got      {self.got!r}"


@dataclass(slots=True)
class Scores:
    """How often each field was right."""

    seen: dict[str, int] = field(default_factory=dict)
    misses: list[Miss] = field(default_factory=list)

    def add(self, misses: list[Miss], fields: Iterator[str] | tuple[str, ...]) -> None:
        for name in fields:
            self.seen[name] = self.seen.get(name, 0) + 1
        self.misses += misses

    def rate(self, name: str) -> float:
        """The share of articles where the field was exact."""
        wrong = len({(miss.url, miss.layout) for miss in self.misses if miss.field == name})
        return 1 - wrong / self.seen[name]

    def table(self) -> str:
        lines = [f"{name:<12} {self.seen[name]:>5} {self.rate(name):>8.2%}" for name in self.seen]
        return "\n".join(["field        pages    exact", *lines])


def compare(article: Article, truth: ArticleTruth, options: Options, parts: tuple[BodyBlock, ...]) -> list[Miss]:
    """Every field that is not as the truth has it; ``parts`` is the body that the pages read can show."""
    seo, layout = options.seo, truth.layout
    base = truth.url.partition("/news/")[0].partition("/podcast/")[0]
    pairs: list[tuple[str, object, object]] = [
        ("post_id", truth.post_id, article.post_id),
        ("slug", truth.slug, article.slug),
        ("title", truth.title, article.title),
        ("highlights", truth.highlights, article.highlights),
        ("body", body_text(parts), article.body),
        ("published", *_published(article, truth, seo=seo)),
        ("modified", *_modified(article, truth, seo=seo)),
        ("authors", *_authors(article, truth, base, seo=seo)),
        ("terms", *_terms(article, truth, seo=seo, rank_math=seo and options.seo_plugin == "rankmath")),
        (
            "images",
            [(base + i.path, i.alt or None, i.caption) for i in truth.images],
            [(i.url, i.alt, i.caption) for i in article.images],
        ),
        (
            "links",
            [
                (base + link.url if link.url.startswith("/") else link.url, link.text, link.url.startswith("/"))
                for link in truth.links
            ],
            [(link.url, link.text, link.internal) for link in article.links],
        ),
        ("comments", *_comments(article, truth, exact=options.rest == "open")),
        ("layout", True, article.layout != "trafilatura"),
        ("language", "en-US", article.language),
    ]
    return [Miss(truth.url, layout, name, expected, got) for name, expected, got in pairs if expected != got]


FIELDS = (
    *("post_id", "slug", "title", "highlights", "body", "published", "modified", "authors", "terms", "images", "links"),
    *("comments", "layout", "language"),
)


def _published(article: Article, truth: ArticleTruth, *, seo: bool) -> tuple[object, object]:
    got = article.published and (article.published.at, article.published.precision)
    if seo or truth.layout in STOCK:
        return (truth.published, Precision.SECOND), got
    day = datetime.combine(local(truth.published).date(), time(), ZONE)
    return (day, Precision.DAY), got


def _modified(article: Article, truth: ArticleTruth, *, seo: bool) -> tuple[object, object]:
    got = article.modified and article.modified.at
    told = seo or (truth.layout in STOCK and truth.modified != truth.published)
    # A page that shows no change says nothing, or that the article is as it was published.
    return (truth.modified, got) if told else (True, got in {None, truth.published})


def _authors(article: Article, truth: ArticleTruth, base: str, *, seo: bool) -> tuple[object, object]:
    has_address = seo or truth.layout != "divi4"
    has_bio = seo or truth.layout != "divi4-classic"
    expected = [
        (
            a.name,
            a.slug if has_address else None,
            base + a.path if has_address else None,
            (a.bio or None) if has_bio else None,
        )
        for a in truth.authors
    ]
    return expected, [(a.name, a.slug, a.url, a.bio) for a in article.authors]


def _terms(article: Article, truth: ArticleTruth, *, seo: bool, rank_math: bool) -> tuple[object, object]:
    expected = {(term.taxonomy, term.name) for term in truth.terms}
    if rank_math and truth.layout == "divi4":
        # This plugin names the first category only, and the theme none.
        first = next(term for term in truth.terms if term.taxonomy == "category")
        expected = {one for one in expected if one[0] == "tag"} | {("category", first.name)}
    if not seo and truth.layout == "divi4":
        expected = set()
    if not seo and truth.layout == "divi4-classic":
        # Tags are there as classes of the article, which give slugs and no names.
        return {one for one in expected if one[0] == "category"}, {
            (t.taxonomy.value, t.name) for t in article.terms if t.taxonomy == "category"
        }
    return expected, {(term.taxonomy.value, term.name) for term in article.terms}


def _comments(article: Article, truth: ArticleTruth, *, exact: bool) -> tuple[object, object]:
    shown = {comment.comment_id: comment for comment in truth.visible_comments}
    expected = {number: _told(comment, truth.layout, exact=exact) for number, comment in shown.items()}
    got = {one.comment_id: _read(one) for one in article.comments}
    if len(got) != len(article.comments):
        return "each comment once", [one.comment_id for one in article.comments]
    wrong = {number for number in expected.keys() | got.keys() if expected.get(number) != got.get(number)}
    return {number: expected.get(number) for number in wrong}, {number: got.get(number) for number in wrong}


def _told(comment: CommentTruth, layout: str, *, exact: bool) -> tuple[object, ...]:
    """What the page tells of a comment: minutes in Divi, seconds in stock themes, little of a ping."""
    if comment.kind != "comment":
        return ("ping", comment.author_name, comment.author_url)
    minute = layout not in STOCK and not exact
    posted = comment.posted - timedelta(seconds=comment.posted.second) if minute else comment.posted
    parent = comment.parent_id if exact else comment.shown_parent_id
    return ("comment", parent, comment.author_name, comment.author_url, comment.by_article_author, posted, comment.text)


def _read(comment: Comment) -> tuple[object, ...]:
    if comment.kind != "comment":
        return ("ping", comment.author_name, comment.author_url)
    posted = comment.posted and comment.posted.at
    return (
        "comment",
        comment.parent_id,
        comment.author_name,
        comment.author_url,
        comment.by_article_author,
        posted,
        comment.body,
    )
