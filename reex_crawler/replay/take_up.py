"""What a killed run had received and not stored: read from its last file when the next run begins."""

from __future__ import annotations

import logging

from sqlalchemy.engine import Connection, Engine

from reex_crawler.archive.reader import Archive, Broken
from reex_crawler.errors import ArchiveDamaged, Unreadable
from reex_crawler.replay.journal import Journal
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage.session import transaction

logger = logging.getLogger(__name__)


def file(bind: Engine | Connection, archive: Archive, site: SiteProfile, name: str) -> None:
    """Give every answer in a file its row, and store what its notes say was read; what is stored already stays.

    Raises ``StorageError`` where the database or the file cannot be used. Damage is logged and passed over, as
    is what meets a fault of this program.
    """
    journal = Journal(archive, site)
    with transaction(bind) as session:
        for raw in archive.records(name):
            if isinstance(raw, Broken):
                logger.warning("the archive is damaged: %s", raw)
                continue
            try:
                journal.apply(session, raw)
            except (ArchiveDamaged, Unreadable) as error:
                logger.warning("%s", error)
        journal.finish(session)
    logger.info("took up what an earlier run left in %s", name)
