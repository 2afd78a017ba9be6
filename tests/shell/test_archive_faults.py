"""A raw archive that cannot be written ends the crawl in one line, and the next run goes on."""

from __future__ import annotations

import gzip
import json
import resource
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL, create_engine

from reex_crawler.archive import files
from tests import postgres
from tests.replica import running
from tests.shell.running import archive_of, errors, reex, scrapy, start
from tests.shell.smaller import shrink

BACKFILL = ("crawl", "backfill")
DNS = b"""WARC/1.1\r
WARC-Type: response\r
WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000000>\r
WARC-Date: 2026-01-01T00:00:00Z\r
WARC-Target-URI: dns:example.com\r
Content-Type: text/dns\r
Content-Length: 8\r
\r
20260101\r
\r
"""


def test_a_folder_that_cannot_be_made_ends_the_crawl_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "warc"
    with running() as replica:
        done = scrapy(*BACKFILL, site=replica.url, database=tmp_path / "reex.db", REEX_ARCHIVE_DIR=str(folder))
        assert (done.returncode, replica.log) == (4, [])
        hint = "Mend its permissions, or choose another folder in REEX_ARCHIVE_DIR"
        assert errors(done) == [f"the archive folder {folder} cannot be written: Not a directory. {hint}"]
        done = scrapy(*BACKFILL, "-a", "max_articles=2", site=replica.url, database=tmp_path / "reex.db")
        assert done.returncode == 0, done.stderr


def test_a_full_disk_loses_nothing_that_was_stored(tmp_path: Path, postgres_server: URL) -> None:
    with running() as replica, postgres.database(postgres_server) as url:
        shrink(replica, 20)
        where = {
            "site": replica.url,
            "database": url.render_as_string(hide_password=False),
            "REEX_ARCHIVE_DIR": str(tmp_path / "warc"),
        }
        crawl = start(*BACKFILL, **where)
        # The server writes the database, so that only the archive meets the limit.
        resource.prlimit(crawl.pid, resource.RLIMIT_FSIZE, (150_000, 150_000))
        _, said = crawl.communicate()
        assert crawl.returncode == 4, said
        [line] = [line.split("ERROR: ")[1] for line in said.splitlines() if "ERROR: " in line]
        assert line.startswith("the archive file ")
        assert "cannot be written: File too large" in line
        before = count(url)
        assert 0 < before < 20
        done = scrapy(*BACKFILL, **where)
        assert done.returncode == 0, done.stderr
        assert count(url) == 20
        checked = reex("verify", **where)
        assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize("leftover", [b"", b"\x1f\x8b\x08\x00cut", b"no WARC at all"])
def test_a_file_that_holds_no_record_is_no_obstacle(tmp_path: Path, leftover: bytes) -> None:
    database = tmp_path / "reex.db"
    folder = Path(archive_of(database))
    folder.mkdir()
    (folder / "reex-20200101000000000000-abcdef.warc.gz.open").write_bytes(leftover)
    with running() as replica:
        done = scrapy(*BACKFILL, "-a", "max_articles=2", site=replica.url, database=database)
    assert done.returncode == 0, done.stderr
    assert len(list(folder.iterdir())) == 1


def test_a_crawl_may_go_without_an_archive(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as replica:
        shrink(replica, 5)
        done = scrapy(*BACKFILL, "-s", "REEX_ARCHIVE_ENABLED=False", site=replica.url, database=database)
    assert done.returncode == 0, done.stderr
    assert not Path(archive_of(database)).exists()
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*), count(record_id) FROM fetches").fetchone()[1] == 0


def test_a_dry_run_writes_no_archive(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as replica:
        shrink(replica, 5)
        done = reex("crawl", "backfill", "--dry-run", "-s", "DOWNLOAD_DELAY=0", site=replica.url, database=database)
    assert done.returncode == 0, done.stderr
    assert not Path(archive_of(database)).exists()


def test_an_archive_whose_files_are_gone_hinders_no_crawl(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running() as replica:
        shrink(replica, 5)
        assert scrapy(*BACKFILL, site=replica.url, database=database).returncode == 0
        shutil.rmtree(archive_of(database))
        done = scrapy("crawl", "recheck", "-a", "days=9999", site=replica.url, database=database)
        assert done.returncode == 0, done.stderr
        checked = reex("verify", site=replica.url, database=database)
    assert checked.returncode == 4


def test_a_missing_file_costs_what_it_held_and_is_named_once(tmp_path: Path) -> None:
    database, anew = tmp_path / "reex.db", tmp_path / "anew.db"
    with running() as replica:
        shrink(replica, 6)
        assert scrapy(*BACKFILL, "-a", "max_articles=3", site=replica.url, database=database).returncode == 0
        assert scrapy(*BACKFILL, site=replica.url, database=database).returncode == 0
        first, _ = sorted(Path(archive_of(database)).iterdir())
        first.unlink()
        again = reex("reextract", "--json", site=replica.url, database=database)
        rebuilt = reex("rebuild", site=replica.url, database=anew, REEX_ARCHIVE_DIR=archive_of(database))
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("UPDATE articles SET extractor_version = 'of old'")
        # Each stored page is read again first; those that are gone cannot be.
        done = scrapy("crawl", "recheck", "-a", "days=9999", site=replica.url, database=database)
    told = json.loads(again.stdout)
    assert (again.returncode, told["pages"], len(told["damaged"])) == (4, 6, 1)
    assert told["damaged"][0].startswith(f"the archive file {first} is missing")
    # What repeats a listing that it held cannot be had either.
    assert (rebuilt.returncode, rebuilt.stderr.count(f"{first} is missing")) == (4, 1)
    assert rebuilt.stdout.startswith("3 articles, ")
    assert done.returncode == 0, done.stderr


def test_a_file_of_another_program_in_the_folder_hinders_no_crawl(tmp_path: Path) -> None:
    database, anew = tmp_path / "reex.db", tmp_path / "anew.db"
    folder = Path(archive_of(database))
    folder.mkdir()
    (folder / "other.warc.gz.open").write_bytes(gzip.compress(DNS))
    with running() as replica:
        done = scrapy(*BACKFILL, "-a", "max_articles=2", site=replica.url, database=database)
        rebuilt = reex("rebuild", site=replica.url, database=anew, REEX_ARCHIVE_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    assert rebuilt.returncode == 4, rebuilt.stderr
    assert "damaged: other.warc.gz at byte 0: no status line" in rebuilt.stderr
    assert rebuilt.stdout.startswith("2 articles, ")


def count(url: URL) -> int:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM articles")).scalar_one()
    engine.dispose()
    return int(found)


def test_two_runs_never_write_into_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "warc"
    with running() as replica, files.held(folder):
        shrink(replica, 5)
        done = scrapy(*BACKFILL, site=replica.url, database=tmp_path / "reex.db", REEX_ARCHIVE_DIR=str(folder))
        assert (done.returncode, replica.log) == (75, [])
        hint = "Give each database a folder of its own in REEX_ARCHIVE_DIR"
        assert errors(done) == [f"another run writes into the archive folder {folder}. {hint}"]


def test_a_folder_that_holds_other_things_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "letters").touch()
    tmp_path.chmod(0o755)
    files.prepare(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o755
    (tmp_path / "warc").mkdir(0o755)
    files.prepare(tmp_path / "warc")
    assert (tmp_path / "warc").stat().st_mode & 0o777 == 0o700
