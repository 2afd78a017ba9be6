"""How fast the archive is read again: ``python -m tests.benchmarks.rereading [--pages 2000] [--workers 2]``.

The pages are those of ``extraction``: about 100 kB, as real ones are, here compressed as a web server sends them. They
are written into an archive and a database as a crawl writes them, and then read again by ``reextract`` with one process
and with two, in turn. Printed are pages in a CPU second (of all processes), the wall time, and the most memory that one
process had. The promises are 250 with a layout, 80 without, 1.7 times as fast with two processes, and 300 MB.
"""

from __future__ import annotations

import gzip
import os
import re
import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from reex_crawler import ingest
from reex_crawler.archive import files
from reex_crawler.archive.exchange import Exchange
from reex_crawler.archive.reader import Archive
from reex_crawler.archive.writer import Writer
from reex_crawler.records import Page
from reex_crawler.replay.inputs import note_of
from reex_crawler.replay.reextract import reextract
from reex_crawler.storage.exclusive import exclusive
from reex_crawler.storage.fetches import Choice
from reex_crawler.storage.session import transaction
from tests.benchmarks.extraction import FACTS, THEMES, Kind, articles
from tests.replica import Options

AT_ONCE = 100


def fresh(kind: Kind, pages: int) -> Iterator[Page]:
    """So many pages, each of an article of its own."""
    endless = (page for number in count() for page, *_ in kind.renewed(number))
    for number, page in enumerate(islice(endless, pages)):
        yield Page(
            url=page.url,
            final_url=page.final_url,
            status=page.status,
            # WordPress names the article's number in the header Link as well.
            headers=tuple((name, value) for name, value in page.headers if name != "Link"),
            body=_renumbered(page.body, 100_000 + number),
            fetched_at=datetime(2026, 2, 20, tzinfo=UTC) + timedelta(seconds=number),
        )


def _renumbered(body: bytes, post_id: int) -> bytes:
    found = re.search(rb"(?:postid|post)-(\d+)", body)
    return body.replace(found[1], str(post_id).encode()) if found else body


def fill(folder: Path, pages: Iterator[Page]) -> None:
    """An archive and a database that hold these pages, as a crawl leaves them."""
    files.prepare(folder / "warc")
    writer = Writer(folder / "warc", {"software": "benchmark"})
    with exclusive(make_url(f"sqlite:///{folder / 'reex.db'}")) as bind:
        while some := list(islice(pages, AT_ONCE)):
            with transaction(bind) as session:
                for page in some:
                    headers = tuple((name.encode(), value.encode("latin-1")) for name, value in page.headers)
                    record = writer.exchange(
                        Exchange(
                            url=page.url,
                            method="GET",
                            request_headers=(),
                            protocol="HTTP/1.1",
                            status=200,
                            reason=b"OK",
                            headers=(*headers, (b"Content-Encoding", b"gzip")),
                            body=gzip.compress(page.body, 6),
                            ip_address=None,
                            received_at=page.fetched_at,
                        )
                    )
                    kept = Page(**{name: getattr(page, name) for name in page.__slots__} | {"record": record})
                    note = note_of(kept, parts=(), listed=None, why=None, run_id=None)
                    place = writer.note(note) if note else None
                    ingest.store(session, ingest.read(kept, FACTS), pages=(kept,), note=place)
                writer.sync()
    writer.close()


@dataclass
class Used:
    """What the processes that read have used, as the system tells of each while it lives."""

    cpu: dict[str, float] = field(default_factory=dict)
    memory: float = 0
    """The most of one process, in MB."""

    def look(self, *_: int) -> None:
        """Look at this process and all that descend from it."""
        family = {str(os.getpid())}
        told = dict(_processes())
        while further := {pid for pid, fields in told.items() if fields[1] in family} - family:
            family |= further
        for pid in family & told.keys():
            self.cpu[pid] = (int(told[pid][11]) + int(told[pid][12])) / os.sysconf("SC_CLK_TCK")
            with suppress(OSError):
                peak = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
                self.memory = max(self.memory, int(peak[1]) / 1024 if peak else 0)


def _processes() -> Iterator[tuple[str, list[str]]]:
    """The number of each process that lives, and what stands behind its name in ``/proc/PID/stat``."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            yield path.parent.name, path.read_text().rpartition(") ")[2].split()


def reread(folder: Path, workers: int) -> tuple[int, float, float, float]:
    """Pages, CPU and wall seconds, and the most memory of one process in MB."""
    used = Used()
    used.look()
    before = sum(used.cpu.values())
    began = time.monotonic()
    with exclusive(make_url(f"sqlite:///{folder / 'reex.db'}")) as bind:
        done = reextract(
            bind, Archive(folder / "warc"), FACTS, Choice(), workers=workers, dry_run=False, progress=used.look
        )
    wall = time.monotonic() - began
    used.look()
    assert done.changed == 0, "what is read again must read the same"
    return done.pages, sum(used.cpu.values()) - before, wall, used.memory


@click.command()
@click.option("--pages", default=1000, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--layout/--no-layout", default=True)
def main(pages: int, rounds: int, *, layout: bool) -> None:
    name = "a known layout" if layout else "no layout"
    made = [articles(Options(theme=theme, rest="closed", gzip=False), layout=layout) for theme in THEMES]
    kind = Kind(name, tuple(article for some in made for article in some))
    # Each measure is a process of its own, so that the memory of one is not that of another.
    apart = ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1)
    with tempfile.TemporaryDirectory() as temporary, apart as pool:
        folder = Path(temporary)
        fill(folder, fresh(kind, pages))
        gains = []
        for _ in range(rounds):
            walls = []
            for workers in (1, 2):
                count_read, cpu, wall, memory = pool.submit(reread, folder, workers).result()
                walls.append(wall)
                click.echo(
                    f"{name}, {workers} process{'es' if workers > 1 else ''}: {count_read / cpu:.0f} pages in a CPU second, "
                    f"{wall:.1f} s, {memory:.0f} MB at most"
                )
            gains.append(walls[0] / walls[1])
    click.echo(f"two processes are {statistics.median(gains):.2f} times as fast as one")


if __name__ == "__main__":
    main()
