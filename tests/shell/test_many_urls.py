"""A run that finds nothing new on a site that is known well costs next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.replica import running
from tests.shell import big
from tests.shell.running import scrapy
from tests.shell.test_crawl import rows


@pytest.mark.parametrize("sitemap", ["yoast", "core"])
@pytest.mark.parametrize("rest", ["open", "closed"])
def test_a_run_that_finds_nothing_new_asks_four_addresses_and_no_article(
    tmp_path: Path, rest: str, sitemap: str
) -> None:
    database = tmp_path / "reex.db"
    with running(rest=rest, sitemap=sitemap, sitemap_size=2000) as replica:
        big.archive(replica, database)
        # The first run reads what a backfill does not: the feeds.
        for _ in range(2):
            replica.log.clear()
            done = scrapy("crawl", "latest", site=replica.url, database=database)
            assert done.returncode == 0, done.stderr
        asked = replica.asked()
    assert rows(database, "SELECT count(*) FROM articles") == [big.ARTICLES]
    assert rows(database, "SELECT count(*) FROM resources")[0] >= big.ADDRESSES
    assert asked[0] == "/robots.txt"
    assert [target for target in asked if target.endswith("/") and not target.endswith("/feed/")] == []
    assert len(asked) <= 4, asked
