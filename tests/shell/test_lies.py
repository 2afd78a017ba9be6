"""What a site says that is not so, and what is lost where reading its listings is cut short: nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.replica import Replica, edit, running
from tests.replica.answer import Answer, Request
from tests.replica.truth import Status
from tests.shell.running import scrapy
from tests.shell.smaller import shrink
from tests.shell.test_crawl import pages, rows

NOW = datetime.now(UTC)
ERROR = Answer(500, (("Content-Type", "text/html"),), b"error")


def crawl(spider: str, replica: Replica, database: Path, **environ: str) -> list[str]:
    """Run a spider; gives what it asked for."""
    replica.log.clear()
    done = scrapy("crawl", spider, site=replica.url, database=database, **environ)
    assert done.returncode == 0, done.stderr
    return replica.asked()


def oldest_news(replica: Replica) -> int:
    return [truth.post_id for truth in replica.site.truths() if truth.post_type == "news-archive"][-1]


def overdue(database: Path) -> None:
    """Make every planned visit due."""
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(
            "UPDATE resources SET next_due_at = '2026-01-01 00:00:00+00:00' WHERE due_reason = 'revisit'"
        )


def test_news_of_an_article_waits_behind_no_planned_visit(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="open") as replica:
        shrink(replica, 12)
        crawl("backfill", replica, database)
        overdue(database)
        post_id = oldest_news(replica)
        edit.edit(replica, post_id, "Amended by the editors.")
        crawl("latest", replica, database, REEX_DAILY_REVISITS="0")
    assert "Amended" in rows(database, f"SELECT body FROM articles WHERE post_id = {post_id}")[0]


def test_a_page_of_a_feed_that_failed_is_read_by_the_next_run(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"

    def broken(request: Request) -> Answer | None:
        return ERROR if "paged=2" in request.target else None

    with running(rest="closed", sitemap="none") as replica:
        whole = replica.site
        public = [entry for entry in whole.written if entry.status is Status.PUBLISH]
        replica.site = replace(whole, written=tuple(entry for entry in whole.written if entry not in public[:25]))
        crawl("backfill", replica, database)
        faults = dict.fromkeys(("/news/feed/", "/feed/", "/podcast/feed/"), broken)
        replica.site = replace(whole, options=replace(whole.options, faults=faults))
        crawl("latest", replica, database)
        assert rows(database, "SELECT count(*) FROM articles")[0] < len(whole.truths())
        replica.site = whole
        crawl("latest", replica, database)
    news = [truth for truth in whole.truths() if truth.post_type == "news-archive"]
    assert rows(database, "SELECT count(*) FROM articles WHERE url LIKE '%/news/%'") == [len(news)]


def test_a_collection_that_does_not_count_itself_is_read_to_its_end(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"

    def uncounted(replica: Replica, request: Request) -> Answer:
        found = replica.site.answer(replace(request, headers={}))
        kept = tuple(pair for pair in found.headers if not pair[0].startswith("X-WP-Total"))
        return replace(found, headers=kept)

    with running(rest="open", sitemap="none", feed="absent") as replica:
        plain = replica.site
        bare = Replica(plain)
        faults = {"/wp-json/wp/v2/news-archive": lambda request: uncounted(bare, request)}
        replica.site = replace(plain, options=replace(plain.options, faults=faults))
        crawl("backfill", replica, database)
    assert rows(database, "SELECT count(*) FROM articles") == [len(plain.truths())]


def test_edits_of_months_are_found_after_months_away(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="open") as replica:
        shrink(replica, 12)
        crawl("backfill", replica, database)
        old = oldest_news(replica)
        edit.edit(replica, old, "Amended long ago.", at=NOW - timedelta(days=45))
        asked = crawl("latest", replica, database)
    assert "Amended" in rows(database, f"SELECT body FROM articles WHERE post_id = {old}")[0]
    assert len(pages(asked)) == 1


def test_a_failure_shuts_no_feed(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="closed", sitemap="none") as replica:
        shrink(replica, 6)
        crawl("backfill", replica, database)
        whole = replica.site
        faults = dict.fromkeys(("/news/feed/", "/feed/", "/podcast/feed/"), lambda _: ERROR)
        replica.site = replace(whole, options=replace(whole.options, faults=faults))
        done = scrapy("crawl", "latest", site=replica.url, database=database)
        assert done.returncode == 3
        replica.site = whole
        edit.publish(replica, slug="just-in")
        asked = crawl("latest", replica, database)
    assert "/news/just-in/" in asked


def test_a_site_that_wants_no_listing_asked_yet_is_left_alone(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    later = Answer(503, (("Content-Type", "text/html"), ("Retry-After", "3600")), b"later")
    with running(rest="closed") as replica:
        shrink(replica, 4)
        crawl("backfill", replica, database)
        whole = replica.site
        paths = ("/news/feed/", "/feed/", "/podcast/feed/", "/comments/feed/", "/sitemap_index.xml")
        usual = ("/wp-sitemap.xml", "/sitemap.xml", "/wp-json/wp/v2/comments", "/wp-json/wp/v2/news-archive")
        faults = dict.fromkeys((*paths, *usual), lambda _: later)
        replica.site = replace(whole, options=replace(whole.options, faults=faults))
        assert scrapy("crawl", "latest", site=replica.url, database=database).returncode == 3
        replica.log.clear()
        again = scrapy("crawl", "latest", site=replica.url, database=database)
    assert again.returncode == 3
    assert "Traceback" not in again.stderr
    assert "/news/feed/" not in replica.asked()
