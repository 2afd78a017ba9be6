"""Several spiders in one process, one after the other: what ``reex crawl`` runs."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.conf import arglist_to_dict

from reex_crawler import settings as project
from reex_crawler.errors import UsageError
from reex_crawler.middlewares import PaceMiddleware
from reex_crawler.pipelines import StorePipeline
from reex_crawler.reasons import NOT_STARTED, SHUTDOWN, ends_all, exit_code, failures
from reex_crawler.spiders import arguments, exports

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """A spider by its name, and its arguments as they were given."""

    spider: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """How one spider ended; ``run_id`` is none where nothing was stored."""

    task: Task
    reason: str
    stats: Mapping[str, Any]
    run_id: int | None
    planned: Sequence[tuple[str, str]]
    """Of a dry run: the address of each article page that would be asked, and why."""

    @property
    def exit_code(self) -> int:
        """What this means for whoever started it (docs/exit-codes.md)."""
        return exit_code(self.reason, failed=failures(self.stats))


def make_settings(given: Sequence[str], **own: Any) -> Settings:
    """The project's settings, with ``NAME=VALUE`` pairs of the command line and the caller's own on top.

    They need no ``scrapy.cfg``. Raises ``UsageError``, also for a setting of this program that cannot be used, and
    for a file that cannot be written.
    """
    settings = Settings()
    settings.setmodule(project, priority="project")
    # The caller reports on its own, in other words.
    extensions = {**project.EXTENSIONS, "reex_crawler.extensions.Summary": None}
    settings.setdict(_pairs(given, "-s") | own | {"EXTENSIONS": extensions}, priority="cmdline")
    project.config(settings)
    exports.check(settings)
    return settings


def make_tasks(spiders: Sequence[str], given: Sequence[str], settings: Settings) -> list[Task]:
    """What to run; each argument goes to the spiders that take it. Raises ``UsageError``."""
    known = sorted(get_spider_loader(settings).list())
    if unknown := [name for name in spiders if name not in known]:
        message = f"there is no spider {unknown[0]!r}"
        raise UsageError(message, hint=f"Known are {', '.join(known)}")
    pairs = _pairs(given, "-a")
    taken = {name: pairs.keys() & arguments.names(name) for name in spiders}
    # An argument that nobody takes is given to the first, to be refused with a list of what it does take.
    lost = pairs.keys() - set().union(*taken.values())
    taken[spiders[0]] |= lost
    tasks = [Task(name, {key: value for key, value in pairs.items() if key in taken[name]}) for name in spiders]
    for task in tasks:
        arguments.check(task.spider, task.arguments)
    return tasks


def crawl(tasks: Sequence[Task], settings: Settings, *, max_minutes: float | None) -> list[Crawled]:
    """Run the spiders in this process until one of them ends in a way that speaks against the next, or time is up.

    Gives those that were started. Once a process, since Twisted's reactor runs once.
    """
    process = _InTurn(settings, tasks, max_minutes)
    process.start()
    return [_crawled(task, crawler, failed=crawler in process.failed) for task, crawler in process.started]


class _InTurn(AsyncCrawlerProcess):
    """Scrapy's process waits in ``join`` until its crawlers have ended; this one starts the next there."""

    def __init__(self, settings: Settings, tasks: Sequence[Task], max_minutes: float | None) -> None:
        super().__init__(settings)
        self._tasks = tasks
        self._ends_at = None if max_minutes is None else monotonic() + 60 * max_minutes
        self.started: list[tuple[Task, Crawler]] = []
        self.failed: set[Crawler] = set()

    async def join(self) -> None:
        """Run the spiders one after the other."""
        for task in self._tasks:
            crawler = self.create_crawler(task.spider)
            if self._ends_at is not None:
                left = (self._ends_at - monotonic()) / 60
                if left <= 0 and self.started:
                    return
                crawler.settings.set("REEX_MAX_MINUTES", left, priority="cmdline")
            if self.started:
                # The site is left alone between two spiders as between two requests of one.
                free_at = PaceMiddleware.of(self.started[-1][1]).free_at
                crawler.settings.set("REEX_HELD_UNTIL", free_at, priority="cmdline")
            self.started.append((task, crawler))
            try:
                await self.crawl(crawler, **task.arguments)
            except Exception:
                # Scrapy raises here whatever a component raised while it was made.
                logger.exception("%s cannot be started", task.spider)
                self.failed.add(crawler)
                return
            if ends_all(_reason(crawler)):
                return


def _crawled(task: Task, crawler: Crawler, *, failed: bool) -> Crawled:
    store = None if failed else crawler.get_item_pipeline(StorePipeline)
    planned = getattr(crawler.spider, "planned", ())
    return Crawled(
        task=task,
        reason=NOT_STARTED if failed else _reason(crawler),
        stats={} if failed else crawler.stats.get_stats(),
        run_id=store.run_id if store else None,
        planned=[(visit.url, visit.reason) for visit in planned],
    )


def _reason(crawler: Crawler) -> str:
    """Why it ended; a second signal ends the process without a word of that."""
    reason: str = crawler.stats.get_value("finish_reason", SHUTDOWN)
    return reason


def _pairs(given: Sequence[str], option: str) -> dict[str, str]:
    try:
        pairs: dict[str, str] = arglist_to_dict(list(given))
    except ValueError:
        wrong = next(one for one in given if "=" not in one)
        message = f"{option} {wrong} is no pair"
        raise UsageError(message, hint=f"Give {option} NAME=VALUE") from None
    return pairs
