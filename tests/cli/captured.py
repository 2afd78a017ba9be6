"""One raw archive for all tests of what proves it: really crawled, with revisits, redirects and an edited article."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from reex_crawler.archive.reader import Archive, Raw
from tests.replica import edit, running
from tests.shell.running import archive_of, scrapy
from tests.shell.smaller import shrink


@dataclass(frozen=True)
class Captured:
    """A database and its raw archive; ``edited`` is the path of the article that was edited between two crawls."""

    site: str
    database: Path
    edited: str
    before: bytes
    after: bytes

    @property
    def folder(self) -> Path:
        return Path(archive_of(self.database))

    @property
    def environ(self) -> dict[str, str]:
        return {
            "REEX_SITE_URL": self.site,
            "REEX_DATABASE_URL": f"sqlite:///{self.database}",
            "REEX_ARCHIVE_DIR": str(self.folder),
        }

    def files(self) -> list[Path]:
        return sorted(self.folder.iterdir())

    def rows(self, sql: str, *values: object) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(sql, values).fetchall()

    def records(self) -> list[Raw]:
        archive = Archive(self.folder)
        return [record for name in archive.files() for record in archive.records(name) if isinstance(record, Raw)]

    def record(self, suits: Callable[[Raw], bool]) -> Raw:
        return next(record for record in self.records() if suits(record))

    def copy(self, folder: Path) -> Captured:
        """The same in a place where a test may damage it."""
        database = folder / self.database.name
        shutil.copy(self.database, database)
        shutil.copytree(self.folder, archive_of(database))
        return Captured(self.site, database, self.edited, self.before, self.after)

    def set_apart(self) -> None:
        """Let the first crawl be ten days before the others, as far as the rows tell."""
        shifted = "strftime('%Y-%m-%d %H:%M:%S+00:00', {}, '-10 days')".format
        first = "SELECT id FROM fetches WHERE run_id = 1"
        self.rows(f"UPDATE revisions SET first_seen_at = {shifted('first_seen_at')} WHERE fetch_id IN ({first})")
        self.rows(f"UPDATE fetches SET fetched_at = {shifted('fetched_at')} WHERE run_id = 1")


def crawl(folder: Path) -> Captured:
    """Crawl a small site; then one article is edited, another moves, and all are asked again."""
    database = folder / "reex.db"
    with running(comments_per_page=2) as replica:
        shrink(replica, 8)
        first = scrapy("crawl", "backfill", site=replica.url, database=database)
        [edited, moved] = [one for one in replica.site.written if one.post_type == "news-archive"][:2]
        path = f"/news/{edited.slug}/"
        before = _body(replica.url + path)
        edit.edit(replica, edited.post_id, "One more paragraph.")
        edit.change_slug(replica, moved.post_id, f"{moved.slug}-moved")
        after = _body(replica.url + path)
        again = [scrapy("crawl", "recheck", "-a", "days=3650", site=replica.url, database=database) for _ in range(2)]
        listed = [scrapy("crawl", "latest", site=replica.url, database=database) for _ in range(2)]
        for done in (first, *again, *listed):
            assert done.returncode == 0, done.stderr
        return Captured(replica.url, database, path, before, after)


def _body(url: str) -> bytes:
    with urlopen(url) as answer:
        body: bytes = answer.read()
    return body
