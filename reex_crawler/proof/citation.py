"""How a capture of an article is cited: what it said, when it said so, and what proves that."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from reex_crawler.archive.reader import Archive
from reex_crawler.proof.bodies import proven
from reex_crawler.records import Precision
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage.kept import Kept
from reex_crawler.storage.models import ArticleRow, RevisionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One capture of an article."""

    title: str
    authors: tuple[str, ...]
    site: str
    url: str
    """Where the article was."""
    published_at: datetime | None
    published_precision: Precision | None
    """As of ``articles``; none where the site named another time then."""
    modified_at: datetime | None
    captured_at: datetime
    sha256: str
    """Of the body, its Content-Encoding removed, in hex."""
    payload_digest: str
    """Of the body as it came."""
    record_id: str
    file: str
    offset: int


def citation(session: Session, archive: Archive, row: ArticleRow, kept: Kept, site: SiteProfile) -> Citation:
    """The citation of a capture, with title, authors and times as they were then.

    Raises ``ArchiveDamaged`` where the archive does not prove it.
    """
    page = proven(session, archive, kept)
    then = session.scalars(
        select(RevisionRow)
        .where(RevisionRow.article_id == row.id, RevisionRow.first_seen_at <= kept.at)
        .order_by(RevisionRow.first_seen_at.desc(), RevisionRow.id.desc())
        .limit(1)
    ).one()
    return Citation(
        title=then.title,
        authors=tuple(then.authors),
        site=site.names[0],
        url=site.article_url(page.final_url) or page.final_url,
        published_at=then.published_at,
        published_precision=row.published_precision if then.published_at == row.published_at else None,
        modified_at=then.modified_at,
        captured_at=kept.at,
        sha256=hashlib.sha256(page.body).hexdigest(),
        payload_digest=kept.record.payload_digest,
        record_id=kept.record.record_id,
        file=kept.record.file,
        offset=kept.record.offset,
    )
