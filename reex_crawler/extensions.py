"""What a person gets of a crawl: a line of progress at a terminal, a summary at its end, and exported files."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Self, TextIO

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.extensions.feedexport import FeedExporter
from scrapy.utils.log import get_scrapy_root_handler

from reex_crawler.reasons import STORAGE_ERROR, by_reason

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

logger = logging.getLogger(__name__)

_OUTCOMES = ("new", "revised", "unchanged")


class Progress:
    """A progress bar on stderr, only where stderr is a terminal."""

    def __init__(self, crawler: Crawler, bar: Bar) -> None:
        self._crawler = crawler
        self._bar = bar
        self._task = bar.add_task("", total=None, counts="")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component; raises ``NotConfigured`` without a terminal."""
        if not sys.stderr.isatty():
            raise NotConfigured
        made = cls(crawler, _bar())
        crawler.signals.connect(made.open, signals.spider_opened)
        for signal in (signals.item_scraped, signals.item_dropped, signals.response_received):
            crawler.signals.connect(made.update, signal)
        crawler.signals.connect(made.close, signals.spider_closed)
        return made

    def open(self) -> None:
        """Show the bar."""
        self.update()
        self._bar.start()
        self._log_to(sys.stderr)

    def update(self) -> None:
        """Show what the statistics say now."""
        stats = self._crawler.stats.get_stats()
        listed = stats.get("reex/articles_listed")
        self._bar.update(
            self._task,
            description="reading the listings" if listed is None else "reading the articles",
            total=listed,
            completed=sum(count for _, count in counts(stats)),
            counts=", ".join(f"{count} {name}" for name, count in counts(stats) if count),
        )

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._bar.stop()
        self._log_to(sys.stderr)

    def _log_to(self, stream: TextIO) -> None:
        """Let the log be written to what stands for stderr now: while the bar runs, rich keeps the two apart there."""
        handler = get_scrapy_root_handler()
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            handler.setStream(stream)


class Summary:
    """The end of a crawl in a few lines: seen, new, revised, unchanged, failed and why.

    They go to the terminal whatever the level of the log, and to the log where there is no terminal.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        made = cls(crawler)
        crawler.signals.connect(made.close, signals.spider_closed)
        return made

    def close(self, reason: str) -> None:
        """Write the summary."""
        for line in summary(self._crawler.stats.get_stats(), reason):
            if sys.stderr.isatty():
                sys.stderr.write(f"{line}\n")
            else:
                logger.info(line)


class Feeds(FeedExporter):
    """Scrapy's exports; where one of their files cannot be written, the crawl ends as it does with the database.

    Scrapy's own logs a traceback for each article and calls the crawl finished.
    """

    _closing: asyncio.Task[None] | None = None

    def item_scraped(self, item: Any, spider: Spider) -> None:
        """Write one article."""
        try:
            super().item_scraped(item, spider)
        except OSError as error:
            files = ", ".join(slot.uri for slot in self.slots)
            logger.error("the articles cannot be written to %s: %s", files, error.strerror or error)  # noqa: TRY400
            # Nothing is left to be closed.
            self.slots = []
            self._closing = asyncio.create_task(self.crawler.engine.close_spider_async(reason=STORAGE_ERROR))


def summary(stats: Mapping[str, Any], reason: str) -> Iterator[str]:
    """The lines that say what a crawl came to."""
    found = dict(counts(stats))
    yield f"{reason}: {sum(found.values())} articles seen, " + ", ".join(f"{n} {name}" for name, n in found.items())
    for kind in ("failed", "quarantined"):
        if reasons := by_reason(stats, kind):
            yield f"{kind}: " + ", ".join(f"{count} {why}" for why, count in sorted(reasons.items()))


def counts(stats: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """How many articles came to which end."""
    for name in _OUTCOMES:
        yield name, stats.get(f"reex/articles_{name}", 0)
    for kind in ("failed", "quarantined"):
        yield kind, sum(by_reason(stats, kind).values())


def _bar() -> Bar:
    # Only a terminal needs rich, which takes as long to import as a tenth of a short run.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bar  # noqa: PLC0415

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[counts]}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
