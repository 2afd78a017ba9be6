"""What a person sees of a crawl: a line of progress while it runs at a terminal, and a summary at its end."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator, Mapping
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.utils.log import get_scrapy_root_handler

from reex_crawler.spiders.reasons import by_reason

logger = logging.getLogger(__name__)

_OUTCOMES = ("new", "revised", "unchanged")


class Progress:
    """A progress bar on stderr, only where stderr is a terminal."""

    def __init__(self, crawler: Crawler, console: Console) -> None:
        if not console.is_terminal:
            raise NotConfigured
        self._crawler = crawler
        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[counts]}"),
            TimeRemainingColumn(),
            console=console,
        )
        self._task = self._bar.add_task("reading the listings", total=None, counts="")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way to make a component."""
        made = cls(crawler, Console(stderr=True))
        crawler.signals.connect(made.open, signals.spider_opened)
        for signal in (signals.item_scraped, signals.item_dropped, signals.response_received):
            crawler.signals.connect(made.update, signal)
        crawler.signals.connect(made.close, signals.spider_closed)
        return made

    def open(self) -> None:
        """Show the bar, and let the log be written above it."""
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
            completed=sum(count for _, count in _done(stats)),
            counts=", ".join(f"{count} {name}" for name, count in _done(stats) if count),
        )

    def close(self) -> None:
        """Leave the terminal as it was."""
        self._bar.stop()
        self._log_to(sys.stderr)

    def _log_to(self, stream: Any) -> None:
        handler = get_scrapy_root_handler()
        # While the bar runs, rich puts a stream in place of stderr that keeps log lines and bar apart.
        if isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler):
            handler.setStream(stream)


class Summary:
    """The end of a crawl in a few lines of the log: seen, new, revised, unchanged, failed and why."""

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
            logger.info(line)


def summary(stats: Mapping[str, Any], reason: str) -> Iterator[str]:
    """The lines that say what a crawl came to."""
    failed, quarantined = by_reason(stats, "failed"), by_reason(stats, "quarantined")
    counts = dict(_done(stats))
    seen = sum(counts.values())
    yield f"crawl ended ({reason}): {seen} articles seen, " + ", ".join(f"{counts[name]} {name}" for name in counts)
    for title, reasons in (("failed", failed), ("quarantined", quarantined)):
        if reasons:
            yield f"{title}: " + ", ".join(f"{count} {why}" for why, count in sorted(reasons.items()))


def _done(stats: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for name in _OUTCOMES:
        yield name, stats.get(f"reex/articles_{name}", 0)
    for kind in ("failed", "quarantined"):
        yield kind, sum(by_reason(stats, kind).values())
