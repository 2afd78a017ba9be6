"""The raw archive of a crawl that is killed again and again holds every answer that has a row, whole and once."""

from __future__ import annotations

import gzip
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path
from threading import Timer

from sqlalchemy import func, select
from sqlalchemy.engine import URL

from reex_crawler.archive.members import Member, members
from reex_crawler.archive.reader import ANSWERS, Archive, Raw
from reex_crawler.storage.models import FetchRow
from reex_crawler.storage.session import make_engine, reading
from tests.replica import running
from tests.replica.answer import Request
from tests.shell.running import reex, scrapy, start
from tests.shell.smaller import shrink
from tests.shell.test_resume import COUNT, KILLS, EveryRequest, full


def test_after_ten_kills_and_one_run_members_are_records_and_answers_are_rows(
    database_url: URL, tmp_path: Path
) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it where the test fails
    chance = random.Random(seed)
    folder = tmp_path / "warc"
    crawls: list[subprocess.Popen[str]] = []
    countdown = [0]

    def watch(_: Request) -> None:
        countdown[0] -= 1
        if countdown[0] == 0:
            Timer(chance.choice((0, chance.uniform(0, 0.4))), crawls[-1].kill).start()

    with running(comments_per_page=2, feed_size=5, sitemap_size=10, faults=EveryRequest(watch)) as replica:
        shrink(replica, COUNT)
        environ = {"site": replica.url, "database": full(database_url), "REEX_ARCHIVE_DIR": str(folder)}
        for _ in range(KILLS):
            countdown[0] = chance.randint(1, 12)
            crawls.append(start("crawl", "backfill", **environ))
            crawls[-1].communicate()
        between = reex("verify", **environ)
        done = scrapy("crawl", "backfill", **environ)
        verified = reex("verify", **environ)
    assert done.returncode == 0, done.stderr
    assert (between.returncode, verified.returncode) == (0, 0), (between.stdout, verified.stdout)
    assert verified.stderr == ""
    assert sorted(folder.iterdir()) == sorted(folder.glob("reex-*.warc.gz"))
    assert_true(folder, rows_of(database_url))
    checked = subprocess.run(
        [Path(sys.executable).with_name("warcio"), "check", *sorted(folder.iterdir())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, ""), checked


def rows_of(url: URL) -> int:
    engine = make_engine(url)
    with reading(engine) as session:
        count = session.scalar(select(func.count()).where(FetchRow.record_id.is_not(None)))
    engine.dispose()
    return count or 0


def assert_true(folder: Path, rows: int) -> None:
    """Every member is a record, every record is there once, and of the answers each has its row."""
    archive = Archive(folder)
    records = [record for name in archive.files() for record in archive.records(name)]
    assert all(isinstance(record, Raw) for record in records)
    found = [record for record in records if isinstance(record, Raw)]
    whole = 0
    for name in archive.files():
        with (folder / name).open("rb") as stream:
            whole += sum(isinstance(one, Member) for one in members(stream))
        gzip.decompress((folder / name).read_bytes())
    assert whole == len(found)
    assert max(Counter(record.record_id for record in found).values()) == 1
    assert sum(record.kind in ANSWERS for record in found) == rows
