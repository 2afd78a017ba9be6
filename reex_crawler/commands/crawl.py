"""``scrapy crawl`` for this project: a wrong argument is one line, and the exit code says how the crawl ended."""

from __future__ import annotations

import argparse
import sys
from typing import cast

from scrapy.commands import crawl
from scrapy.crawler import AsyncCrawlerProcess

from reex_crawler import settings
from reex_crawler.errors import StorageError, UsageError
from reex_crawler.reasons import NOT_STARTED, SHUTDOWN, exit_code, failures, most_serious
from reex_crawler.spiders import arguments, exports


class Command(crawl.Command):
    """Scrapy's command, with the spider and its arguments checked before anything starts."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Crawl; sets ``exitcode`` as docs/exit-codes.md says."""
        # Scrapy makes it before it calls a command.
        process = cast("AsyncCrawlerProcess", self.crawler_process)
        try:
            settings.config(process.settings)
            _check_spider(args, process.spider_loader.list())
            arguments.check(args[0], opts.spargs)
            exports.check(process.settings)
        except UsageError as error:
            sys.stderr.write(f"error: {error}\n")
            self.exitcode = error.exit_code
            return
        crawler = self._create_crawler(args[0])
        process.crawl(crawler, **opts.spargs)
        process.start()
        if process.bootstrap_failed:
            self.exitcode = exit_code(NOT_STARTED, failed=0)
            return
        stats = crawler.stats.get_stats()
        # A second signal ends the process before the spider can say why it closed.
        codes = [exit_code(stats.get("finish_reason", SHUTDOWN), failed=failures(stats))]
        self.exitcode = most_serious(codes + [StorageError.exit_code] * exports.failed(stats))


def _check_spider(names: list[str], known: list[str]) -> None:
    if len(names) != 1 or names[0] not in known:
        message = f"give one spider, not {' '.join(names) or 'none'}"
        raise UsageError(message, hint=f"Known are {', '.join(sorted(known))}; their arguments stand after -a")
