"""A database is the archive of one site; a crawl with the address of another leaves it as it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, Engine

from reex_crawler.errors import ConfigError
from reex_crawler.storage import site_of
from reex_crawler.storage.models import ResourceKind
from reex_crawler.storage.session import transaction
from tests.crawled import add_address
from tests.replica import running
from tests.shell.running import errors, reex_crawl, scrapy
from tests.shell.site import Answer
from tests.shell.site import running as plain
from tests.shell.smaller import shrink
from tests.shell.test_crawl import stored, visible


def content(database: Path) -> list[str]:
    """Every row of every table, as SQL."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def test_a_crawl_of_another_site_is_one_line_and_asks_and_changes_nothing(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(rest="closed") as mine, running(rest="closed") as mirror:
        for replica in (mine, mirror):
            shrink(replica, 3)
        assert scrapy("crawl", "backfill", site=mine.url, database=database).returncode == 0
        before = content(database)
        for arguments in (("latest",), ("backfill", "latest"), ("latest", "--dry-run")):
            done = reex_crawl(*arguments, site=mirror.url, database=database)
            assert done.returncode == 2
            line, *_ = done.stderr.splitlines()
            said = f"the database {database} holds the archive of {mine.url}, not of {mirror.url}. Set REEX_SITE_URL="
            assert line.startswith(f"reex: error: {said}")
        done = scrapy("crawl", "latest", site=mirror.url, database=database)
        assert done.returncode == 2
        [line] = errors(done)
        assert line.startswith(said)
        assert "Traceback" not in done.stderr
        assert mirror.asked() == []
        assert content(database) == before
        assert reex_crawl(site=mine.url, database=database).returncode == 0


def test_what_an_address_without_articles_answered_binds_the_database_to_nothing(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with plain({"/robots.txt": Answer("")}) as parked:
        assert scrapy("crawl", "latest", site=parked.url, database=database).returncode == 3
    with running(rest="closed") as replica:
        shrink(replica, 3)
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        assert done.returncode == 0, done.stderr
        assert stored(database) == visible(replica)


@pytest.mark.parametrize("site", ["https://www.news.example", "http://news.example", "https://news.example:8443"])
def test_another_scheme_host_or_port_is_another_site(engine: Engine, database_url: URL, site: str) -> None:
    with transaction(engine) as session:
        add_address(session, "https://elsewhere.example/sitemap.xml", kind=ResourceKind.SITEMAP)
        add_address(session, "https://news.example/news/magnets/")
        with pytest.raises(ConfigError) as caught:
            site_of.check(session, site)
    assert f"holds the archive of https://news.example, not of {site}" in str(caught.value)
    assert "Set REEX_SITE_URL=https://news.example, or" in str(caught.value)
    assert not database_url.password or database_url.password not in str(caught.value)


@pytest.mark.parametrize("site", ["https://news.example", "HTTPS://News.Example:443/", "https://news.example/blog"])
def test_another_spelling_of_the_same_origin_is_the_same_site(engine: Engine, site: str) -> None:
    with transaction(engine) as session:
        site_of.check(session, site)
        add_address(session, "https://news.example/news/magnets/")
        site_of.check(session, site)
