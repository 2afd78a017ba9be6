"""What one run of ``latest`` finds, and what it asks for to find it, counted in the site's own log."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.replica import Replica, Site, edit, running
from tests.replica.truth import ArticleTruth
from tests.shell.running import scrapy
from tests.shell.smaller import shrink
from tests.shell.test_crawl import pages, path_of, rows

MORE_THAN_NEEDED = 5
DAY = timedelta(days=1)
SETTINGS = [(rest, sitemap) for rest in ("open", "closed") for sitemap in ("yoast", "core")]


@dataclass
class Archived:
    """A site that was archived whole, and its archive."""

    replica: Replica
    database: Path
    done: Any = None
    asked: list[str] = field(default_factory=list)

    def latest(self) -> None:
        """Run ``latest`` once; its requests are ``asked``."""
        self.replica.log.clear()
        self.done = scrapy("crawl", "latest", site=self.replica.url, database=self.database)
        self.asked = self.replica.asked()
        assert self.done.returncode == 0, self.done.stderr

    def quiet_article(self, number: int = 0) -> ArticleTruth:
        """One of the oldest news articles, which no page of a feed or list shows."""
        news = [truth for truth in self.replica.site.truths() if truth.post_type == "news-archive"]
        return news[-1 - number]

    def one(self, sql: str) -> Any:
        [value] = rows(self.database, sql)
        return value

    def body(self, post_id: int) -> str:
        return str(self.one(f"SELECT body FROM articles WHERE post_id = {post_id}"))

    def assert_frugal(self, *needed: str, moved_from: str = "") -> None:
        """robots.txt and the pages that changed were asked, and little else; no other article."""
        assert set(needed) <= set(self.asked)
        extra = list(self.asked)
        for target in ("/robots.txt", *needed):
            extra.remove(target)
        # An old address may be asked for where it leads, which is the new one once more.
        assert set(pages(extra)) <= ({moved_from, *needed} if moved_from else set())
        assert len(extra) <= MORE_THAN_NEEDED, extra


@dataclass(frozen=True)
class Whole:
    replica: Replica
    site: Site
    database: Path


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda pair: f"REST {pair[0]}, {pair[1]}")
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    rest, sitemap = request.param
    database = tmp_path_factory.mktemp("whole") / "reex.db"
    with running(rest=rest, sitemap=sitemap) as replica:
        shrink(replica, 24)
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        assert done.returncode == 0, done.stderr
        yield Whole(replica, replica.site, database)


@pytest.fixture
def archived(whole: Whole, tmp_path: Path) -> Archived:
    """The site and its archive as the backfill left them."""
    whole.replica.site = whole.site
    shutil.copy(whole.database, tmp_path / "reex.db")
    return Archived(whole.replica, tmp_path / "reex.db")


def test_when_nothing_changed_no_article_is_asked(archived: Archived) -> None:
    archived.latest()
    archived.latest()
    assert pages(archived.asked) == []
    assert len(archived.asked) <= 4, archived.asked


def test_a_new_article_is_stored(archived: Archived) -> None:
    post_id = edit.publish(archived.replica, slug="just-in")
    archived.latest()
    assert archived.one(f"SELECT title FROM articles WHERE post_id = {post_id}") == "Just In: Just In"
    archived.assert_frugal("/news/just-in/")


def test_an_edited_article_is_stored_again(archived: Archived) -> None:
    truth = archived.quiet_article()
    edit.edit(archived.replica, truth.post_id, "Amended by the editors.")
    archived.latest()
    assert "Amended by the editors." in archived.body(truth.post_id)
    archived.assert_frugal(path_of(truth))


def test_a_new_comment_on_an_old_article_is_stored(archived: Archived) -> None:
    truth = archived.quiet_article()
    number = edit.comment(archived.replica, truth.post_id, "I disagree.")
    archived.latest()
    assert archived.one(f"SELECT body FROM comments WHERE comment_id = {number}") == "I disagree."
    archived.assert_frugal(path_of(truth))


def test_an_article_under_another_address_stays_the_same_article(archived: Archived) -> None:
    truth = archived.quiet_article()
    count = archived.one("SELECT count(*) FROM articles")
    edit.change_slug(archived.replica, truth.post_id, "quite-another-name")
    archived.latest()
    url = archived.one(f"SELECT url FROM articles WHERE post_id = {truth.post_id}")
    assert url == f"{archived.replica.url}/news/quite-another-name/"
    assert archived.one("SELECT count(*) FROM articles") == count
    archived.assert_frugal("/news/quite-another-name/", moved_from=path_of(truth))


def test_a_withdrawn_article_that_listings_show_no_longer_is_missing_and_keeps_its_text(archived: Archived) -> None:
    truth = archived.quiet_article()
    path, before = path_of(truth), archived.body(truth.post_id)
    edit.trash(archived.replica, truth.post_id)
    # Nothing announces it: the whole sitemaps are compared once a day, and the plan of revisits looks at its page.
    make_due(archived, path)
    archived.latest()
    assert archived.one(f"SELECT state FROM articles WHERE post_id = {truth.post_id}") in {"missing", "gone"}
    assert archived.body(truth.post_id) == before
    archived.assert_frugal(path)


def test_a_silent_edit_is_found_by_the_plan_of_revisits(archived: Archived) -> None:
    truth = archived.quiet_article()
    edit.edit_silently(archived.replica, truth.post_id, "Nobody shall notice.")
    archived.latest()
    assert path_of(truth) not in archived.asked
    make_due(archived, path_of(truth))
    archived.latest()
    assert "Nobody shall notice." in archived.body(truth.post_id)
    archived.assert_frugal(path_of(truth))


def test_a_comment_that_was_held_for_long_is_stored_once_it_is_approved(archived: Archived) -> None:
    truth = archived.quiet_article()
    posted = datetime.now(UTC) - timedelta(days=3)
    number = edit.comment(archived.replica, truth.post_id, "Held.", at=posted, approved=False)
    archived.latest()
    edit.comment(archived.replica, archived.quiet_article(1).post_id, "In between.")
    archived.latest()
    edit.approve(archived.replica, truth.post_id, number)
    if archived.replica.site.options.rest == "closed":
        # The feed of comments stays "not modified", since the newest comment is still the newest.
        make_due(archived, path_of(truth))
    archived.latest()
    assert archived.one(f"SELECT body FROM comments WHERE comment_id = {number}") == "Held."
    archived.assert_frugal(path_of(truth))


def test_everything_that_happened_between_two_runs_is_found_by_the_second(archived: Archived) -> None:
    archived.latest()
    edited, commented, moved = (archived.quiet_article(number) for number in range(3))
    new = edit.publish(archived.replica, slug="just-in")
    edit.edit(archived.replica, edited.post_id, "Amended by the editors.")
    number = edit.comment(archived.replica, commented.post_id, "I disagree.")
    edit.change_slug(archived.replica, moved.post_id, "quite-another-name")
    archived.latest()
    assert archived.one(f"SELECT slug FROM articles WHERE post_id = {new}") == "just-in"
    assert "Amended by the editors." in archived.body(edited.post_id)
    assert archived.one(f"SELECT count(*) FROM comments WHERE comment_id = {number}") == 1
    assert archived.one(f"SELECT slug FROM articles WHERE post_id = {moved.post_id}") == "quite-another-name"
    needed = ("/news/just-in/", path_of(edited), path_of(commented), "/news/quite-another-name/")
    archived.assert_frugal(*needed, moved_from=path_of(moved))


def make_due(archived: Archived, path: str) -> None:
    """Let the time of an article's next visit come."""
    with closing(sqlite3.connect(archived.database)) as connection, connection:
        due = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S+00:00")
        done = connection.execute("UPDATE resources SET next_due_at = ? WHERE url LIKE ?", (due, f"%{path}"))
        assert done.rowcount == 1
