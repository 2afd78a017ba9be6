"""The contents an article has had, in the order of time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from reex_crawler.storage.models import Origin, RevisionRow
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


def saw_again(session: Session, article_id: int, at: datetime) -> None:
    """Note that the latest content still stood."""
    latest = _latest_first(article_id).with_only_columns(RevisionRow.id).scalar_subquery()
    session.execute(update(RevisionRow).where(RevisionRow.id == latest).values(last_seen_at=at))


def place(session: Session, article_id: int, reading: Reading, origin: Origin) -> bool:
    """Put a content that was seen before the latest one into the history; whether it was not there yet."""
    wanted = reading.content_hash()
    before = session.scalars(_latest_first(article_id).where(RevisionRow.first_seen_at <= reading.at)).one_or_none()
    if before is not None and before.content_hash == wanted:
        before.last_seen_at = max(before.last_seen_at, reading.at)
        return False
    after = session.scalars(
        select(RevisionRow)
        .where(RevisionRow.article_id == article_id, RevisionRow.first_seen_at > reading.at)
        .order_by(RevisionRow.first_seen_at, RevisionRow.id)
        .limit(1)
    ).one_or_none()
    if after is not None and after.content_hash == wanted:
        after.first_seen_at = reading.at
        return False
    add(session, article_id, reading, origin)
    return True


def _latest_first(article_id: int) -> Select[RevisionRow]:
    newest = (RevisionRow.first_seen_at.desc(), RevisionRow.id.desc())
    return select(RevisionRow).where(RevisionRow.article_id == article_id).order_by(*newest).limit(1)
