"""Archive against truth: for each fact of each article, right or a ``Miss``. What a setting does not tell may be absent, never wrong."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tests.wordpress.archive import Archive, StoredArticle, StoredComment
from tests.wordpress.truth import ArticleTruth, CommentTruth, Line, Setting, Truth

_MARKER = re.compile(r"^(?:[-*•]|\d+\.)\s+")
_CELLS = re.compile(r"\s*[|\t]\s*")


@dataclass(frozen=True, slots=True)
class Miss:
    """One fact that is not as the site says."""

    url: str
    features: tuple[str, ...]
    expected: object
    got: object

    def __str__(self) -> str:
        return f"{self.url} ({', '.join(self.features)})\n    expected {self.expected!r}\n    got      {self.got!r}"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many are exactly right, and which are not."""

    of: int
    misses: tuple[Miss, ...]

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return 1 - len(self.misses) / self.of if self.of else 1.0


def rates(truth: Truth, archive: Archive, setting: Setting) -> dict[str, Rate]:
    """Every field over all articles, and ``comments`` over all comments."""
    pairs = [(article, archive.articles.get(article.post_id)) for article in truth.articles]
    measured = {
        name: Rate(len(pairs), tuple(_missed(pairs, lambda true, got, field=field: field(true, got, setting))))
        for name, field in FIELDS.items()
    }
    comments = sum(len(article.comments) for article in truth.articles)
    return measured | {"comments": Rate(comments, tuple(_comment_misses(pairs, setting)))}


Answer = tuple[object, object] | None
"""What was expected and what was got, where they differ."""


def _missed(
    pairs: Sequence[tuple[ArticleTruth, StoredArticle | None]], field: Callable[[ArticleTruth, StoredArticle], Answer]
) -> Iterator[Miss]:
    for true, got in pairs:
        answer = ("an article", None) if got is None else field(true, got)
        if answer:
            yield Miss(true.url, true.features, *answer)


def _differ(expected: object, got: object) -> Answer:
    return None if expected == got else (expected, got)


def _url(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    return _differ(true.url.lower(), got.url.lower())


def _title(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    return _differ(true.title, got.title)


def _published(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    return _differ(true.published, got.published)


def _modified(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    if got.modified is None and not setting.tells_modified:
        return None
    return _differ(true.modified, got.modified)


def _authors(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    return _differ((true.author,), got.authors)


def _terms(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    spellings = [true.terms]
    if setting.texturises_names and not setting.rest and not setting.seo:
        spellings.append(true.shown_terms)
    for terms in spellings:
        if {term for term in terms if term[0] in setting.tells_taxonomies} <= got.terms <= terms:
            return None
    return sorted(true.terms), sorted(got.terms)


def _highlights(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    return _differ(true.highlights, got.highlights)


def _body(true: ArticleTruth, got: StoredArticle, setting: Setting) -> Answer:
    lines = true.lines if setting.tells_later_text_pages else true.first_page
    return first_difference([line for line in lines if line.kind != "page"], got.body)


FIELDS: dict[str, Callable[[ArticleTruth, StoredArticle, Setting], Answer]] = {
    "url": _url,
    "title": _title,
    "published": _published,
    "modified": _modified,
    "authors": _authors,
    "terms": _terms,
    "highlights": _highlights,
    "body": _body,
}


def first_difference(expected: Sequence[Line], body: str) -> Answer:
    """The first line of a body that is not the one expected, in order and verbatim; none where all are.

    Markers of list items, blank lines and the way in which the cells of a row are parted do not count.
    """
    got = [piece for piece in body.split("\n") if piece.strip()]
    at = 0
    for line in expected:
        pieces = [piece for cell in line.cells for piece in cell.split("\n") if piece]
        after = _consumed(line, pieces, got, at)
        if after is None and line.kind != "maybe":
            return pieces, got[at : at + max(len(pieces), 1)]
        at = after or at
    return None if at == len(got) else ("nothing more", got[at:])


def _consumed(line: Line, pieces: list[str], got: list[str], at: int) -> int | None:
    """How far the body is read once it has given the line; none where it gives something else."""
    if line.kind == "row" and at < len(got) and [cell for cell in _CELLS.split(got[at].strip("| ")) if cell] == pieces:
        return at + 1
    found = got[at : at + len(pieces)]
    if line.kind == "code":
        return at + len(pieces) if found == pieces else None
    stripped = [piece.strip(" ") for piece in found]
    if stripped == pieces or [_MARKER.sub("", piece) for piece in stripped] == pieces:
        return at + len(pieces)
    return None


def _comment_misses(pairs: Sequence[tuple[ArticleTruth, StoredArticle | None]], setting: Setting) -> Iterator[Miss]:
    for true, got in pairs:
        stored = got.comments if got else {}
        known = {comment.comment_id: comment for comment in true.comments}
        for comment in true.comments:
            answer = _comment(comment, stored.get(comment.comment_id), setting)
            if answer:
                yield Miss(f"{true.url}#comment-{comment.comment_id}", true.features, *answer)
        for number in stored.keys() - known.keys():
            yield Miss(f"{true.url}#comment-{number}", true.features, "no such comment", stored[number])
        if got and not got.thread_complete:
            yield Miss(true.url, true.features, "a complete thread", "an incomplete one")


def _comment(true: CommentTruth, got: StoredComment | None, setting: Setting) -> Answer:
    if got is None:
        return true, None
    if true.is_ping and not setting.tells_pings_whole:
        return _ping(true, got)
    names = {true.author}
    if setting.texturises_names and (true.is_ping or not setting.rest):
        names.add(true.shown_author)
    parent = true.parent if setting.tells_true_parents and not true.is_ping else true.shown_parent
    expected = (parent, true.url, true.by_author, true.kind, true.text)
    found = (got.parent, got.url, got.by_author, got.kind, got.text)
    times = _times(true, setting)
    right = expected == found and got.author in names and got.posted in times
    return None if right else ((*expected, names, times), (*found, got.author, got.posted))


def _times(true: CommentTruth, setting: Setting) -> list[object]:
    """The instants a comment may have: one, unless nothing tells which of two equal hours is meant."""
    posted = true.posted if setting.tells_comment_seconds else true.posted.replace(second=0)
    if true.happens_twice and not (setting.rest and not true.is_ping):
        return [posted, posted - timedelta(hours=1), posted + timedelta(hours=1)]
    return [posted]


def _ping(true: CommentTruth, got: StoredComment) -> Answer:
    """A ping of which the page shows who sent it, and at most an excerpt without its paragraphs."""
    excerpt = " ".join(true.text.split())
    expected = (None, true.author, true.url)
    right = (
        (got.parent, got.author, got.url) == expected and got.kind != "comment" and got.posted in {None, true.posted}
    )
    return None if right and " ".join(got.text.split()) in {"", excerpt} else ((*expected, excerpt), got)
