"""The whole program against a real WordPress: crawl it, then hold every row against WordPress' own database.

What counts as right is in ``compare``; what a setting tells a visitor at all is in ``truth.Setting``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.archive.same import compared
from tests.shell.running import archive_of, reex, scrapy
from tests.wordpress.archive import columns_with, counts
from tests.wordpress.compare import FIELDS, Rate
from tests.wordpress.crawling import SETTINGS, Crawled, crawl
from tests.wordpress.seed import SECRET
from tests.wordpress.server import WordPress

pytestmark = pytest.mark.wordpress

BODY_FLOOR = 0.99


def test_a_crawl_of_a_healthy_site_ends_with_0(crawled: Crawled) -> None:
    assert crawled.exit_code == 0, crawled.log[-3000:]


@pytest.mark.parametrize("field", [name for name in FIELDS if name != "body"])
def test_every_article_has_exactly_the(field: str, crawled: Crawled) -> None:
    assert not crawled.rates[field].misses, _report(crawled.rates[field])


def test_bodies_hold_each_paragraph_verbatim_and_no_foreign_line(crawled: Crawled) -> None:
    assert crawled.rates["body"].share >= BODY_FLOOR, _report(crawled.rates["body"])


def test_visible_comments_are_exactly_right_and_no_others_are_stored(crawled: Crawled) -> None:
    assert not crawled.rates["comments"].misses, _report(crawled.rates["comments"])


def test_nothing_is_stored_that_a_visitor_may_not_see(crawled: Crawled) -> None:
    stored = crawled.archive.articles
    assert not stored.keys() & crawled.truth.hidden
    assert not {number for article in stored.values() for number in article.comments} & crawled.truth.held
    assert columns_with(crawled.database, SECRET) == []


def test_every_article_is_stored_and_nothing_else(crawled: Crawled) -> None:
    assert crawled.archive.articles.keys() == {article.post_id for article in crawled.truth.articles}


def test_later_crawls_of_an_unchanged_site_store_nothing_new(site: WordPress, tmp_path: Path) -> None:
    database = crawl(SETTINGS[0], site, tmp_path).database
    before = counts(database)
    for spider in ("latest", "backfill"):
        done = scrapy("crawl", spider, site=site.url, database=database)
        assert done.returncode == 0, done.stderr[-3000:]
        assert counts(database) == before
    assert before["revisions"] == before["articles"]


def _report(rate: Rate) -> str:
    shown = "\n".join(str(miss) for miss in rate.misses[:12])
    return f"{len(rate.misses)} of {rate.of} are wrong:\n{shown}"


# The raw archive.


def test_the_archive_proves_every_row_and_gives_the_database_back(
    crawled: Crawled, site: WordPress, tmp_path: Path
) -> None:
    archive = archive_of(crawled.database)
    checked = reex("verify", site=site.url, database=crawled.database)
    assert checked.returncode == 0, checked.stdout
    made = reex("rebuild", site=site.url, database=tmp_path / "new.db", REEX_ARCHIVE_DIR=archive)
    assert made.returncode == 0, made.stderr
    assert compared(crawled.database, tmp_path / "new.db") == []
