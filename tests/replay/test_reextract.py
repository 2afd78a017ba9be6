"""The archive read again: our own changes are followed, counted, and never taken for edits of the site."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from reex_crawler import ingest
from reex_crawler.archive.reader import Archive
from reex_crawler.errors import NotAnArticle
from reex_crawler.extraction import EXTRACTOR_VERSION
from reex_crawler.records import Article
from reex_crawler.replay import renewal
from reex_crawler.replay.rebuild import rebuild
from reex_crawler.replay.reextract import Reextracted, reextract
from reex_crawler.site.profile import profile
from reex_crawler.storage.exclusive import exclusive
from reex_crawler.storage.fetches import Choice
from tests.archive.same import compared
from tests.replica import Replica, edit, running
from tests.shell.running import archive_of, reex, scrapy
from tests.shell.smaller import shrink

EVERYTHING = Choice()
REASON = "soft-404"


@dataclass(frozen=True)
class Crawled:
    replica: Replica
    database: Path
    archive: Path
    edited: int
    """The post id of an article that was edited between two crawls."""


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    database = tmp_path_factory.mktemp("crawled") / "reex.db"
    with running() as replica:
        shrink(replica, 8)
        edited = replica.site.truths()[0].post_id
        for arguments in (("backfill",), ("recheck", "-a", "days=9999")):
            assert scrapy("crawl", *arguments, site=replica.url, database=database).returncode == 0
            edit.edit(replica, edited, "Amended by the editors.")
        yield Crawled(replica, database, Path(archive_of(database)), edited)


def older(article: Article) -> Article:
    """The article as an extractor reads it that does not know highlights, and leaves the marks of a title in place."""
    return replace(article, title=f"{article.title} | REEx", highlights=())


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def read_by_older(crawled: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same archive, read by the older extractor; it took one page for none of an article."""
    database = tmp_path / "reex.db"
    refused = crawled.replica.site.truths()[-1].url

    def extract(page: Any, *given: Any, **named: Any) -> Article:
        if page.url == refused:
            raise NotAnArticle(REASON, "not known yet")
        return older(_extract(page, *given, **named))

    _extract: Callable[..., Article] = ingest.extract
    with monkeypatch.context() as patched:
        patched.setattr(ingest, "extract", extract)
        for module in (ingest, renewal):
            patched.setattr(module, "EXTRACTOR_VERSION", "1")
        with exclusive(make_url(f"sqlite:///{database}")) as bind:
            rebuild(bind, Archive(crawled.archive), profile(crawled.replica.url), progress=lambda _done, _of: None)
    assert {row[0] for row in rows(database, "SELECT extractor_version FROM articles")} == {"1"}
    return database


def again(
    crawled: Crawled, database: Path, choice: Choice = EVERYTHING, *, workers: int = 1, dry_run: bool = False
) -> Reextracted:
    with exclusive(make_url(f"sqlite:///{database}")) as bind:
        return reextract(
            bind,
            Archive(crawled.archive),
            profile(crawled.replica.url),
            choice,
            workers=workers,
            dry_run=dry_run,
            progress=lambda _done, _of: None,
        )


@pytest.mark.parametrize("workers", [1, 2])
def test_the_articles_are_as_todays_extractor_would_have_read_them(
    crawled: Crawled, read_by_older: Path, workers: int
) -> None:
    again(crawled, read_by_older, workers=workers)
    tables = ("articles", "authors", "article_authors", "terms", "article_terms", "comments", "images", "links")
    assert compared(crawled.database, read_by_older, *tables) == []


def test_no_change_of_ours_is_an_edit_of_the_site(crawled: Crawled, read_by_older: Path) -> None:
    sql = """
        SELECT post_id, count(*) FROM revisions JOIN articles ON articles.id = article_id
        WHERE origin = 'site' GROUP BY post_id ORDER BY post_id"""
    before = dict(rows(read_by_older, sql))
    assert before.pop(crawled.edited) == 2
    assert set(before.values()) == {1}
    again(crawled, read_by_older)
    recovered = crawled.replica.site.truths()[-1].post_id
    assert dict(rows(read_by_older, sql)) == before | {crawled.edited: 2, recovered: 1}


def test_every_content_the_site_had_is_there_as_today_reads_it(crawled: Crawled, read_by_older: Path) -> None:
    again(crawled, read_by_older)
    sql = f"""
        SELECT title, body, highlights, first_seen_at FROM revisions JOIN articles ON articles.id = article_id
        WHERE post_id = {crawled.edited} AND revisions.extractor_version = '{EXTRACTOR_VERSION}' ORDER BY first_seen_at"""
    sql = sql.replace("title, body, highlights, first_seen_at", "revisions.title, revisions.body, revisions.highlights")
    sql = sql.replace("ORDER BY first_seen_at", "ORDER BY revisions.first_seen_at, revisions.id")
    assert rows(read_by_older, sql) == rows(crawled.database, sql)


def test_reading_again_twice_changes_nothing_more(crawled: Crawled, read_by_older: Path) -> None:
    again(crawled, read_by_older)
    copy = read_by_older.with_name("before.db")
    shutil.copy(read_by_older, copy)
    done = again(crawled, read_by_older)
    assert (done.pages, done.changed, done.drift.articles) == (16, 0, 0)
    assert compared(copy, read_by_older) == []


def test_only_articles_of_an_older_extractor_are_read_where_that_is_asked(
    crawled: Crawled, read_by_older: Path
) -> None:
    old = Choice(other_than=EXTRACTOR_VERSION)
    assert again(crawled, read_by_older, old).pages == 14
    assert again(crawled, read_by_older, old).pages == 0


def test_a_dry_run_says_the_same_and_changes_nothing(crawled: Crawled, read_by_older: Path) -> None:
    copy = read_by_older.with_name("before.db")
    shutil.copy(read_by_older, copy)
    said = again(crawled, read_by_older, dry_run=True)
    assert compared(copy, read_by_older) == []
    done = again(crawled, read_by_older)
    assert (said.drift.articles, said.drift.fields) == (done.drift.articles, done.drift.fields)


def test_the_report_names_each_field_that_reads_otherwise(crawled: Crawled, read_by_older: Path) -> None:
    done = again(crawled, read_by_older)
    with_highlights = sum(bool(truth.highlights) for truth in crawled.replica.site.truths()[:-1])
    assert {name: change.articles for name, change in done.drift.fields.items()} == {
        "title": 7,
        "highlights": with_highlights,
    }
    example = done.drift.fields["title"].examples[0]
    assert example.before == f"{example.after} | REEx"
    assert done.recovered == [crawled.replica.site.truths()[-1].url] * 2


def test_what_today_takes_for_no_article_stays_stored_and_is_named(
    crawled: Crawled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "reex.db"
    shutil.copy(crawled.database, database)

    def extract(*_given: Any, **_named: Any) -> Article:
        raise NotAnArticle(REASON, "it says that there is nothing")

    monkeypatch.setattr(ingest, "extract", extract)
    done = again(crawled, database)
    assert done.refused == ["it says that there is nothing"] * 16
    assert compared(crawled.database, database) == []


def test_an_edit_after_a_new_extractor_is_the_sites_and_the_rest_is_ours(
    crawled: Crawled, read_by_older: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "warc"
    shutil.copytree(crawled.archive, archive)
    target = crawled.replica.site.truths()[1].post_id
    edit.edit(crawled.replica, target, "A late correction.")
    done = scrapy(
        *("crawl", "recheck", "-a", "days=9999"),
        site=crawled.replica.url,
        database=read_by_older,
        REEX_ARCHIVE_DIR=str(archive),
    )
    assert done.returncode == 0, done.stderr
    sql = """
        SELECT origin, revisions.extractor_version, revisions.body LIKE '%A late correction.%', revisions.title LIKE '%REEx'
        FROM revisions JOIN articles ON articles.id = article_id
        WHERE post_id = {} ORDER BY revisions.first_seen_at, revisions.id"""
    assert rows(read_by_older, sql.format(target)) == [
        ("site", "1", 0, 1),
        ("extractor", EXTRACTOR_VERSION, 0, 0),
        ("site", EXTRACTOR_VERSION, 1, 0),
    ]
    other = crawled.replica.site.truths()[2].post_id
    assert [row[0] for row in rows(read_by_older, sql.format(other))] == ["site", "extractor"]


def test_the_command_writes_one_json_object(crawled: Crawled, read_by_older: Path) -> None:
    done = reex(
        *("reextract", "--json", "--workers", "1", "--until", "2001-01-01"),
        site=crawled.replica.url,
        database=read_by_older,
        REEX_ARCHIVE_DIR=str(crawled.archive),
    )
    assert json.loads(done.stdout)["pages"] == 0
    done = reex(
        *("reextract", "--json", "--workers", "1", "--url", crawled.replica.site.truths()[0].url),
        site=crawled.replica.url,
        database=read_by_older,
        REEX_ARCHIVE_DIR=str(crawled.archive),
    )
    said = json.loads(done.stdout)
    assert (said["pages"], said["changed"], said["articles"]) == (2, 2, 1)


def test_damage_is_named_and_all_the_rest_read(crawled: Crawled, read_by_older: Path, tmp_path: Path) -> None:
    archive = tmp_path / "warc"
    shutil.copytree(crawled.archive, archive)
    [(name, at)] = rows(read_by_older, "SELECT warc_file, warc_offset FROM fetches WHERE outcome = 'article' LIMIT 1")
    content = bytearray((archive / name).read_bytes())
    content[at + 40] ^= 0xFF
    (archive / name).write_bytes(content)
    done = reex("reextract", site=crawled.replica.url, database=read_by_older, REEX_ARCHIVE_DIR=str(archive))
    assert done.returncode == 4
    assert f"{name} at byte {at:,}" in done.stderr
    assert "16 pages read again, 15 read otherwise" in done.stdout
