"""A database made anew from the archive alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.orm import Session

from reex_crawler import __version__
from reex_crawler.archive.reader import Archive, Broken, Raw
from reex_crawler.errors import ArchiveDamaged, Unreadable, UsageError
from reex_crawler.replay.journal import Journal
from reex_crawler.site.profile import SiteProfile
from reex_crawler.storage import runs, site_of
from reex_crawler.storage.faults import describe
from reex_crawler.storage.models import CrawlRunRow, RunOutcome
from reex_crawler.storage.session import transaction

NAME = "rebuild"
"""What stands for the spider in the row of the run."""

_SOME_FAILED = 1
# So many records are lost where a rebuild is killed; the next one takes them again.
_AT_ONCE = 200


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild found."""

    files: int = 0
    records: int = 0
    damage: list[str] = field(default_factory=list)
    """What could not be read, a line each."""
    failed: list[str] = field(default_factory=list)
    """What met a fault of this program, a line each."""

    @property
    def exit_code(self) -> int:
        """The exit code of the command, by the most serious of what happened."""
        if self.damage:
            return ArchiveDamaged.exit_code
        return _SOME_FAILED if self.failed else 0


def rebuild(
    bind: Engine | Connection, archive: Archive, site: SiteProfile, *, progress: Callable[[int, int], None]
) -> Rebuilt:
    """Apply the journal of every file to a database without runs, or to one whose rebuild was broken off.

    ``progress`` is told the bytes read, and of how many. What is damaged, or meets a fault of this program, is passed
    over. Raises ``UsageError`` for a database that a crawl has filled, ``StorageError`` where database or archive
    cannot be used.
    """
    found = Rebuilt()
    with transaction(bind) as session:
        site_of.check(session, site.site_url)
        _check(session, bind.engine.url)
        run_id = runs.start(
            session,
            spider=NAME,
            arguments={"archive": str(archive.folder)},
            versions={"reex_crawler": __version__},
            started_at=datetime.now(UTC),
        )
    sizes = {name: archive.size(name) for name in archive.files()}
    done, total = 0, sum(sizes.values())
    journal = Journal(archive, site)
    for name, size in sizes.items():
        found.files += 1
        batch: list[Raw] = []
        for raw in archive.records(name):
            if isinstance(raw, Broken):
                found.damage.append(str(raw))
                continue
            batch.append(raw)
            if len(batch) >= _AT_ONCE:
                _apply(bind, journal, batch, found)
                progress(done + raw.offset, total)
                batch.clear()
        _apply(bind, journal, batch, found)
        done += size
        progress(done, total)
    with transaction(bind) as session:
        journal.finish(session)
        runs.finish(
            session,
            run_id,
            outcome=RunOutcome.PARTIAL if found.exit_code else RunOutcome.DONE,
            exit_code=found.exit_code,
            stats={
                "files": found.files,
                "records": found.records,
                "damaged": len(found.damage),
                "failed": len(found.failed),
            },
            ended_at=datetime.now(UTC),
        )
    return found


def _apply(bind: Engine | Connection, journal: Journal, batch: list[Raw], found: Rebuilt) -> None:
    with transaction(bind) as session:
        for raw in batch:
            try:
                journal.apply(session, raw)
            except ArchiveDamaged as error:
                found.damage.append(str(error))
            except Unreadable as error:
                found.failed.append(str(error))
    found.records += len(batch)


def _check(session: Session, url: URL) -> None:
    crawled = session.scalars(select(CrawlRunRow.id).where(CrawlRunRow.spider != NAME).limit(1)).first()
    if crawled is not None:
        message = f"{describe(url)} holds what was crawled; a rebuild makes a new database"
        raise UsageError(message, hint="Name a new one in REEX_DATABASE_URL, and compare the two")
