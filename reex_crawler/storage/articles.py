"""Articles: which row a reading belongs to, and how that row, its history and its comments follow it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.records import Article, Outcome
from reex_crawler.storage import comments, parts, revisions
from reex_crawler.storage.merging import comparable, merge, same_reader
from reex_crawler.storage.models import ArticleRow, ArticleState, Origin, ResourceRow, ResourceState
from reex_crawler.storage.reading import Reading


@dataclass(frozen=True, slots=True)
class Stored:
    """The row an article went to, and what storing it did."""

    article_id: int
    outcome: Outcome
    new_comments: int


def upsert(
    session: Session, article: Article, *, extractor_version: str, fetch_id: int | None = None, again: bool = False
) -> Stored:
    """Bring the article's row, parts, history and comments up to a reading. The caller commits.

    Only what the site says anew makes a revision of the site's. A reading by another extractor, or from other sources,
    may also differ; its content is kept as a revision of origin ``extractor`` and the outcome is ``UNCHANGED``. So is
    every difference where an answer is read ``again``, and that says nothing of whether the site still shows it.
    """
    reading = Reading(article=article, extractor_version=extractor_version, fetch_id=fetch_id).storable()
    row, rival_id = row_of(session, reading.article)
    if row is None:
        origin = Origin.SITE
        article_id, outcome = _add(session, reading, rival_id), Outcome.NEW
    else:
        by_site = not again and same_reader(row, article, extractor_version)
        origin = Origin.SITE if by_site else Origin.EXTRACTOR
        state = row.state
        article_id, outcome = row.id, _follow(session, row, reading, origin)
        if again:
            row.state = state
    new_comments = comments.upsert(
        session,
        article_id,
        reading.article.comments,
        seen_at=reading.at,
        complete=article.thread_complete,
        outdated=row is not None and row.thread_complete and reading.at < row.last_seen_at,
        origin=origin,
    )
    return Stored(article_id, outcome, new_comments)


def find(session: Session, key: str) -> ArticleRow | None:
    """The article with this URL, slug, post id or number of ours, tried in that order; the one seen last."""
    number = int(key) if key.isdecimal() else None
    by_number = () if number is None else (ArticleRow.post_id == number, ArticleRow.id == number)
    for condition in (ArticleRow.url == key, ArticleRow.slug == key, *by_number):
        statement = select(ArticleRow).where(condition).order_by(ArticleRow.last_seen_at.desc(), ArticleRow.id.desc())
        row = session.scalars(statement.limit(1)).one_or_none()
        if row is not None:
            return row
    return None


def row_of(session: Session, article: Article) -> tuple[ArticleRow | None, int | None]:
    """The article's row; or none, and the id of the row that had its address before under another post id.

    A post id tells for certain. An address tells where one side knows no post id; two post ids are two articles.
    """
    locked = select(ArticleRow).with_for_update()
    if article.post_id is not None:
        row = session.scalars(locked.where(ArticleRow.post_id == article.post_id)).one_or_none()
        if row is not None:
            return row, None
    newest_first = (ArticleRow.last_seen_at.desc(), ArticleRow.id.desc())
    same_url = session.scalars(locked.where(ArticleRow.url == article.url).order_by(*newest_first)).all()
    rival_id = same_url[0].id if same_url else None
    if article.post_id is not None:
        return next((row for row in same_url if row.post_id is None), None), rival_id
    return next(iter(same_url), None), None


def _add(session: Session, reading: Reading, rival_id: int | None) -> int:
    row = ArticleRow(
        **parts.columns(reading),
        state=ArticleState.LIVE,
        conflict_with=rival_id,
        first_seen_at=reading.at,
        last_seen_at=reading.at,
    )
    session.add(row)
    session.flush()
    parts.add_all(session, row, reading)
    revisions.add(session, row.id, reading, Origin.SITE)
    return row.id


def _follow(session: Session, row: ArticleRow, reading: Reading, reader: Origin) -> Outcome:
    """Bring a known article up to a reading; ``reader`` says whose change a difference between the two can be."""
    whole = replace(reading, article=merge(row, reading.article))
    changed = whole.content_hash() != row.content_hash
    origin = reader if not changed or _said_anew(row, reading, whole) else Origin.EXTRACTOR
    if reading.at < row.last_seen_at:
        row.first_seen_at = min(row.first_seen_at, reading.at)
        changed = revisions.place(session, row.id, whole, origin)
    else:
        if changed:
            revisions.add(session, row.id, whole, origin)
        else:
            revisions.saw_again(session, row.id, whole)
        if whole.whole_hash() != row.reading_hash:
            for column, value in parts.columns(whole).items():
                setattr(row, column, value)
            session.flush()
            parts.replace_all(session, row, whole)
        if not _gone_since(session, row, reading.at):
            row.state = ArticleState.LIVE
        row.last_seen_at = reading.at
    return Outcome.REVISED if changed and origin is Origin.SITE else Outcome.UNCHANGED


def _gone_since(session: Session, row: ArticleRow, at: datetime) -> bool:
    """Whether a later answer than this one, which came from elsewhere, found nothing at the article's address."""
    gone = select(ResourceRow.id).where(
        ResourceRow.url == row.url, ResourceRow.state == ResourceState.GONE, ResourceRow.last_fetched_at > at
    )
    return row.state is not ArticleState.LIVE and session.scalar(gone) is not None


def _said_anew(row: ArticleRow, reading: Reading, whole: Reading) -> bool:
    """Whether the site says something else, and not only we from elsewhere."""
    alike = replace(whole, article=comparable(row, reading.article, whole.article))
    return alike.content_hash() != row.content_hash
