"""What one run of ``latest`` finds on a real WordPress that is edited through its own functions, and what it asks for."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.shell.running import scrapy
from tests.wordpress.seed import seed
from tests.wordpress.server import WordPress, wordpress
from tests.wordpress.truth import Setting

pytestmark = pytest.mark.wordpress

MORE_THAN_NEEDED = 5
SETTINGS = (
    Setting(theme="divi-like", layout="builder", seo=True, rest=False),
    Setting(theme="twentytwentyone", seo=True, rest=True),
    Setting(theme="twentytwentytwo", seo=False, rest=True),
    Setting(theme="twentytwentythree", seo=False, rest=False),
)
_ASKED = re.compile(r"asked for (\S+)")


@dataclass
class Archived:
    """A running site and its archive, which a backfill made."""

    site: WordPress
    setting: Setting
    database: Path
    asked: list[str] = field(default_factory=list)

    def run(self, spider: str) -> None:
        """Run a spider once; its requests are ``asked``."""
        before = len(self.log())
        done = scrapy("crawl", spider, site=self.site.url, database=self.database)
        assert done.returncode == 0, done.stderr[-3000:]
        self.asked = self.log()[before:]

    def log(self) -> list[str]:
        """Everything that was ever asked of the site, by its web server's log."""
        text = (self.site.root.parent / "web.log").read_text(encoding="utf-8", errors="replace")
        return [match[1] for match in _ASKED.finditer(text)]

    def edit(self, do: str, **what: Any) -> int:
        """Do something as an editor or a reader; gives the number of the post or the comment."""
        return int(self.site.php("edit.php", {"do": do, **what}))

    def old_articles(self) -> list[tuple[int, str]]:
        """Post id and path of the stored news articles without parted comments, the oldest first."""
        found = self.rows("SELECT post_id, url FROM articles WHERE url LIKE '%/news/%' ORDER BY published_at, post_id")
        return [(post_id, urlsplit(url).path) for post_id, url in found]

    def make_due(self, path: str) -> None:
        """Let the time of an article's next visit come, where only the plan of revisits finds what became of it."""
        due = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")
        self.rows(f"UPDATE resources SET next_due_at = '{due}' WHERE url LIKE '%{path}'")

    @property
    def tells_edits(self) -> bool:
        """WordPress 6.1's own sitemaps have no times, and feeds show the newest articles only."""
        return self.setting.seo or self.setting.rest

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            return connection.execute(sql).fetchall()

    def one(self, sql: str) -> Any:
        [[value]] = self.rows(sql)
        return value

    def latest(self, *needed: str, moved_from: str = "") -> None:
        """Run ``latest`` once: robots.txt and what changed are asked, and little else; no other article."""
        self.run("latest")
        assert set(needed) <= set(self.asked), self.asked
        # The further pages of an article and REST's comments on it are part of it.
        parts = re.compile(r"|".join(re.escape(path) + r"(?:comment-page-)?\d+/" for path in needed) or "-")
        extra = [one for one in self.asked if not parts.fullmatch(one) and "comments?post=" not in one]
        for target in ("/robots.txt", *needed):
            extra.remove(target)
        articles = {one for one in extra if re.fullmatch(r"/(?:news|podcast)/(?!feed/)[^/]+/", one)}
        # An old address may be asked for where it leads, which is the new one once more.
        assert articles <= ({moved_from, *needed} if moved_from else set())
        assert len(extra) <= MORE_THAN_NEEDED, extra


@pytest.fixture(scope="module")
def running() -> Iterator[WordPress]:
    """A site of its own: other tests hold theirs against what it was filled with."""
    with wordpress() as site:
        site.php("fill.php", seed())
        yield site


@pytest.fixture(scope="module", params=SETTINGS, ids=str)
def archived(request: pytest.FixtureRequest, running: WordPress, tmp_path_factory: pytest.TempPathFactory) -> Archived:
    setting: Setting = request.param
    running.php("switch.php", {"theme": setting.theme, "options": setting.options})
    made = Archived(running, setting, tmp_path_factory.mktemp("archive") / "reex.db")
    made.run("backfill")
    return made


def test_a_new_article_is_stored(archived: Archived) -> None:
    slug = f"just-in-{archived.setting.theme}-{archived.setting.rest:d}"
    text = "A magnet was made, and this article is about it and about nothing else."
    post_id = archived.edit("publish", title="Just In", slug=slug, text=text)
    archived.latest(f"/news/{slug}/")
    assert text in archived.one(f"SELECT body FROM articles WHERE post_id = {post_id}")


def test_an_edited_article_is_stored_again(archived: Archived) -> None:
    post_id, path = archived.old_articles()[0]
    archived.edit("edit", post=post_id, text="Amended by the editors.")
    if not archived.tells_edits:
        archived.make_due(path)
    archived.latest(path)
    assert "Amended by the editors." in archived.one(f"SELECT body FROM articles WHERE post_id = {post_id}")


def test_a_new_comment_on_an_old_article_is_stored(archived: Archived) -> None:
    post_id, path = archived.old_articles()[1]
    text = f"I disagree with all of this, and I read it under {archived.setting}."
    number = archived.edit("comment", post=post_id, text=text)
    archived.latest(path)
    assert archived.one(f"SELECT count(*) FROM comments WHERE comment_id = {number}") == 1


def test_an_article_under_another_address_stays_the_same_article(archived: Archived) -> None:
    post_id, path = archived.old_articles()[2]
    count = archived.one("SELECT count(*) FROM articles")
    slug = f"moved-{archived.setting.theme}-{archived.setting.rest:d}"
    archived.edit("slug", post=post_id, slug=slug)
    if not archived.tells_edits:
        archived.make_due(path)
    archived.latest(f"/news/{slug}/", moved_from=path)
    assert archived.one(f"SELECT slug FROM articles WHERE post_id = {post_id}") == slug
    assert archived.one("SELECT count(*) FROM articles") == count


def test_a_withdrawn_article_is_missing_and_keeps_its_text(archived: Archived) -> None:
    post_id, path = archived.old_articles()[3]
    before = archived.one(f"SELECT body FROM articles WHERE post_id = {post_id}")
    archived.edit("trash", post=post_id)
    # Nothing announces it: the plan of revisits looks at its page.
    archived.make_due(path)
    archived.latest(path)
    assert archived.one(f"SELECT state FROM articles WHERE post_id = {post_id}") in {"missing", "gone"}
    assert archived.one(f"SELECT body FROM articles WHERE post_id = {post_id}") == before


def test_when_nothing_changed_no_article_is_asked(archived: Archived) -> None:
    archived.run("latest")
    archived.run("latest")
    assert [one for one in archived.asked if one.startswith(("/news/", "/podcast/")) and "/feed/" not in one] == []
    assert len(archived.asked) <= 4, archived.asked
