"""What a run received and could not store is stored by the next one, from the file that was left open."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, make_url, select
from sqlalchemy.orm import Session

from reex_crawler.archive.exchange import Exchange
from reex_crawler.archive.notes import Note
from reex_crawler.archive.reader import Archive
from reex_crawler.archiving import Archiving
from reex_crawler.records import Article
from reex_crawler.replay.rebuild import rebuild
from reex_crawler.site.profile import profile
from reex_crawler.storage import articles
from reex_crawler.storage.articles import Stored
from reex_crawler.storage.models import ArticleRow
from reex_crawler.storage.session import reading, transaction
from tests.archive.same import compared
from tests.replica import edit, running
from tests.shell.running import archive_of, reex, scrapy
from tests.shell.smaller import shrink

URL = "https://news.example/news/one/"
EXCHANGE = Exchange(
    url=URL,
    method="GET",
    request_headers=(),
    protocol="HTTP/1.1",
    status=200,
    reason=b"OK",
    headers=((b"Content-Type", b"text/html"),),
    body=b"<html></html>",
    ip_address=None,
    received_at=datetime(2026, 3, 1, tzinfo=UTC),
)


def test_a_file_with_a_note_that_no_row_tells_of_is_left_to_the_next_run(engine: Engine, tmp_path: Path) -> None:
    archiving = Archiving(tmp_path / "warc", {})
    record = archiving.keep(EXCHANGE, asked=URL, earlier=None)
    archiving.note(Note(kind="article", asked=URL, answer=record))
    # The work that the note is of failed; other work, such as noting the end of the run, did not.
    with transaction(engine) as session:
        archiving.before_commit(session, None)
    archiving.committed()
    archiving.close()
    assert [path.name for path in (tmp_path / "warc").iterdir()] == [f"{record.file}.open"]


def test_an_edit_that_was_not_stored_before_an_upgrade_is_the_sites(tmp_path: Path) -> None:
    database, before = tmp_path / "reex.db", tmp_path / "before.db"
    folder = Path(archive_of(database))
    with running() as replica:
        shrink(replica, 4)
        assert scrapy("crawl", "backfill", site=replica.url, database=database).returncode == 0
        shutil.copy(database, before)
        known = set(folder.iterdir())
        edited = replica.site.truths()[0].post_id
        edit.edit(replica, edited, "Amended by the editors.", datetime.now(UTC) + timedelta(seconds=1))
        assert scrapy("crawl", "recheck", "-a", "days=9999", site=replica.url, database=database).returncode == 0
        # As if that run had been killed before it stored anything, and the program upgraded since.
        [written] = set(folder.iterdir()) - known
        written.rename(written.with_name(f"{written.name}.open"))
        shutil.copy(before, database)
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("UPDATE articles SET extractor_version = 'of old', reading_hash = 'of old'")
        taken = scrapy("crawl", "latest", site=replica.url, database=database)
        checked = reex("verify", site=replica.url, database=database)
    assert (taken.returncode, checked.returncode) == (0, 0), taken.stderr + checked.stdout
    with closing(sqlite3.connect(database)) as connection:
        origins = connection.execute(
            "SELECT origin FROM revisions JOIN articles ON articles.id = article_id WHERE post_id = ?", (edited,)
        ).fetchall()
    assert [origin for (origin,) in origins] == ["site", "site"]


def test_a_fault_of_this_program_costs_a_rebuild_one_article(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "crawled.db"
    with running() as replica:
        shrink(replica, 4)
        assert scrapy("crawl", "backfill", site=replica.url, database=database).returncode == 0
    archive, site = Archive(Path(archive_of(database))), profile(replica.url)
    fails = replica.site.truths()[0].url
    upsert = articles.upsert

    def faulty(session: Session, article: Article, **given: Any) -> Stored:
        stored = upsert(session, article, **given)
        if article.url == fails:
            message = "a fault of ours"
            raise ValueError(message)
        return stored

    with monkeypatch.context() as patched:
        patched.setattr(articles, "upsert", faulty)
        done = rebuild(engine, archive, site, progress=lambda _done, _of: None)
    assert (done.failed, done.damage, done.exit_code) == ([f"{fails}: ValueError: a fault of ours"], [], 1)
    assert count(engine) == 3
    done = rebuild(engine, archive, site, progress=lambda _done, _of: None)
    assert (done.failed, done.exit_code, count(engine)) == ([], 0, 4)
    assert compared(make_url(f"sqlite:///{database}"), engine.url, "articles", "revisions", "comments") == []


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(ArticleRow)) or 0
