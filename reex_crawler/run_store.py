"""The database and the raw archive of a run: opened at its first need, held by its lock, one transaction at a time.

A storage error ends the crawl with one line: what cannot be stored is not fetched.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.utils.asyncio import run_in_thread
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.orm import Session

from reex_crawler import __version__, settings
from reex_crawler.archive.exchange import Exchange
from reex_crawler.archive.notes import Note
from reex_crawler.archiving import Archiving
from reex_crawler.config import Config
from reex_crawler.errors import AlreadyRunning, ConfigError, ReexError, StorageError
from reex_crawler.reasons import (
    ALREADY_RUNNING,
    OTHER_SITE,
    STORAGE_ERROR,
    exit_code,
    failures,
    run_outcome,
)
from reex_crawler.records import Record
from reex_crawler.site.profile import profile
from reex_crawler.storage import lock, runs, site_of
from reex_crawler.storage.schema import check, revision, upgrade
from reex_crawler.storage.session import make_engine, rehearsing, transaction

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_REASONS = {StorageError: STORAGE_ERROR, AlreadyRunning: ALREADY_RUNNING, ConfigError: OTHER_SITE}
UNUSABLE = tuple(_REASONS)
"""What ends a crawl, since nothing can be stored."""
_LIBRARIES = ("scrapy", "trafilatura", "ftfy", "lxml", "sqlalchemy")


class RunStore:
    """What spiders, middlewares and the pipeline reach the database and the archive through.

    ``scrapy parse``, ``shell`` and ``fetch`` open a spider without starting it, and so need neither.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._bind: Engine | Connection | None = None
        self._run_id: int | None = None
        # SQLite has one writer; a second thread would only wait for its lock.
        self._writing = asyncio.Lock()
        self._failed: ReexError | None = None
        self._lock: lock.Lock | None = None
        self._archiving: Archiving | None = None
        self._held = ExitStack()
        """What ends with the run, last the lock."""

    async def run(self, work: Callable[[Session], _T]) -> _T:
        """Do some work in one transaction; the first time, the database is locked, and created or upgraded.

        Raises ``CloseSpider`` where another run holds the lock, or the database cannot be used or is another site's.
        """
        try:
            return await self._write(work)
        except UNUSABLE as error:
            self._fail(error)
            raise

    def check(self) -> None:
        """Raise ``CloseSpider`` where the database could not be used before: what cannot be stored is not fetched."""
        if self._failed is not None:
            raise CloseSpider(next(reason for kind, reason in _REASONS.items() if isinstance(self._failed, kind)))

    @property
    def run_id(self) -> int | None:
        """The number of this run; none before the database was opened."""
        return self._run_id

    async def keep(self, exchange: Exchange, *, asked: str) -> Record | None:
        """Write an answer into the raw archive; none where the database was not opened, or all is taken back.

        Raises ``CloseSpider`` where it cannot be written: what cannot be kept is not fetched.
        """
        archiving = self._archiving
        if archiving is None:
            return None
        try:
            earlier = await self._write(partial(archiving.earlier, exchange=exchange), noting=False)
            return archiving.keep(exchange, asked=asked, earlier=earlier)
        except UNUSABLE as error:
            self._fail(error)
            raise

    def note(self, note: Note | None) -> tuple[str, int] | None:
        """Write into the archive with what an answer was read, before that is stored; gives where.

        Raises ``CloseSpider`` where it cannot be written.
        """
        try:
            return self._note(note)
        except StorageError as error:
            self._fail(error)
            raise

    def _note(self, note: Note | None) -> tuple[str, int] | None:
        if note is None or self._archiving is None:
            return None
        try:
            return self._archiving.note(note)
        except StorageError as error:
            self._failed = error
            raise

    def _fail(self, error: ReexError) -> None:
        """Say what the run ends for, and end it."""
        self._failed = error
        logger.error("%s", error)
        self.check()

    async def close(self, reason: str) -> None:
        """Note how the run ended, and let the next one begin."""
        # What a stopped crawl is still writing comes first.
        async with self._writing:
            try:
                await self._end(reason)
            except StorageError as error:
                logger.warning("the end of the run is not noted: %s", error)
            finally:
                self._held.close()

    async def _end(self, reason: str) -> None:
        run_id = self._run_id
        try:
            if run_id is not None:
                await run_in_thread(self._transact, lambda session: self._finish(session, run_id, reason))
                if self._archiving is not None:
                    self._archiving.committed()
        finally:
            if self._archiving is not None:
                self._archiving.close()

    async def _write(self, work: Callable[[Session], _T], *, noting: bool = True) -> _T:
        """Do some work in one transaction, in a thread; the first opens the database, none is done after a failure.

        ``noting``: answers in the archive that have no row yet get theirs.
        """
        async with self._writing:
            if self._failed is not None:
                raise self._failed
            writing = asyncio.ensure_future(run_in_thread(self._transact, work, noting=noting))
            try:
                done = await asyncio.shield(writing)
                if noting and self._archiving is not None:
                    self._archiving.committed()
            except UNUSABLE as error:
                self._failed = error
                raise
            else:
                return done
            finally:
                # A thread does not end with who waits for it, and two must not use one connection.
                await asyncio.wait([writing])

    def _transact(self, work: Callable[[Session], _T], *, noting: bool = True) -> _T:
        if self._lock is not None:
            self._lock.check()
        with transaction(self._bind or self._opened()) as session:
            done = work(session)
            if noting and self._archiving is not None:
                self._archiving.before_commit(session, self._run_id)
            return done

    def _opened(self) -> Engine | Connection:
        config = settings.config(self._crawler.settings)
        url = config.database_url
        rehearsed = self._crawler.settings.getbool("REEX_DRY_RUN")
        bind = self._rehearsed(url) if rehearsed else self._locked(url)
        with transaction(bind) as session:
            site_of.check(session, config.site_url)
            runs.close_killed(session)
            self._run_id = self._start(session)
        # From here on the end of the run can be noted, whatever becomes of the archive.
        self._bind = bind
        if self._crawler.settings.getbool("REEX_ARCHIVE_ENABLED") and not rehearsed:
            self._archiving = self._archived(bind, config)
        return bind

    def _archived(self, bind: Engine | Connection, config: Config) -> Archiving:
        """The raw archive, ready to be written; what a killed run left there is taken in first."""
        archiving = Archiving(config.archive_dir, self._described(config))
        for file in archiving.left_open():
            # It reads pages, which a run that finds nothing new need not be able to.
            from reex_crawler.replay import take_up  # noqa: PLC0415

            take_up.file(bind, archiving.archive, profile(config.site_url), file)
        return archiving

    def _described(self, config: Config) -> dict[str, str]:
        """What the archive says of who wrote it."""
        spider = self._crawler.spider
        return {
            "software": f"reex_crawler/{__version__} scrapy/{version('scrapy')} warcio/{version('warcio')}",
            "isPartOf": config.site_url,
            "operator": config.contact or "",
            "http-header-user-agent": self._crawler.settings["USER_AGENT"],
            "robots": "obey" if self._crawler.settings.getbool("ROBOTSTXT_OBEY") else "ignore",
            "reex-run": str(self._run_id),
            "reex-spider": spider.name if spider else "",
        }

    def _locked(self, url: URL, prepare: Callable[[Engine], object] = upgrade) -> Engine | Connection:
        """What the run works over; where a connection holds the lock, that one, so that nothing is done without it."""
        engine = make_engine(url)
        self._held.callback(engine.dispose)
        held = lock.hold(engine)
        self._held.callback(held.release)
        prepare(engine)
        self._lock = held
        return held.connection or engine

    def _rehearsed(self, url: URL) -> Connection:
        """The database as it is, all that is done to it taken back at the end; an empty one where there is none."""
        if _is_none_yet(url):
            folder = self._held.enter_context(tempfile.TemporaryDirectory())
            bind = self._locked(make_url(f"sqlite:///{folder}/reex.db"))
        else:
            bind = self._locked(url, check)
        return self._held.enter_context(rehearsing(bind))

    def _start(self, session: Session) -> int:
        spider = self._crawler.spider
        args = getattr(spider, "args", None)
        return runs.start(
            session,
            spider=spider.name if spider else "",
            arguments=args.as_json() if args else {},
            versions={"reex_crawler": __version__} | {name: version(name) for name in _LIBRARIES},
            started_at=datetime.now(UTC),
        )

    def _finish(self, session: Session, run_id: int, reason: str) -> None:
        stats = self._crawler.stats.get_stats()
        failed = failures(stats)
        runs.finish(
            session,
            run_id,
            outcome=run_outcome(reason, failed=failed),
            exit_code=exit_code(reason, failed=failed),
            stats={name: value if isinstance(value, (int, float)) else str(value) for name, value in stats.items()},
            ended_at=datetime.now(UTC),
        )


def _is_none_yet(url: URL) -> bool:
    """Whether a run would have to make the tables. Raises ``StorageError``."""
    if url.get_backend_name() == "sqlite":
        return not Path(url.database or "").exists()
    engine = make_engine(url)
    try:
        return revision(engine) is None
    finally:
        engine.dispose()
