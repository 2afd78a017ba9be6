"""The contents an article has had, in the order of time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, insert, inspect, select, update
from sqlalchemy.orm import Session

from reex_crawler.storage.models import FetchOutcome, FetchRow, Origin, ResourceRow, RevisionRow
from reex_crawler.storage.reading import Reading, term_names


def add(session: Session, article_id: int, reading: Reading, origin: Origin) -> None:
    """Append a content, first and last seen when its page was fetched."""
    article = reading.article
    session.execute(
        insert(RevisionRow).values(
            article_id=article_id,
            fetch_id=reading.fetch_id,
            origin=origin,
            content_hash=reading.content_hash(),
            title=article.title,
            highlights=list(article.highlights),
            body=article.body,
            body_markdown=article.body_markdown,
            authors=[author.name for author in article.authors],
            terms=term_names(article),
            lead_image=article.lead_image,
            published_at=article.published.at if article.published else None,
            modified_at=article.modified.at if article.modified else None,
            layout=article.layout,
            extractor_version=reading.extractor_version,
            first_seen_at=reading.at,
            last_seen_at=reading.at,
        )
    )


def saw_again(session: Session, article_id: int, reading: Reading) -> None:
    """Note that the content of the article still stood."""
    same = _latest_first(article_id).where(RevisionRow.content_hash == reading.content_hash())
    latest = same.with_only_columns(RevisionRow.id).scalar_subquery()
    session.execute(update(RevisionRow).where(RevisionRow.id == latest).values(last_seen_at=reading.at))


def place(session: Session, article_id: int, reading: Reading, origin: Origin) -> bool:
    """Put a content that was seen before the latest one into the history; whether it was not there yet."""
    wanted = reading.content_hash()
    before = session.scalars(_latest_first(article_id).where(RevisionRow.first_seen_at <= reading.at)).one_or_none()
    if before is not None and before.content_hash == wanted:
        before.last_seen_at = max(before.last_seen_at, reading.at)
        return False
    if before is not None and before.last_seen_at > reading.at and origin is Origin.SITE:
        _part(session, before, reading.at)
    else:
        after = session.scalars(
            select(RevisionRow)
            .where(RevisionRow.article_id == article_id, RevisionRow.first_seen_at > reading.at)
            .order_by(RevisionRow.first_seen_at, RevisionRow.id)
            .limit(1)
        ).one_or_none()
        if after is not None and after.content_hash == wanted:
            after.first_seen_at, after.fetch_id = reading.at, reading.fetch_id or after.fetch_id
            return False
    add(session, article_id, reading, origin)
    return True


def _part(session: Session, row: RevisionRow, at: datetime) -> None:
    """Let a content that another one interrupted stand twice, as long before and after as it was really seen."""
    sights = (
        select(FetchRow.id, FetchRow.fetched_at)
        .join(ResourceRow, ResourceRow.id == FetchRow.resource_id)
        .where(ResourceRow.article_id == row.article_id, FetchRow.outcome == FetchOutcome.ARTICLE)
        .where(FetchRow.fetched_at.between(row.first_seen_at, row.last_seen_at))
    )
    earlier = session.execute(sights.where(FetchRow.fetched_at < at).order_by(FetchRow.fetched_at.desc())).first()
    later = session.execute(sights.where(FetchRow.fetched_at > at).order_by(FetchRow.fetched_at)).first()
    values = {column.key: getattr(row, column.key) for column in inspect(RevisionRow).column_attrs}
    values |= {
        "fetch_id": later.id if later else None,
        "first_seen_at": later.fetched_at if later else row.last_seen_at,
    }
    session.execute(insert(RevisionRow).values({name: value for name, value in values.items() if name != "id"}))
    row.last_seen_at = earlier.fetched_at if earlier else row.first_seen_at


def _latest_first(article_id: int) -> Select[RevisionRow]:
    newest = (RevisionRow.first_seen_at.desc(), RevisionRow.id.desc())
    return select(RevisionRow).where(RevisionRow.article_id == article_id).order_by(*newest).limit(1)
