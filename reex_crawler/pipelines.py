"""The one pipeline: hands what a spider yields to ``ingest``, one transaction each, and counts what came of it.

A storage error ends the crawl with one line: pages that cannot be stored are not fetched.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Self, TypeVar

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider, DropItem
from scrapy.utils.asyncio import run_in_thread
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from reex_crawler import __version__, settings
from reex_crawler.errors import StorageError
from reex_crawler.records import Article, Listed, Quarantined
from reex_crawler.spiders.reasons import DEFECT, STORAGE_ERROR, exit_code, failures, run_outcome
from reex_crawler.storage import frontier, runs
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.schema import upgrade
from reex_crawler.storage.session import make_engine, transaction

logger = logging.getLogger(__name__)

_T = TypeVar("_T")
_LIBRARIES = ("scrapy", "trafilatura", "ftfy", "lxml", "sqlalchemy")


class StorePipeline:
    """Stores articles, failures and pages set aside. Opened by a spider that starts, or by the first item.

    ``scrapy parse``, ``shell`` and ``fetch`` open a spider without starting it, and so need no database.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._engine: Engine | None = None
        self._run_id: int | None = None
        # SQLite has one writer; a second thread would only wait for its lock.
        self._writing = asyncio.Lock()
        self._failed: StorageError | None = None
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        made = cls(crawler)
        crawler.signals.connect(made.close, signals.spider_closed)
        return made

    async def open(self) -> None:
        """Create or upgrade the database and note that the run began; raises ``CloseSpider``."""
        await self._write_or_close(lambda _: None)

    async def remember(self, listed: Iterable[Listed]) -> None:
        """Keep which listing named which address; raises ``CloseSpider``."""
        await self._write_or_close(lambda session: frontier.remember(session, listed, seen_at=datetime.now(UTC)))

    async def process_item(self, item: Any) -> Any:
        """Store one item; an ``Article`` goes on to the feed exports, anything else ends here."""
        try:
            # Imported with the first item, as in the spider.
            from reex_crawler import ingest  # noqa: PLC0415

            if isinstance(item, Article):
                outcome = await self._write(lambda session: ingest.store(session, item, run_id=self._run_id))
                self._count(f"articles_{outcome}")
                return item
            if isinstance(item, Quarantined):
                await self._write(lambda session: ingest.quarantine(session, item, run_id=self._run_id))
                self._count(f"quarantined/{item.reason}")
            elif isinstance(item, Fetched):
                await self._write(lambda session: frontier.record(session, replace(item, run_id=self._run_id)))
        except StorageError as error:
            self._give_up(error)
        except Exception:
            self._count(f"failed/{DEFECT}")
            raise
        message = f"no article to export: {type(item).__name__}"
        raise DropItem(message, log_level="DEBUG")

    async def close(self, reason: str) -> None:
        """Note how the run ended."""
        run_id, engine = self._run_id, self._engine
        if run_id is None or engine is None:
            return
        try:
            await run_in_thread(self._transact, lambda session: self._finish(session, run_id, reason))
        except StorageError as error:
            logger.warning("the end of the run is not noted: %s", error)
        engine.dispose()

    async def _write_or_close(self, work: Callable[[Session], None]) -> None:
        try:
            await self._write(work)
        except StorageError as error:
            self._say(error)
            raise CloseSpider(STORAGE_ERROR) from error

    async def _write(self, work: Callable[[Session], _T]) -> _T:
        """Do some work in one transaction, in a thread; the first opens the database, none is done after a failure."""
        async with self._writing:
            if self._failed is not None:
                raise self._failed
            try:
                return await run_in_thread(self._transact, work)
            except StorageError as error:
                self._failed = error
                raise

    def _transact(self, work: Callable[[Session], _T]) -> _T:
        engine = self._engine or self._opened()
        with transaction(engine) as session:
            return work(session)

    def _opened(self) -> Engine:
        engine = make_engine(settings.config(self._crawler.settings).database_url)
        upgrade(engine)
        with transaction(engine) as session:
            self._run_id = self._start(session)
        self._engine = engine
        return engine

    def _start(self, session: Session) -> int:
        spider = self._crawler.spider
        args = getattr(spider, "args", None)
        return runs.start(
            session,
            spider=spider.name if spider else "",
            arguments=args.model_dump(mode="json", exclude_none=True) if args else {},
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

    def _give_up(self, error: StorageError) -> None:
        if self._closing is not None:
            return
        self._say(error)
        self._closing = asyncio.create_task(self._crawler.engine.close_spider_async(reason=STORAGE_ERROR))

    def _say(self, error: StorageError) -> None:
        logger.error("%s", error)

    def _count(self, name: str) -> None:
        self._crawler.stats.inc_value(f"reex/{name}")
