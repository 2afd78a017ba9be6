"""A database made from the archive alone is the database that the crawls made."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.archive.same import compared
from tests.replica import edit, running
from tests.shell.running import archive_of, reex, scrapy
from tests.shell.smaller import shrink

SETTINGS = [
    {"rest": "open", "sitemap": "yoast"},
    {"rest": "closed", "sitemap": "core", "comments_per_page": 2},
    {"theme": "divi4", "no_seo": True},
]


@dataclass(frozen=True)
class Crawled:
    site: str
    database: Path
    archive: Path


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda options: ", ".join(map(str, options.values())))
def crawled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """A site that was crawled, then edited, commented, moved and withdrawn from, and crawled again."""
    options = dict(request.param)
    if options.pop("no_seo", False):
        options["seo"] = False
    database = tmp_path_factory.mktemp("crawled") / "reex.db"
    with running(**options) as replica:
        shrink(replica, 16)

        def crawl(*arguments: str) -> None:
            done = scrapy("crawl", *arguments, site=replica.url, database=database)
            assert done.returncode == 0, done.stderr

        crawl("backfill")
        edited, commented, moved, gone, swapped = [truth.post_id for truth in replica.site.truths()][:5]
        edit.publish(replica, slug="just-in")
        edit.edit(replica, edited, "Amended by the editors.")
        edit.comment(replica, commented, "I disagree.")
        edit.change_slug(replica, moved, "quite-another-name")
        edit.trash(replica, gone)
        crawl("latest")
        crawl("recheck", "-a", "days=9999")
        edit.edit_silently(replica, edited, "And once more.")
        edit.edit(replica, swapped, "Corrected.", datetime.now(UTC) + timedelta(seconds=1))
        crawl("recheck", "-a", "days=9999")
        return Crawled(replica.url, database, Path(archive_of(database)))


def rebuild(crawled: Crawled, database: Path | str, archive: Path | None = None) -> str:
    done = reex("rebuild", site=crawled.site, database=database, REEX_ARCHIVE_DIR=str(archive or crawled.archive))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_that_the_site_said_is_the_same_row_for_row(crawled: Crawled, tmp_path: Path) -> None:
    rebuild(crawled, tmp_path / "new.db")
    assert compared(crawled.database, tmp_path / "new.db") == []


def test_every_answer_is_read_from_the_same_record(crawled: Crawled, tmp_path: Path) -> None:
    rebuild(crawled, tmp_path / "new.db")
    columns = ("run_id", "status", "reason", "resource_id")
    assert compared(crawled.database, tmp_path / "new.db", "fetches", without=columns) == []


def test_a_rebuild_that_was_broken_off_is_continued(crawled: Crawled, tmp_path: Path) -> None:
    some = tmp_path / "some"
    some.mkdir()
    files = sorted(crawled.archive.iterdir())
    shutil.copy(files[0], some)
    rebuild(crawled, tmp_path / "new.db", some)
    rebuild(crawled, tmp_path / "new.db")
    rebuild(crawled, tmp_path / "new.db")
    assert compared(crawled.database, tmp_path / "new.db") == []


def test_the_next_crawl_goes_on_from_it(crawled: Crawled, tmp_path: Path) -> None:
    rebuild(crawled, tmp_path / "new.db")
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        sql = "SELECT count(*) FROM resources WHERE kind = 'article' AND state = 'new'"
        [waiting] = connection.execute(sql).fetchone()
    assert waiting == 0


def test_a_database_that_a_crawl_filled_is_left_alone(crawled: Crawled, tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    shutil.copy(crawled.database, database)
    before = database.read_bytes()
    done = reex("rebuild", site=crawled.site, database=database, REEX_ARCHIVE_DIR=str(crawled.archive))
    assert done.returncode == 2
    assert "Name a new one in REEX_DATABASE_URL" in done.stderr
    assert database.read_bytes() == before


def test_damage_is_named_and_all_the_rest_rebuilt(crawled: Crawled, tmp_path: Path) -> None:
    archive = tmp_path / "warc"
    shutil.copytree(crawled.archive, archive)
    first = min(archive.iterdir())
    content = bytearray(first.read_bytes())
    at = content.rindex(b"\x1f\x8b\x08", 0, len(content) // 2)
    content[at + 40] ^= 0xFF
    first.write_bytes(content)
    done = reex("rebuild", site=crawled.site, database=tmp_path / "new.db", REEX_ARCHIVE_DIR=str(archive))
    assert done.returncode == 4
    assert f"damaged: {first.name} at byte {at:,}" in done.stderr
    lost = compared(crawled.database, tmp_path / "new.db", "articles", without=("last_seen_at",))
    assert len(lost) <= 4, "one article at most is another"


def test_postgresql_gets_the_same_rows(crawled: Crawled, empty_database_url: URL) -> None:
    url = empty_database_url.render_as_string(hide_password=False)
    if not url.startswith("postgresql"):
        url = f"sqlite:///{empty_database_url.database}"
    rebuild(crawled, url)
    assert compared(crawled.database, empty_database_url) == []
