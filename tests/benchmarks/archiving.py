"""What the raw archive costs a crawl: ``python -m tests.benchmarks.archiving``.

The replica is crawled whole with the archive and without it, in turn, and the CPU seconds of each pair are divided. It
sends its pages compressed, as web servers do. The promise is a ratio of 1.15.
"""

from __future__ import annotations

import resource
import statistics
import tempfile
from pathlib import Path

import click

from tests.replica import running
from tests.shell.running import start

PAIRS = 7


def seconds(site: str, folder: Path, *, archive: bool) -> float:
    """CPU seconds of one crawl, start-up included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    setting = f"REEX_ARCHIVE_ENABLED={archive}"
    process = start("crawl", "backfill", "-s", setting, site=site, database=folder / "reex.db")
    process.communicate()
    assert process.returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    ratios = []
    with running() as replica:
        for _ in range(PAIRS):
            with tempfile.TemporaryDirectory() as on, tempfile.TemporaryDirectory() as off:
                without = seconds(replica.url, Path(off), archive=False)
                with_it = seconds(replica.url, Path(on), archive=True)
            ratios.append(with_it / without)
            click.echo(f"{len(replica.log) // 2} pages: {with_it:.2f} s with the archive, {without:.2f} s without")
            replica.log.clear()
    click.echo(f"ratio: median {statistics.median(ratios):.3f}, from {min(ratios):.3f} to {max(ratios):.3f}")


if __name__ == "__main__":
    main()
