"""A stored article read again by today's extractor before a new reading is compared with it.

Only then is a difference an edit of the site, and not one of ours (docs/decisions/0003).
"""

from __future__ import annotations

import logging

from sqlalchemy.orm import Session

from reex_crawler import ingest
from reex_crawler.archive.reader import Archive
from reex_crawler.errors import ArchiveDamaged
from reex_crawler.extraction import EXTRACTOR_VERSION
from reex_crawler.records import Article
from reex_crawler.replay.inputs import inputs_of
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage import articles, fetches

logger = logging.getLogger(__name__)


def renew(session: Session, archive: Archive, site: SiteProfile, article: Article) -> None:
    """Bring the row of an article, where another extractor made it, up to today's reading of its last page.

    Without that page the row stays as it is.
    """
    row, _ = articles.row_of(session, article)
    if row is None or row.extractor_version == EXTRACTOR_VERSION:
        return
    last = fetches.last_reading(session, row.id)
    if last is None:
        return
    try:
        note = archive.record(*last.note).note()
        given = inputs_of(archive, note) if note else None
    except ArchiveDamaged as error:
        logger.warning("%s is compared as another extractor read it: %s", row.url, error)
        return
    if given is None:
        return
    read = ingest.read_or_set_aside(given.page, site, more=given.parts, listed=given.listed)
    if isinstance(read, Article):
        articles.upsert(session, read, extractor_version=EXTRACTOR_VERSION, fetch_id=last.fetch_id, again=True)
