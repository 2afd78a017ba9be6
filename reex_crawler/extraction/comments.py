"""The comment thread of an article, gathered from all its pages.

Which comments there are, and their words, is what the site shows in its markup. Its REST collection, where it is open,
gives exact times and true parents: as the listings read it, or asked for this article alone. Everything here is pure:
pages not read yet are named, never fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from zoneinfo import ZoneInfo

from reex_crawler.errors import PageError
from reex_crawler.extraction.comments_markup import find_areas, read_comments
from reex_crawler.extraction.comments_paging import Paging, read_paging
from reex_crawler.extraction.comments_rest import page_asked, read_facts, refine
from reex_crawler.extraction.document import Document, parse
from reex_crawler.extraction.elements import post_id_of
from reex_crawler.records import Comment, CommentKind, Listed, ListedComment, Page
from reex_crawler.site.profile import UrlKind
from reex_crawler.text.instants import second_reading

_REST_RELATION = "https://api.w.org/"
"""By which a page of WordPress names its REST root, in a ``Link`` header and a ``<link>`` element."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """The comments of an article as far as its pages were read."""

    comments: tuple[Comment, ...]
    """In the order shown, the first page of the thread first; each id once."""
    complete: bool
    """Whether every page of the thread was read and no two of them disagree: only then is a missing comment gone."""
    pending: tuple[str, ...]
    """URLs to read next, none of which was asked before."""
    claimed: int | None
    """How many comments the page counts. Replies under a held comment are counted and never shown."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One page of the thread."""

    comments: tuple[Comment, ...]
    paging: Paging


def read(doc: Document, more: Sequence[Page], listed: Listed | None = None) -> Thread:
    """The thread of the article in ``doc``; ``more`` holds comment pages and REST answers read so far.

    A page of ``more`` that is none of these is passed over. Comment pages are numbered without gaps from the oldest, so
    that a link to one names all before it; the one that the article's own address shows is not asked for again. A
    comment page that is refused, is empty though linked, or belongs to another article leaves the thread incomplete.
    REST is asked about the article only where ``listed`` does not know every comment shown.
    """
    bare = _sheet(doc, doc)
    asked = {number: page for page in more if (number := _comment_page(page.url, doc)) is not None}
    read_pages = {number: _further(page, doc) for number, page in asked.items()}
    further = [sheet for _, sheet in sorted(read_pages.items()) if sheet is not None]
    missing = _missing([bare, *further], {*asked, bare.paging.number}, doc)
    shown, agree = _merge(sorted([bare, *further], key=lambda sheet: sheet.paging.number or 0))
    known = {one.comment_id: one for one in (listed.thread if listed is not None else None) or ()}
    told, rest_pending = _rest(doc, [one for one in shown if one.comment_id not in known], more)
    facts = known | told
    refined = [
        refine(comment, facts[comment.comment_id], doc.mender) if comment.comment_id in facts else comment
        for comment in shown
    ]
    exact = {number for number, fact in facts.items() if fact.posted}
    comments = tuple(_settle_repeated_hour(refined, exact, doc.profile.time_zone))
    empty = not comments and bool(bare.paging.claimed)
    lost = any(sheet is None or not sheet.comments for sheet in read_pages.values())
    return Thread(
        comments=comments,
        complete=agree and not missing and not lost and not empty,
        pending=(*missing, *rest_pending),
        claimed=bare.paging.claimed if bare.paging.claimed is not None else _counted(doc),
    )


def _sheet(page: Document, article: Document) -> _Sheet:
    areas = find_areas(page)
    return _Sheet(read_comments(page, areas, article.mender), read_paging(page, areas))


def _comment_page(url: str, doc: Document) -> int | None:
    return doc.profile.page_number(url) if doc.profile.kind(url) is UrlKind.COMMENT_PAGE else None


def _further(page: Page, doc: Document) -> _Sheet | None:
    """A comment page of the same article; none where the answer is anything else."""
    if page.status != HTTPStatus.OK:
        return None
    try:
        other = parse(page, doc.profile)
    except PageError:
        return None
    ids = {post_id_of(doc), post_id_of(other)} - {None}
    urls = {doc.profile.article_url(doc.page.final_url), doc.profile.article_url(page.final_url)} - {None}
    return _sheet(other, doc) if len(ids) == 1 or (not ids and len(urls) == 1) else None


def _missing(sheets: Sequence[_Sheet], known: set[int | None], doc: Document) -> list[str]:
    article = next((sheet.paging.article for sheet in sheets if sheet.paging.linked), None)
    last = max((number for sheet in sheets for number in sheet.paging.linked), default=0)
    numbers = (number for number in range(1, last + 1) if number not in known)
    return [doc.profile.comment_page_url(article, number) for number in numbers] if article else []


def _merge(sheets: Sequence[_Sheet]) -> tuple[list[Comment], bool]:
    """Each comment once, and whether those that came twice said the same each time."""
    comments: dict[int, Comment] = {}
    agree = True
    for comment in (comment for sheet in sheets for comment in sheet.comments):
        agree = agree and comments.setdefault(comment.comment_id, comment) == comment
    return list(comments.values()), agree


def _rest(doc: Document, shown: Sequence[Comment], more: Sequence[Page]) -> tuple[dict[int, ListedComment], list[str]]:
    """What the REST answers in ``more`` say, and which to ask for still: each once, and only for comments ``shown``."""
    post_id = post_id_of(doc)
    open_to_all = any(relation == _REST_RELATION for relation, _, _ in doc.links)
    if post_id is None or not open_to_all or all(comment.kind is not CommentKind.COMMENT for comment in shown):
        return {}, []
    asked = {number for page in more if (number := page_asked(page.url, post_id, doc.profile)) is not None}
    answers = [read_facts(page) for page in more if page_asked(page.url, post_id, doc.profile) in asked]
    facts = {number: fact for answer in answers for number, fact in answer.by_id.items()}
    last = max((answer.pages for answer in answers), default=1)
    return facts, [doc.profile.comments_url(post_id, n) for n in range(1, last + 1) if n not in asked]


def _settle_repeated_hour(shown: Sequence[Comment], exact: set[int], zone: ZoneInfo) -> Iterator[Comment]:
    """Comments in the order given, with times of the hour that autumn repeats told apart as far as their order tells.

    Ids rise with time. Where a comment would be earlier than the one with the id before it, and its second reading
    would not, that reading holds. Where the order tells nothing the first pass of the hour stands, as in WordPress.
    """
    settled: dict[int, Comment] = {}
    before: datetime | None = None
    for comment in sorted(shown, key=lambda one: one.comment_id):
        posted = comment.posted
        if posted and before and posted.at < before and comment.comment_id not in exact:
            later = second_reading(posted, zone)
            posted = later if later and later.at >= before else posted
        settled[comment.comment_id] = replace(comment, posted=posted)
        before = posted.at.replace(second=0) if posted else before
    return (settled[comment.comment_id] for comment in shown)


def _counted(doc: Document) -> int | None:
    """``commentCount`` of the page's JSON-LD."""
    counts = (str(node.get("commentCount")) for node in doc.json_ld)
    return next((int(count) for count in counts if count.isascii() and count.isdecimal()), None)
