"""What a reading looks like as rows: the columns of the article, and the tables that hang on it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, or_
from sqlalchemy.orm import Session

from reex_crawler.storage import names
from reex_crawler.storage.models import (
    ArticleAuthorRow,
    ArticleRow,
    ArticleTermRow,
    Base,
    ImageRow,
    LinkRow,
    RepairRow,
    SuspicionRow,
)
from reex_crawler.storage.reading import Reading


def columns(reading: Reading) -> dict[str, Any]:
    """The columns of ``articles`` that a reading gives."""
    article = reading.article
    published, modified = article.published, article.modified
    return {
        "post_id": article.post_id,
        "url": article.url,
        "slug": article.slug,
        "title": article.title,
        "published_at": published.at if published else None,
        "published_precision": published.precision if published else None,
        "published_raw": published.raw if published else None,
        "modified_at": modified.at if modified else None,
        "modified_precision": modified.precision if modified else None,
        "modified_raw": modified.raw if modified else None,
        "highlights": list(article.highlights),
        "body": article.body,
        "body_markdown": article.body_markdown,
        "body_html": article.body_html,
        "word_count": article.word_count,
        "language": article.language,
        "lead_image": article.lead_image,
        "layout": article.layout,
        "sources": article.sources,
        "extractor_version": reading.extractor_version,
        "content_hash": reading.content_hash(),
        "reading_hash": reading.whole_hash(),
        "thread_complete": article.thread_complete,
    }


def replace_all(session: Session, row: ArticleRow, reading: Reading) -> None:
    """Bylines, terms, images, links, repairs and suspicions of the article as they are now, in place of the old.

    What was mended in a comment stays as long as that comment was not read again.
    """
    for table in (ArticleAuthorRow, ArticleTermRow, ImageRow, LinkRow):
        session.execute(delete(table).where(table.article_id == row.id))
    read = [f"comment:{comment.comment_id}" for comment in reading.article.comments]
    for mended in (RepairRow, SuspicionRow):
        read_again = or_(mended.field.not_like("comment:%"), mended.field.in_(read))
        session.execute(delete(mended).where(mended.article_id == row.id, read_again))
    add_all(session, row, reading)


def add_all(session: Session, row: ArticleRow, reading: Reading) -> None:
    """The same for a new article, which has none yet."""
    article = reading.article
    authors = names.author_ids(session, article.authors, reading.at)
    terms = names.term_ids(session, article.terms, reading.at)
    _add(session, ArticleAuthorRow, row, [{"author_id": one, "position": at} for at, one in enumerate(authors)])
    _add(session, ArticleTermRow, row, [{"term_id": one, "position": at} for at, one in enumerate(terms)])
    _add(
        session,
        ImageRow,
        row,
        [
            {"position": at, "url": one.url, "alt": one.alt, "caption": one.caption}
            for at, one in enumerate(article.images)
        ],
    )
    _add(
        session,
        LinkRow,
        row,
        [
            {"position": at, "url": one.url, "text": one.text, "internal": one.internal}
            for at, one in enumerate(article.links)
        ],
    )
    _add(
        session,
        RepairRow,
        row,
        [
            {"field": one.field, "codecs": one.step.codecs, "before": one.step.before, "after": one.step.after}
            for one in article.repairs
        ],
    )
    _add(
        session,
        SuspicionRow,
        row,
        [
            {"field": one.field, "text": one.suspicion.text, "reason": one.suspicion.reason}
            for one in article.suspicions
        ],
    )
    session.expire(row, ["authors", "terms"])


def _add(session: Session, table: type[Base], row: ArticleRow, values: list[dict[str, Any]]) -> None:
    if values:
        session.execute(insert(table), [{"article_id": row.id, **value} for value in values])
