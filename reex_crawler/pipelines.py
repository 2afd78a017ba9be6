"""The one pipeline: hands what a spider yields to ``ingest``, one transaction each, and counts what came of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem
from sqlalchemy.orm import Session

from reex_crawler.errors import DEFECT
from reex_crawler.records import Article, DueReason, Listed, Page, Quarantined
from reex_crawler.replay.inputs import note_of, note_on
from reex_crawler.run_store import UNUSABLE, RunStore
from reex_crawler.site.profile import profile
from reex_crawler.storage import frontier, robots
from reex_crawler.storage.articles import Stored
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import FetchOutcome
from reex_crawler.storage.robots import RobotsCopy

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asked:
    """What belongs to an answer and is no part of what it says: why it was asked for, and its further pages."""

    why: DueReason | None = None
    pages: Sequence[Page] = ()
    listed: Listed | None = None
    """What is listed of the article."""


class StorePipeline(RunStore):
    """Stores articles, failures and pages set aside."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        made = cls(crawler)
        crawler.signals.connect(made.close, signals.spider_closed)
        return made

    async def robots_copy(self, url: str) -> RobotsCopy | None:
        """The last robots.txt that could be had; none where the database was not opened."""
        return await self.run(lambda session: robots.copy(session, url)) if self._bind else None

    async def keep_robots(self, url: str, body: str, fetched_at: datetime) -> None:
        """Keep a robots.txt for when it cannot be had; not where the database was not opened."""
        if self._bind:
            await self.run(lambda session: robots.keep(session, RobotsCopy(url, body, fetched_at)))

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
                fetched = replace(fetched, note=self._note(note_on(fetched)))
                await self._write(lambda session: frontier.record(session, fetched))
                if item.outcome is FetchOutcome.GONE:
                    self._count("articles_gone")
        except UNUSABLE as error:
            logger.error("%s", error)  # noqa: TRY400 - a line, no traceback
            message = "not stored"
            raise DropItem(message, log_level="DEBUG") from error
        except Exception:
            self._count(f"failed/{DEFECT}")
            raise
        message = f"no article to export: {type(item).__name__}"
        raise DropItem(message, log_level="DEBUG")

    def _noted(self, page: Page, asked: Asked) -> tuple[str, int] | None:
        parts = [part for part in asked.pages if part.url != page.url]
        return self._note(note_of(page, parts=parts, listed=asked.listed, why=asked.why, run_id=self._run_id))

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
