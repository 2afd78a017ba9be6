"""The last resort: where no listing of the site answers, the feeds of the terms that are known."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.replica import running
from tests.replica.answer import html
from tests.shell.running import scrapy


def test_the_feeds_of_known_terms_name_articles_where_no_other_listing_does(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    missing = {path: lambda _: html("gone", status=404) for path in ("/news/feed/", "/feed/", "/podcast/feed/")}
    with running(sitemap="none", rest="absent") as whole:
        done = scrapy("crawl", "backfill", "-a", "max_articles=3", site=whole.url, database=database)
        assert done.returncode == 0
        first = set(whole.asked())
        whole.site.options.faults.update(missing)
        with closing(sqlite3.connect(database)) as connection:
            terms = [url for (url,) in connection.execute("SELECT url FROM terms WHERE url IS NOT NULL")]
            connection.execute("DELETE FROM listings")
            connection.execute(
                "DELETE FROM fetches WHERE resource_id IN (SELECT id FROM resources WHERE state = 'new')"
            )
            connection.execute("DELETE FROM resources WHERE state = 'new'")
            connection.commit()
        assert terms
        done = scrapy("crawl", "backfill", site=whole.url, database=database)
        assert done.returncode == 0
        found = {target for target in whole.asked() if target.startswith("/news/") and target.count("/") == 3}
        assert found - first - {"/news/feed/"}
