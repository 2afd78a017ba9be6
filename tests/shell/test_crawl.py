"""Whole crawls of the replica, as a user starts them."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.replica import Replica, running
from tests.replica.answer import Answer, Request, html, moved
from tests.replica.truth import ArticleTruth
from tests.shell import site as simple
from tests.shell.running import errors, scrapy, start


def rows(database: Path, sql: str) -> list[Any]:
    with closing(sqlite3.connect(database)) as connection:
        found = connection.execute(sql).fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def stored(database: Path) -> set[int]:
    return set(rows(database, "SELECT post_id FROM articles"))


def visible(replica: Replica) -> set[int]:
    return {truth.post_id for truth in replica.site.truths()}


def counts(done: subprocess.CompletedProcess[str]) -> dict[str, int]:
    [line] = [line for line in done.stderr.splitlines() if "articles seen" in line]
    return {name: int(count) for count, name in re.findall(r"(\d+) (new|revised|unchanged|failed|quarantined)", line)}


def path_of(truth: ArticleTruth) -> str:
    return urlsplit(truth.url).path


def pages(targets: Sequence[str]) -> list[str]:
    """What was asked of articles, without their further pages."""
    return [
        target
        for target in targets
        if re.fullmatch(r"/(?:news|podcast)/[^/]+/", target) and not target.endswith("/feed/")
    ]


@dataclass(frozen=True)
class Crawl:
    replica: Replica
    database: Path
    exported: Path
    done: subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def backfill(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawl]:
    folder = tmp_path_factory.mktemp("backfill")
    with running() as replica:
        database, exported = folder / "reex.db", folder / "out.jsonl"
        done = scrapy("crawl", "backfill", "-O", str(exported), site=replica.url, database=database)
        yield Crawl(replica, database, exported, done)


def test_a_backfill_stores_every_visible_article_and_nothing_hidden(backfill: Crawl) -> None:
    assert backfill.done.returncode == 0, backfill.done.stderr
    assert errors(backfill.done) == []
    assert stored(backfill.database) == visible(backfill.replica)


def test_each_article_page_is_asked_once(backfill: Crawl) -> None:
    asked = pages(backfill.replica.asked())
    assert sorted(asked) == sorted(set(asked))


def test_only_articles_their_parts_and_listings_are_asked(backfill: Crawl) -> None:
    allowed = re.compile(
        r"/robots\.txt|/[\w-]*sitemap[\w-]*\.xml|/wp-json/wp/v2/(?:news-archive|podcast|comments)\?.*"
        r"|/(?:news|podcast)/[^/?]+/(?:comment-page-\d+/|\d+/)?|/(?:(?:news|podcast)/)?feed/(?:\?paged=\d+)?"
    )
    assert [target for target in backfill.replica.asked() if not allowed.fullmatch(target)] == []


def test_every_request_says_who_asks(backfill: Crawl) -> None:
    agents = {entry.headers["user-agent"] for entry in backfill.replica.log}
    assert len(agents) == 1
    assert agents.pop().startswith("reex_crawler/")
    assert not any({"cookie", "referer", "authorization"} & entry.headers.keys() for entry in backfill.replica.log)


def test_the_export_holds_the_same_articles_one_json_object_a_line(backfill: Crawl) -> None:
    lines = [json.loads(line) for line in backfill.exported.read_text(encoding="utf-8").splitlines()]
    assert {line["post_id"] for line in lines} == visible(backfill.replica)
    assert all({"url", "title", "published", "body", "comments", "sources"} <= line.keys() for line in lines)
    assert all("page" not in line for line in lines)


def test_the_run_is_a_row_with_its_counts(backfill: Crawl) -> None:
    [(spider, outcome, code, stats)] = rows(
        backfill.database, "SELECT spider, outcome, exit_code, stats FROM crawl_runs"
    )
    assert (spider, outcome, code) == ("backfill", "done", 0)
    assert json.loads(stats)["reex/articles_new"] == len(visible(backfill.replica))


def test_the_summary_says_what_was_seen(backfill: Crawl) -> None:
    found = counts(backfill.done)
    assert found["new"] == len(visible(backfill.replica))
    assert found["failed"] == 0


def test_each_address_keeps_which_listing_named_it(backfill: Crawl) -> None:
    sources = rows(backfill.database, "SELECT DISTINCT source FROM listings")
    assert "sitemap" in sources
    assert len(rows(backfill.database, "SELECT resource_id FROM listings")) >= len(visible(backfill.replica))


def test_a_second_crawl_finds_nothing_new_and_makes_no_revision(backfill: Crawl) -> None:
    before = rows(backfill.database, "SELECT count(*) FROM revisions")
    done = scrapy("crawl", "backfill", site=backfill.replica.url, database=backfill.database)
    assert done.returncode == 0
    assert counts(done)["unchanged"] == counts(done)["new"] == counts(done)["revised"] == 0
    assert rows(backfill.database, "SELECT count(*) FROM revisions") == before


@pytest.mark.parametrize(
    "options",
    [
        {"rest": "absent", "sitemap": "core"},
        {"rest": "open", "sitemap": "none", "feed": "absent"},
        {"rest": "closed", "sitemap": "none", "feed": "broken"},
    ],
    ids=lambda options: " ".join(f"{name}={value}" for name, value in options.items()),
)
def test_every_article_is_found_by_what_is_open(tmp_path: Path, options: dict[str, Any]) -> None:
    database = tmp_path / "reex.db"
    with running(**options) as replica:
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        # Episodes of the podcast are no news: REST and feed of the news do not name them.
        news = {truth.post_id for truth in replica.site.truths() if "/news/" in path_of(truth)}
    assert done.returncode == 0, done.stderr
    assert stored(database) >= news
    assert stored(database) <= visible(replica)


def test_latest_reads_the_feed_and_not_the_whole_site(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="open") as replica:
        done = scrapy("crawl", "latest", site=replica.url, database=database)
        newest = [truth.post_id for truth in replica.site.truths() if "/news/" in path_of(truth)][:8]
        asked = pages(replica.asked())
    assert done.returncode == 0
    assert stored(database) >= set(newest)
    assert len(asked) < len(visible(replica))
    assert set(rows(database, "SELECT DISTINCT source FROM listings")) == {"feed", "rest"}


def test_max_articles_is_how_many_article_pages_are_asked(tmp_path: Path) -> None:
    with running() as replica:
        done = scrapy("crawl", "backfill", "-a", "max_articles=3", site=replica.url, database=tmp_path / "reex.db")
        assert len(pages(replica.asked())) == 3
    assert done.returncode == 0


def test_a_window_of_days_holds_only_what_was_published_in_it(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="open") as replica:
        days = sorted(truth.published.date() for truth in replica.site.truths())
        since, until = days[len(days) // 3], days[2 * len(days) // 3]
        done = scrapy(
            "crawl", "backfill", "-a", f"since={since}", "-a", f"until={until}", site=replica.url, database=database
        )
    assert done.returncode == 0
    found = rows(database, "SELECT date(published_at, '-7 hours') FROM articles")
    assert found
    assert all(str(since) <= day <= str(until) for day in found)
    assert len(found) < len(days)


def test_scrapy_parse_shows_an_article_without_a_database(backfill: Crawl, tmp_path: Path) -> None:
    truth = backfill.replica.site.truths()[0]
    database = tmp_path / "none.db"
    done = scrapy("parse", "--nocolour", truth.url, site=backfill.replica.url, database=database)
    assert done.returncode == 0
    assert f"'post_id': {truth.post_id}" in done.stdout
    assert "Traceback" not in done.stderr
    assert not database.exists()


def test_scrapy_shell_fetches_a_page_without_a_database(backfill: Crawl, tmp_path: Path) -> None:
    truth = backfill.replica.site.truths()[0]
    database = tmp_path / "none.db"
    code = "(response.status, spider.name)"
    done = scrapy("shell", "-c", code, truth.url, site=backfill.replica.url, database=database)
    assert "(200, 'latest')" in done.stdout
    assert not database.exists()


@pytest.mark.parametrize("command", ["list", "check"])
def test_scrapy_lists_and_checks_the_spiders_without_a_database(tmp_path: Path, command: str) -> None:
    database = tmp_path / "none.db"
    done = scrapy(command, site="http://127.0.0.1:9", database=database)
    assert done.returncode == 0
    assert not database.exists()
    assert command != "list" or done.stdout.split() == ["backfill", "latest", "recheck"]


def test_a_redirect_to_another_host_is_never_followed(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with simple.running({"/news/stolen/": simple.Answer("<h1>Stolen</h1>")}) as other, running() as plain:
        path = path_of(plain.site.truths()[0])
        with running(faults={path: lambda _: moved(f"{other.url}/news/stolen/")}) as replica:
            done = scrapy("crawl", "backfill", site=replica.url, database=database)
            lost = visible(replica) - stored(database)
    assert other.asked == []
    assert lost == {plain.site.truths()[0].post_id}
    assert done.returncode == 1
    assert "failed: 1 foreign" in done.stderr


def test_after_a_retry_a_redirect_to_another_host_is_not_followed_either(tmp_path: Path) -> None:
    answers: list[str] = []
    with simple.running() as other, running() as plain:
        path = path_of(plain.site.truths()[0])

        def fails_then_leads_away(_: Request) -> Answer:
            answers.append("503" if not answers else "302")
            return html("busy", status=503) if answers == ["503"] else moved(f"{other.url}/news/stolen/")

        with running(faults={path: fails_then_leads_away}) as replica:
            scrapy("crawl", "backfill", "-a", "max_articles=1", site=replica.url, database=tmp_path / "reex.db")
    assert answers == ["503", "302"]
    assert other.asked == []


def test_an_address_that_leads_to_another_article_makes_no_second_row(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as plain:
        gone, other = plain.site.truths()[0], plain.site.truths()[1]
    # REST names the post of each address; a sitemap alone would leave open which article is the wrong one.
    with running(rest="open", faults={path_of(gone): lambda _: moved(path_of(other))}) as replica:
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
    assert done.returncode == 0
    assert stored(database) == visible(replica) - {gone.post_id}
    [url] = rows(database, f"SELECT url FROM articles WHERE post_id = {other.post_id}")
    assert url.endswith(path_of(other))
    [(state, target)] = rows(
        database,
        "SELECT state, final_url FROM resources JOIN fetches ON resource_id = resources.id "
        f"WHERE resources.url LIKE '%{path_of(gone)}'",
    )
    assert state == "gone"
    assert target.endswith(path_of(other))


def test_a_page_that_was_cut_on_its_way_is_asked_again(tmp_path: Path) -> None:
    asked: list[str] = []
    with running() as plain:
        path = path_of(plain.site.truths()[0])

    def cut_at_first(request: Request) -> Answer | None:
        asked.append(request.path)
        whole = plain.site.answer(replace(request, headers={})).body
        return html(whole[: len(whole) // 2].decode("utf-8", "ignore")) if len(asked) == 1 else None

    database = tmp_path / "reex.db"
    with running(faults={path: cut_at_first}) as replica:
        done = scrapy("crawl", "backfill", "-a", "max_articles=1", site=replica.url, database=database)
    assert done.returncode == 0
    assert asked == [path, path]
    assert stored(database) == {plain.site.truths()[0].post_id}
    assert rows(database, "SELECT * FROM quarantine") == []


def test_an_address_that_leads_home_is_no_article(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as plain:
        gone = plain.site.truths()[0]
    with running(faults={path_of(gone): lambda _: moved("/")}) as replica:
        scrapy("crawl", "backfill", "-a", "max_articles=3", site=replica.url, database=database)
    assert gone.post_id not in stored(database)
    assert len(stored(database)) == 2


def test_a_page_that_cannot_be_understood_is_set_aside_and_the_crawl_goes_on(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as plain:
        bad = plain.site.truths()[0]
    with running(
        faults={path_of(bad): lambda _: html("<!doctype html><title>Hold on</title><p>Checking your browser")}
    ) as replica:
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
    assert stored(database) == visible(replica) - {bad.post_id}
    urls = rows(database, "SELECT url FROM quarantine")
    assert any(url.endswith(path_of(bad)) for url in urls)
    assert counts(done)["quarantined"] == len(urls)
    assert errors(done) == []


def test_a_page_that_fails_is_counted_with_its_reason_and_tried_thrice(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as plain:
        bad = plain.site.truths()[0]
    with running(faults={path_of(bad): lambda _: html("error", status=500)}) as replica:
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        assert replica.asked().count(path_of(bad)) == 3
    assert done.returncode == 1
    assert "failed: 1 http-500" in done.stderr
    assert stored(database) == visible(replica) - {bad.post_id}
    [(state, why)] = rows(database, f"SELECT state, last_error FROM resources WHERE url LIKE '%{path_of(bad)}'")
    assert (state, why.endswith("answers 500")) == ("failed", True)


def test_a_closed_collection_is_not_asked_again_for_every_article(tmp_path: Path) -> None:
    with running(rest="closed") as replica:
        scrapy("crawl", "backfill", site=replica.url, database=tmp_path / "reex.db")
        refused = [entry.target for entry in replica.log if entry.status == 401]
    # One for the articles, three for comments, and those that were on their way.
    assert len(refused) <= 6


def test_ctrl_c_ends_a_crawl_with_everything_stored_that_was_read(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    crawls: list[subprocess.Popen[str]] = []
    with running() as plain:
        path = path_of(plain.site.truths()[5])
    with running(faults={path: lambda _: crawls[0].send_signal(signal.SIGINT)}) as replica:
        crawls.append(start("crawl", "backfill", site=replica.url, database=database))
        _, said = crawls[0].communicate()
        assert len(pages(replica.asked())) < len(visible(replica))
    assert crawls[0].returncode == 130
    assert "Traceback" not in said
    assert len(stored(database)) >= 5
    assert rows(database, "SELECT outcome, exit_code FROM crawl_runs") == [("interrupted", 130)]


def test_a_comment_page_that_fails_leaves_the_article_with_an_incomplete_thread(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"

    def paged(replica: Replica) -> list[str]:
        return [target for target in replica.asked() if "/comment-page-" in target]

    with running(comments_per_page=2) as replica:
        scrapy("crawl", "backfill", site=replica.url, database=tmp_path / "whole.db")
        [broken, *_] = paged(replica)
    path = broken.split("comment-page-")[0]
    with running(comments_per_page=2, faults={broken: lambda _: html("error", status=500)}) as replica:
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        assert 1 <= replica.asked().count(broken) <= 3
    assert done.returncode == 0
    assert stored(database) == visible(replica)
    assert rows(database, f"SELECT thread_complete FROM articles WHERE url LIKE '%{path}'") == [0]


def test_a_database_that_fails_halfway_ends_the_crawl_with_one_line(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as plain:
        path = path_of(plain.site.truths()[10])

    def breaks_the_database(_: Request) -> None:
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("ALTER TABLE revisions RENAME TO taken_away")

    with running(faults={path: breaks_the_database}) as replica:
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        assert len(pages(replica.asked())) < len(visible(replica))
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert len(errors(done)) == 1
    assert str(database) in errors(done)[0]
    assert rows(database, "SELECT outcome, exit_code FROM crawl_runs") == [("failed", 4)]
