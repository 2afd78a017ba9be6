"""``reex crawl`` as a crontab starts it: one run at a time, one page, one exit code, and whole databases."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, func, inspect, select, text
from sqlalchemy.engine import URL

from reex_crawler.storage.models import ArticleRow, CrawlRunRow, ResourceRow
from reex_crawler.storage.session import make_engine, reading, transaction
from tests import postgres
from tests.replica import Replica, running
from tests.replica.answer import Answer, Request, html
from tests.shell import site as simple
from tests.shell.running import ROOT, reex_crawl, scrapy, start_reex_crawl
from tests.shell.test_crawl import pages, path_of, rows, stored, visible


def full(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def runs(url: URL) -> list[tuple[str, str, int | None]]:
    """Spider, outcome and exit code of each run, the first one first."""
    engine = make_engine(url)
    with reading(engine) as session:
        found = session.execute(
            select(CrawlRunRow.spider, CrawlRunRow.outcome, CrawlRunRow.exit_code).order_by(CrawlRunRow.id)
        )
        listed = [(spider, str(outcome), code) for spider, outcome, code in found]
    engine.dispose()
    return listed


def post_ids(url: URL) -> list[int | None]:
    engine = make_engine(url)
    with reading(engine) as session:
        found = list(session.scalars(select(ArticleRow.post_id)))
    engine.dispose()
    return found


def part(report: str, spider: str) -> dict[str, str]:
    """The lines of a report on one spider, by their labels; how it ended is the one without a label."""
    lines = iter(report.splitlines())
    ending = next(line for line in lines if line.startswith(f"{spider}: "))
    found = {"": ending.removeprefix(f"{spider}: ")}
    for line in lines:
        if not line.startswith("  "):
            break
        if label := line[2:13].strip():
            found[label] = line[14:]
    return found


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with running(rest="open") as served:
        yield served


@pytest.fixture
def nth_page(replica: Replica) -> str:
    """The path of an article in the middle of a backfill."""
    return path_of(replica.site.truths()[10])


def test_the_report_is_one_page_of_plain_text_and_nothing_else_is_printed(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="open") as replica:
        done = reex_crawl("backfill", "-a", "order=oldest", site=replica.url, database=database)
        asked, articles = len(replica.log), len(visible(replica))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.replace("\n", "").isprintable()
    said = part(done.stdout, "backfill")
    assert said[""] == "done"
    assert said["asked for"] == "order=oldest"
    assert said["articles"] == f"{articles} new, 0 revised, 0 unchanged, 0 gone"
    assert said["comments"] == f"{len(rows(database, 'SELECT id FROM comments'))} new"
    assert re.fullmatch(rf"{asked} in (\d+ min )?\d+ s", said["requests"])
    set_aside = len(rows(database, "SELECT id FROM quarantine"))
    assert said["set aside"] == f"{set_aside} password"
    assert said["waiting"] == "nothing"
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC http\S+ \((revisit|retry)\)", said["next due"])
    assert done.stdout.splitlines()[-1] == "exit code 0: done"
    assert len(done.stdout.splitlines()) < 25


def test_several_spiders_run_one_after_the_other_and_latest_is_what_runs_by_default(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="open") as replica:
        done = reex_crawl("backfill", "latest", "-a", "max_articles=3", site=replica.url, database=database)
        again = reex_crawl(site=replica.url, database=database)
    assert (done.returncode, again.returncode) == (0, 0), done.stderr + again.stderr
    assert done.stdout.index("backfill: done") < done.stdout.index("latest: done")
    assert again.stdout.startswith("latest: done")
    assert rows(database, "SELECT spider, outcome FROM crawl_runs ORDER BY id") == [
        ("backfill", "done"),
        ("latest", "done"),
        ("latest", "done"),
    ]


def test_it_needs_no_project_around_it(tmp_path: Path) -> None:
    with running(rest="open") as replica:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("REEX_", "SCRAPY_"))}
        done = subprocess.run(
            [*reex_crawl_command(), "-a", "max_articles=1", "-s", "DOWNLOAD_DELAY=0"],
            cwd=tmp_path,
            env=inherited | {"REEX_SITE_URL": replica.url, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "data" / "reex.db").is_file()


def reex_crawl_command() -> list[str]:
    return [sys.executable, "-m", "reex_crawler", "crawl"]


@pytest.mark.parametrize("second", [reex_crawl, scrapy], ids=["reex", "scrapy"])
def test_of_two_runs_on_one_database_one_works_and_the_other_leaves_with_75(
    empty_database_url: URL, nth_page: str, second: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    turned_away: list[subprocess.CompletedProcess[str]] = []
    backfill = ("backfill", "-a", "max_articles=12")
    arguments = ("crawl", *backfill) if second is scrapy else backfill

    def starts_another(_: Request) -> None:
        if not turned_away:
            turned_away.append(second(*arguments, site=replica.url, database=full(empty_database_url)))

    with running(rest="open", faults={nth_page: starts_another}) as replica:
        first = reex_crawl(*backfill, site=replica.url, database=full(empty_database_url))
        asked = pages(replica.asked())
    [other] = turned_away
    assert (first.returncode, other.returncode) == (0, 75), first.stderr + other.stderr
    assert other.stdout == ""
    [line] = [line for line in other.stderr.splitlines() if "another run" in line]
    assert str(empty_database_url.database) in line
    assert second is scrapy or other.stderr == f"{line}\n"
    assert len(asked) == len(set(asked)) == 12
    found = post_ids(empty_database_url)
    assert 10 <= len(found) == len(set(found)) <= 12
    assert runs(empty_database_url) == [("backfill", "done", 0)]


def test_a_killed_run_leaves_no_lock_and_the_next_one_says_that_it_was_killed(
    empty_database_url: URL, nth_page: str
) -> None:
    crawls: list[subprocess.Popen[str]] = []
    with running(rest="open", faults={nth_page: lambda _: crawls.pop().kill() if crawls else None}) as replica:
        crawls.append(killed := start_reex_crawl("backfill", site=replica.url, database=full(empty_database_url)))
        killed.communicate()
        before = post_ids(empty_database_url)
        done = reex_crawl("backfill", site=replica.url, database=full(empty_database_url))
    assert killed.returncode == -signal.SIGKILL
    assert done.returncode == 0, done.stderr
    assert 0 < len(before) < len(visible(replica))
    assert sorted(post_ids(empty_database_url)) == sorted(visible(replica))
    assert runs(empty_database_url) == [("backfill", "killed", None), ("backfill", "done", 0)]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl-C"])
def test_a_signal_ends_a_run_at_once_while_the_site_hangs(
    empty_database_url: URL, nth_page: str, number: signal.Signals
) -> None:
    crawls: list[subprocess.Popen[str]] = []

    def hangs(_: Request) -> None:
        crawls[0].send_signal(number)
        # No answer before the crawl has ended; what takes longer than a request may is a failure.
        crawls[0].wait(timeout=25)

    with running(rest="open", faults={nth_page: hangs}) as replica:
        crawls.append(start_reex_crawl("backfill", "latest", site=replica.url, database=full(empty_database_url)))
        out, err = crawls[0].communicate()
    assert crawls[0].returncode == 130
    assert "Traceback" not in err
    assert part(out, "backfill")[""].startswith("interrupted")
    assert "latest: not started" in out
    assert out.splitlines()[-1] == "exit code 130: interrupted"
    assert runs(empty_database_url) == [("backfill", "interrupted", 130)]
    found = post_ids(empty_database_url)
    assert 0 < len(found) == len(set(found)) < len(visible(replica))


@contextmanager
def nobody_else_writes(url: URL) -> Iterator[None]:
    """Another program keeps the database to itself; it may be read."""
    engine = create_engine(url)
    with engine.connect() as other:
        exclusive = url.get_backend_name() == "sqlite"
        other.exec_driver_sql("BEGIN IMMEDIATE" if exclusive else "LOCK TABLE crawl_runs IN EXCLUSIVE MODE")
        yield
    engine.dispose()


def test_a_signal_ends_a_run_while_the_database_is_locked(empty_database_url: URL, nth_page: str) -> None:
    crawls: list[subprocess.Popen[str]] = []
    with ExitStack() as locked:

        def hangs(_: Request) -> None:
            locked.enter_context(nobody_else_writes(empty_database_url))
            crawls[0].send_signal(signal.SIGTERM)
            # What docs/operations.md promises.
            crawls[0].wait(timeout=30)

        with running(rest="open", faults={nth_page: hangs}) as replica:
            crawls.append(start_reex_crawl("backfill", site=replica.url, database=full(empty_database_url)))
            out, err = crawls[0].communicate()
    assert crawls[0].returncode == 130
    assert "Traceback" not in err
    assert part(out, "backfill")[""].startswith("interrupted")
    # That it ended could not be noted; the next run will.
    assert runs(empty_database_url) == [("backfill", "running", None)]


def test_a_run_that_loses_its_connection_and_with_it_the_lock_does_no_more(postgres_server: URL, nth_page: str) -> None:
    with postgres.database(postgres_server) as url:
        ended: list[int] = []

        def loses(_: Request) -> None:
            if not ended:
                ended.append(end_connections(url))

        with running(rest="open", faults={nth_page: loses}) as replica:
            lost = reex_crawl("backfill", site=replica.url, database=full(url))
            asked, before = pages(replica.asked()), post_ids(url)
            done = reex_crawl("backfill", site=replica.url, database=full(url))
        assert ended[0] > 0
        assert lost.returncode == 4
        [line] = lost.stderr.splitlines()
        assert "stopped the work" in line or "cannot be reached" in line
        assert asked[-1] == nth_page
        assert 0 < len(before) < len(visible(replica))
        assert done.returncode == 0, done.stderr
        assert sorted(post_ids(url)) == sorted(visible(replica))
        assert runs(url) == [("backfill", "killed", None), ("backfill", "done", 0)]


def end_connections(url: URL) -> int:
    """What a restart of the server does to those who are connected; gives their number."""
    engine = make_engine(url)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with transaction(engine) as session:
        ended = session.scalars(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")).all()
    engine.dispose()
    return len(ended)


def test_a_dry_run_shows_what_would_be_asked_and_makes_no_database(tmp_path: Path) -> None:
    database = tmp_path / "data" / "reex.db"
    with running(rest="open") as replica:
        done = reex_crawl("backfill", "--dry-run", site=replica.url, database=database)
        asked, requests = pages(replica.asked()), len(replica.log)
    assert done.returncode == 0, done.stderr
    assert asked == []
    assert list(tmp_path.iterdir()) == []
    planned = [line.split("\t") for line in done.stdout.splitlines()]
    # The sitemap names pages behind a password as well.
    assert {urlsplit(url.lower()).path for url, _ in planned} >= {path_of(truth) for truth in replica.site.truths()}
    assert {why for _, why in planned} == {"new"}
    count = len(planned)
    assert done.stderr == f"{count} article pages would be asked; {requests} requests were made to learn that\n"


def test_a_dry_run_on_a_database_without_tables_makes_none(empty_database_url: URL) -> None:
    with running(rest="open") as replica:
        done = reex_crawl("backfill", "--dry-run", site=replica.url, database=full(empty_database_url))
        asked = pages(replica.asked())
    assert (done.returncode, asked) == (0, []), done.stderr
    assert len(done.stdout.splitlines()) >= len(visible(replica))
    engine = make_engine(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_dry_run_leaves_a_database_as_it_was(database_url: URL) -> None:
    with running(rest="open") as replica:
        reex_crawl("backfill", "-a", "max_articles=3", site=replica.url, database=full(database_url))
        before = contents(database_url)
        done = reex_crawl("backfill", "--dry-run", site=replica.url, database=full(database_url))
    assert done.returncode == 0, done.stderr
    planned = {line.split("\t")[0] for line in done.stdout.splitlines()}
    assert planned == {url for url, state, *_ in before["addresses"] if state == "new"}
    assert contents(database_url) == before


def contents(url: URL) -> dict[str, Any]:
    """What a dry run could change by mistake."""
    engine = make_engine(url)
    with reading(engine) as session:
        addresses = select(ResourceRow.url, ResourceRow.state, ResourceRow.next_due_at, ResourceRow.last_fetched_at)
        found = {
            "addresses": session.execute(addresses.order_by(ResourceRow.id)).all(),
            "runs": session.scalar(select(func.count(CrawlRunRow.id))),
            "articles": session.scalar(select(func.count(ArticleRow.id))),
        }
    engine.dispose()
    return found


def test_a_run_that_may_take_no_longer_stops_without_failing_and_the_next_goes_on(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="open") as replica:
        arguments = ("backfill", "latest", "--max-minutes", "0.0001")
        done = reex_crawl(*arguments, site=replica.url, database=database)
        some = stored(database) if database.exists() else set()
        last = reex_crawl("backfill", site=replica.url, database=database)
        everything = visible(replica)
    assert (done.returncode, last.returncode) == (0, 0), done.stderr + last.stderr
    assert part(done.stdout, "backfill")[""].startswith("stopped when the time was up")
    assert "latest: not started" in done.stdout
    assert len(some) < len(everything)
    assert stored(database) == everything
    assert rows(database, "SELECT exit_code FROM crawl_runs") == [0, 0]


def test_the_log_is_appended_to_a_file_and_kept_from_the_terminal(tmp_path: Path) -> None:
    log = tmp_path / "crawl.log"
    with running(rest="open") as replica:
        for _ in range(2):
            arguments = ("-a", "max_articles=1", "--log-file", str(log))
            done = reex_crawl(*arguments, site=replica.url, database=tmp_path / "reex.db")
            assert (done.returncode, done.stderr) == (0, "")
    assert log.read_text(encoding="utf-8").count("Spider opened") == 2


def test_with_v_the_log_goes_to_stderr_and_the_report_to_stdout(tmp_path: Path) -> None:
    with running(rest="open") as replica:
        done = reex_crawl("-v", "-a", "max_articles=1", site=replica.url, database=tmp_path / "reex.db")
    assert "INFO: Spider opened" in done.stderr
    assert done.stdout.startswith("latest: done\n")
    assert "articles seen" not in done.stderr


def test_of_many_failing_pages_the_first_ten_are_named(tmp_path: Path) -> None:
    with running() as plain:
        paths = [path_of(truth) for truth in plain.site.truths()[:24:2]]

    def fails(_: Request) -> Answer:
        return html("not now", status=404 + 50)

    with running(rest="open", faults=dict.fromkeys(paths, fails)) as replica:
        done = reex_crawl("backfill", site=replica.url, database=tmp_path / "reex.db")
    assert done.returncode == 1
    assert done.stderr == ""
    said = part(done.stdout, "backfill")
    assert said[""] == "done, but some pages failed"
    assert said["failed"] == "12 http-454"
    named = [line for line in done.stdout.splitlines() if line.endswith(" answers 454")]
    assert len(named) == 10
    set_aside = int(said["set aside"].split()[0])
    assert f"and {2 + set_aside} more: reex status" in done.stdout
    assert done.stdout.splitlines()[-1] == "exit code 1: something failed"


def test_a_closed_listing_is_named(tmp_path: Path) -> None:
    with running(rest="closed") as replica:
        done = reex_crawl("backfill", "-a", "max_articles=1", site=replica.url, database=tmp_path / "reex.db")
    assert done.returncode == 0
    assert part(done.stdout, "backfill")["listings"].endswith("closed or broken")
    assert "/wp-json/wp/v2/news-archive" in done.stdout


def test_a_site_that_refuses_ends_the_run_before_the_next_spider(tmp_path: Path) -> None:
    with simple.running({"/robots.txt": simple.Answer(status=503)}) as site:
        done = reex_crawl("latest", "backfill", site=site.url, database=tmp_path / "reex.db")
    assert set(site.asked) == {"/robots.txt"}
    assert done.returncode == 3
    [line] = done.stderr.splitlines()
    assert line.startswith("reex: error: ")
    assert "/robots.txt answers 503" in line
    assert part(done.stdout, "latest")[""] == "stopped, since the site refuses to be read"
    assert "backfill: not started" in done.stdout
    assert done.stdout.splitlines()[-1] == "exit code 3: the site refuses"


def test_a_feed_that_cannot_be_written_is_one_line_and_nothing_is_asked(tmp_path: Path) -> None:
    feeds = ("-s", "FEEDS=" + json.dumps({"/proc/articles.jsonl": {"format": "jsonlines"}}))
    with simple.running() as site:
        done = reex_crawl(*feeds, site=site.url, database=tmp_path / "reex.db")
    assert site.asked == []
    assert (done.returncode, done.stdout) == (2, "")
    [line] = done.stderr.splitlines()
    assert line.startswith("reex: error: the file /proc/articles.jsonl cannot be written: ")


def test_a_database_that_cannot_be_used_is_one_line_and_nothing_is_asked(tmp_path: Path) -> None:
    (tmp_path / "reex.db").write_text("this is no database, whatever its name says", encoding="utf-8")
    with simple.running() as site:
        done = reex_crawl(site=site.url, database=tmp_path / "reex.db")
    assert site.asked == []
    assert done.returncode == 4
    [line] = done.stderr.splitlines()
    assert "is no SQLite database" in line
    assert done.stdout.splitlines()[-1] == "exit code 4: the database failed"


@pytest.mark.parametrize("verbose", [False, True])
def test_a_component_that_cannot_be_made_is_one_line_and_its_traceback_is_for_the_log(
    tmp_path: Path, *, verbose: bool
) -> None:
    broken = ("-s", "ITEM_PIPELINES=" + json.dumps({"reex_crawler.nowhere.Pipeline": 1}), *(["-v"] * verbose))
    done = reex_crawl("latest", "backfill", *broken, site="http://127.0.0.1:9", database=tmp_path / "reex.db")
    assert done.returncode == 1
    assert done.stdout == "latest: could not be started\nbackfill: not started\nexit code 1: something failed\n"
    assert ("Traceback" in done.stderr) is verbose
    if not verbose:
        [line] = done.stderr.splitlines()
        assert line == (
            "reex: error: latest cannot be started: ModuleNotFoundError: No module named 'reex_crawler.nowhere'"
        )
