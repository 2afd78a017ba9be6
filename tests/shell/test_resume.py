"""A crawl that is killed or stopped at any instant loses at most the page in flight, and the next run goes on."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import URL

from reex_crawler.storage.models import ArticleRow, CommentRow, CrawlRunRow, RevisionRow
from reex_crawler.storage.session import make_engine, reading
from tests.replica import running
from tests.replica.answer import Answer, Request
from tests.shell.running import scrapy, start
from tests.shell.smaller import shrink
from tests.shell.test_crawl import pages, path_of, rows, stored, visible

Watch = Callable[[Request], Answer | None]
KILLS = 10
COUNT = 24


class EveryRequest(Mapping[str, Watch]):
    """The faults of a replica: one and the same for whatever is asked."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def __getitem__(self, path: str) -> Watch:
        return self.watch

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def full(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def post_ids(url: URL) -> list[int | None]:
    engine = make_engine(url)
    with reading(engine) as session:
        found = list(session.scalars(select(ArticleRow.post_id)))
    engine.dispose()
    return found


def test_after_ten_kills_at_random_instants_one_run_completes_the_archive(database_url: URL) -> None:
    seed = random.SystemRandom().randrange(10**9)
    print(f"seed {seed}")  # noqa: T201 - pytest shows it where the test fails
    chance = random.Random(seed)
    crawls: list[subprocess.Popen[str]] = []
    countdown = [0]

    def watch(_: Request) -> None:
        countdown[0] -= 1
        if countdown[0] == 0:
            # Before the answer is sent, or at any point of what the crawl does with it and with those after it.
            Timer(chance.choice((0, chance.uniform(0, 0.4))), crawls[-1].kill).start()

    with running(rest="closed", feed_size=5, sitemap_size=10, faults=EveryRequest(watch)) as replica:
        shrink(replica, COUNT)
        before: set[int | None] = set()
        asked_again: list[str] = []
        for _ in range(KILLS):
            replica.log.clear()
            countdown[0] = chance.randint(1, 9)
            crawls.append(start("crawl", "backfill", site=replica.url, database=full(database_url)))
            crawls[-1].communicate()
            found = post_ids(database_url)
            assert len(found) == len(set(found))
            assert before <= set(found)
            asked = pages(replica.asked())
            known = {path_of(truth) for truth in replica.site.truths() if truth.post_id in before}
            assert not known & set(asked), "what is stored is not asked again"
            # One page may be lost, and this run's last answer may never have left the site.
            assert len(found) - len(before) >= len(asked) - 1
            before = set(found)
            asked_again += asked
        replica.log.clear()
        done = scrapy("crawl", "backfill", site=replica.url, database=full(database_url))
        asked_again += pages(replica.asked())
        articles = replica.site.truths()
    assert done.returncode == 0, done.stderr
    assert sorted(post_ids(database_url)) == sorted(truth.post_id for truth in articles)
    assert len(asked_again) <= COUNT + KILLS
    assert_true(database_url, comments=sum(len(truth.visible_comments) for truth in articles))


def assert_true(url: URL, *, comments: int) -> None:
    """Each article has one revision, each comment is there once, and each killed run is known as such."""
    engine = make_engine(url)
    with reading(engine) as session:
        revisions = session.scalar(select(func.count()).select_from(RevisionRow))
        articles = session.scalar(select(func.count()).select_from(ArticleRow))
        found = list(session.scalars(select(CommentRow.comment_id)))
        outcomes = [str(outcome) for outcome in session.scalars(select(CrawlRunRow.outcome).order_by(CrawlRunRow.id))]
    engine.dispose()
    assert revisions == articles == COUNT
    assert len(found) == len(set(found)) == comments
    assert set(outcomes[:-1]) <= {"killed", "done"}
    assert outcomes[-1] == "done"


@pytest.mark.parametrize("where", ["robots.txt", "a sitemap", "a REST collection", "an article", "a page of comments"])
def test_sigterm_ends_a_crawl_whatever_it_waits_for_and_leaves_the_database_whole(tmp_path: Path, where: str) -> None:
    database = tmp_path / "reex.db"
    crawls: list[subprocess.Popen[str]] = []
    hung: list[str] = []
    begins = {
        "robots.txt": "/robots.txt",
        "a sitemap": "/news-archive-sitemap",
        "a REST collection": "/wp-json/",
        "an article": "/news/",
        "a page of comments": "comment-page-",
    }[where]

    def hangs(request: Request) -> None:
        articles = len(pages(replica.asked()))
        late = where in {"robots.txt", "a sitemap", "a REST collection"} or articles >= 3
        if begins in request.path and late and not hung:
            hung.append(request.path)
            crawls[0].send_signal(signal.SIGTERM)
            # No answer before the crawl has ended; what takes longer than the promise is a failure.
            crawls[0].wait(timeout=30)

    with running(rest="closed", comments_per_page=1, faults=EveryRequest(hangs)) as replica:
        shrink(replica, COUNT)
        crawls.append(start("crawl", "backfill", site=replica.url, database=database))
        _, said = crawls[0].communicate()
        some = stored(database)
        asked = len(pages(replica.asked()))
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        everything = visible(replica)
    assert len(hung) == 1
    assert crawls[0].returncode == 130
    assert "Traceback" not in said
    assert len(some) >= asked - 1
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert rows(database, "SELECT outcome, exit_code FROM crawl_runs") == [("interrupted", 130), ("done", 0)]
    assert done.returncode == 0, done.stderr
    assert stored(database) == everything
