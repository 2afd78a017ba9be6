"""Pages set aside because they could not be understood: with their bytes, so that nothing fetched is lost."""

from __future__ import annotations

import gzip
import hashlib

from sqlalchemy.orm import Session

from reex_crawler.records import Quarantined
from reex_crawler.storage.dialect import insert_into
from reex_crawler.storage.models import QuarantineRow


def add(session: Session, quarantined: Quarantined, *, fetch_id: int) -> None:
    """Set a page aside. The same bytes at the same address for the same reason are one row, last seen anew."""
    page = quarantined.page
    insert = insert_into(session, QuarantineRow).values(
        fetch_id=fetch_id,
        url=page.url,
        final_url=page.final_url,
        status=page.status,
        headers=[list(pair) for pair in page.headers],
        reason=quarantined.reason,
        detail=quarantined.detail,
        digest=hashlib.sha256(page.body).hexdigest(),
        body_gzip=gzip.compress(page.body, mtime=0),
        first_seen_at=page.fetched_at,
        last_seen_at=page.fetched_at,
    )
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["url", "digest", "reason"],
            set_={"last_seen_at": insert.excluded.last_seen_at, "detail": insert.excluded.detail},
        )
    )
