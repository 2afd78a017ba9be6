"""The one pipeline: hands what a spider yields to ``ingest``, one transaction each, and counts what came of it.

It is also the spiders' door to the database, their frontier. A storage error ends the crawl with one line: pages that
cannot be stored are not fetched.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Self, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.utils.asyncio import run_in_thread
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.orm import Session

from reex_crawler import __version__, settings
from reex_crawler.archive.exchange import Exchange
from reex_crawler.archive.notes import Note
from reex_crawler.archiving import Archiving
from reex_crawler.config import Config
from reex_crawler.errors import DEFECT, AlreadyRunning, ConfigError, ReexError, StorageError
from reex_crawler.records import Article, DueReason, Listed, Page, Quarantined, Record
from reex_crawler.replay.inputs import note_of, note_on
from reex_crawler.site.profile import profile
from reex_crawler.spiders.reasons import (
    ALREADY_RUNNING,
    OTHER_SITE,
    STORAGE_ERROR,
    exit_code,
    failures,
    run_outcome,
)
from reex_crawler.storage import frontier, lock, robots, runs, site_of
from reex_crawler.storage.articles import Stored
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome
from reex_crawler.storage.robots import RobotsCopy
from reex_crawler.storage.schema import check, revision, upgrade
from reex_crawler.storage.session import make_engine, rehearsing, transaction

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_REASONS = {StorageError: STORAGE_ERROR, AlreadyRunning: ALREADY_RUNNING, ConfigError: OTHER_SITE}
"""What ends a crawl, since nothing can be stored."""
_UNUSABLE = tuple(_REASONS)
_LIBRARIES = ("scrapy", "trafilatura", "ftfy", "lxml", "sqlalchemy")


@dataclass(frozen=True, slots=True)
class Asked:
    """What belongs to an answer and is no part of what it says: why it was asked for, and its further pages."""

    why: DueReason | None = None
    pages: Sequence[Page] = ()
    listed: Listed | None = None
    """What is listed of the article."""


class StorePipeline:
    """Stores articles, failures and pages set aside. Opened by a spider that starts, or by the first item.

    ``scrapy parse``, ``shell`` and ``fetch`` open a spider without starting it, and so need no database.
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

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        made = cls(crawler)
        crawler.signals.connect(made.close, signals.spider_closed)
        return made

    async def run(self, work: Callable[[Session], _T]) -> _T:
        """Do some work in one transaction; the first time, the database is locked, and created or upgraded.

        Raises ``CloseSpider`` where another run holds the lock, or the database cannot be used or is another site's.
        """
        try:
            return await self._write(work)
        except _UNUSABLE as error:
            _say(error)
            self.check()
            raise

    def check(self) -> None:
        """Raise ``CloseSpider`` where the database could not be used before: what cannot be stored is not fetched."""
        if self._failed is not None:
            raise CloseSpider(_REASONS[type(self._failed)])

    @property
    def run_id(self) -> int | None:
        """The number of this run; none before the database was opened."""
        return self._run_id

    async def robots_copy(self, url: str) -> RobotsCopy | None:
        """The last robots.txt that could be had; none where the database was not opened."""
        return await self.run(lambda session: robots.copy(session, url)) if self._bind else None

    async def keep_robots(self, url: str, body: str, fetched_at: datetime) -> None:
        """Keep a robots.txt for when it cannot be had; not where the database was not opened."""
        if self._bind:
            await self.run(lambda session: robots.keep(session, RobotsCopy(url, body, fetched_at)))

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
        except _UNUSABLE as error:
            self._failed = error
            _say(error)
            self.check()
            raise

    def note(self, note: Note | None) -> tuple[str, int] | None:
        """Write into the archive with what an answer was read, before that is stored; gives where.

        Raises ``StorageError``.
        """
        if note is None or self._archiving is None:
            return None
        return self._archiving.note(note)

    async def process_item(self, item: Any) -> Any:
        """Store one item; an ``Article`` goes on to the feed exports, anything else ends here."""
        try:
            # Imported with the first item, as in the spider.
            from reex_crawler import ingest  # noqa: PLC0415

            if isinstance(item, Article):
                asked = self._asked(item.capture.url)
                page = next((page for page in asked.pages if page.url == item.capture.url), None)
                note = self._noted(page, asked) if page else None
                stored = await self._write(partial(self._store, item, asked, note))
                self._count(f"articles_{stored.outcome}")
                self._count("comments_new", stored.new_comments)
                return item
            if isinstance(item, Quarantined):
                asked = self._asked(item.page.url)
                note = self._noted(item.page, asked)
                aside = partial(ingest.quarantine, quarantined=item, run_id=self._run_id, why=asked.why, note=note)
                await self._write(aside)
                self._count(f"quarantined/{item.reason}")
            elif isinstance(item, Fetched):
                fetched = replace(item, run_id=self._run_id)
                fetched = replace(fetched, note=self.note(note_on(fetched)))
                await self._write(lambda session: frontier.record(session, fetched))
                if item.outcome is FetchOutcome.GONE:
                    self._count("articles_gone")
        except _UNUSABLE as error:
            _say(error)
            message = "not stored"
            raise DropItem(message, log_level="DEBUG") from error
        except Exception:
            self._count(f"failed/{DEFECT}")
            raise
        message = f"no article to export: {type(item).__name__}"
        raise DropItem(message, log_level="DEBUG")

    async def close(self, reason: str) -> None:
        """Note how the run ended, and let the next one begin."""
        # What a stopped crawl is still writing comes first.
        async with self._writing:
            run_id = self._run_id
            if run_id is not None:
                try:
                    await run_in_thread(self._transact, lambda session: self._finish(session, run_id, reason))
                except StorageError as error:
                    logger.warning("the end of the run is not noted: %s", error)
            try:
                if self._archiving is not None:
                    self._archiving.close()
            finally:
                self._held.close()

    def _noted(self, page: Page, asked: Asked) -> tuple[str, int] | None:
        parts = [part for part in asked.pages if part.url != page.url]
        return self.note(note_of(page, parts=parts, listed=asked.listed, why=asked.why, run_id=self._run_id))

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
            except _UNUSABLE as error:
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

    def _store(self, article: Article, asked: Asked, note: tuple[str, int] | None, session: Session) -> Stored:
        from reex_crawler import ingest  # noqa: PLC0415 - as above

        if self._archiving is not None:
            from reex_crawler.replay import renewal  # noqa: PLC0415 - as above

            renewal.renew(session, self._archiving.archive, profile(self._crawler.settings["REEX_SITE_URL"]), article)
        return ingest.store(session, article, run_id=self._run_id, pages=asked.pages, why=asked.why, note=note)

    def _asked(self, url: str) -> Asked:
        """Why an address was asked, and its further pages, where the spider knows."""
        asked: dict[str, Asked] = getattr(self._crawler.spider, "asked", {})
        return asked.pop(url, Asked())

    def _count(self, name: str, count: int = 1) -> None:
        self._crawler.stats.inc_value(f"reex/{name}", count)


def _is_none_yet(url: URL) -> bool:
    """Whether a run would have to make the tables. Raises ``StorageError``."""
    if url.get_backend_name() == "sqlite":
        return not Path(url.database or "").exists()
    engine = make_engine(url)
    try:
        return revision(engine) is None
    finally:
        engine.dispose()


def _say(error: Exception) -> None:
    logger.error("%s", error)
