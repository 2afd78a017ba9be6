"""What a run costs that finds nothing new: ``python -m tests.benchmarks.quiet_run``.

The site has 300 articles and the archive knows 20,000 addresses. Printed are the requests, and the CPU seconds of the
whole process, start-up included: the median of five runs. The promise is 4 requests and 1.5 s.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
from pathlib import Path

import click

from tests.replica import running
from tests.shell import big
from tests.shell.running import scrapy, start, start_reex_crawl

RUNS = 5


def children() -> float:
    """CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    for rest in ("open", "closed"):
        with tempfile.TemporaryDirectory() as folder, running(rest=rest, sitemap_size=2000) as replica:
            database = Path(folder) / "reex.db"
            big.archive(replica, database)
            scrapy("crawl", "latest", site=replica.url, database=database)
            for name, run in (
                ("scrapy crawl latest", lambda **where: start("crawl", "latest", **where)),
                ("reex crawl", start_reex_crawl),
            ):
                seconds = []
                for _ in range(RUNS):
                    replica.log.clear()
                    before = children()
                    process = run(site=replica.url, database=database)
                    process.communicate()
                    assert process.returncode == 0
                    seconds.append(children() - before)
                median, slowest = statistics.median(seconds), max(seconds)
                click.echo(
                    f"REST {rest:6}  {name:20}  {len(replica.log)} requests  {median:.2f} CPU s  ({slowest:.2f} at most)"
                )


if __name__ == "__main__":
    main()
