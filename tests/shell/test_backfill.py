"""What a backfill asks for, counted in the site's own log."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.replica import Replica, edit, running
from tests.shell.running import errors, scrapy
from tests.shell.smaller import shrink
from tests.shell.test_crawl import pages, path_of, stored, visible

ZONE = ZoneInfo("America/Denver")
COUNT = 34


@pytest.fixture(params=["open", "closed"])
def small(request: pytest.FixtureRequest) -> Iterator[Replica]:
    with running(rest=request.param, feed_size=5, sitemap_size=15) as replica:
        shrink(replica, COUNT)
        yield replica


def day_of(at: datetime) -> date:
    """The calendar day of the site."""
    return at.astimezone(ZONE).date()


@pytest.mark.parametrize("rest", ["open", "closed"])
def test_a_clean_backfill_stores_every_article_with_few_requests_more_than_articles(tmp_path: Path, rest: str) -> None:
    database = tmp_path / "reex.db"
    # SEO plugins put a thousand addresses into a sitemap, WordPress core two thousand.
    with running(rest=rest, sitemap_size=1000) as replica:
        done = scrapy("crawl", "backfill", site=replica.url, database=database)
        articles, asked = visible(replica), replica.asked()
    assert done.returncode == 0, done.stderr
    assert stored(database) == articles
    # The further pages of a parted text belong to the article like those of its comments.
    counted = [target for target in asked if not re.search(r"/(?:comment-page-)?\d+/$", target)]
    assert len(articles) >= 60
    assert len(counted) <= 1.15 * len(articles)


def test_of_a_window_no_page_outside_is_asked(tmp_path: Path, small: Replica) -> None:
    database = tmp_path / "reex.db"
    days = sorted(day_of(truth.published) for truth in small.site.truths())
    since, until = days[COUNT // 3], days[2 * COUNT // 3]
    inside = {truth.post_id for truth in small.site.truths() if since <= day_of(truth.published) <= until}
    arguments = ("-a", f"since={since}", "-a", f"until={until}")
    done = scrapy("crawl", "backfill", *arguments, site=small.url, database=database)
    assert done.returncode == 0, done.stderr
    assert stored(database) == inside
    wanted = {path_of(truth) for truth in small.site.truths() if truth.post_id in inside}
    assert sorted(pages(small.asked())) == sorted(wanted)


@pytest.mark.parametrize("bound", ["since", "until"])
def test_a_window_may_be_open_at_one_end_and_its_days_are_the_sites_own(
    tmp_path: Path, small: Replica, bound: str
) -> None:
    # The last second of a day and the first of the next, as the site has them.
    day = date(2025, 11, 15)
    midnight = datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC)
    before = edit.publish(small, slug="before-midnight", at=midnight - timedelta(seconds=1))
    after = edit.publish(small, slug="after-midnight", at=midnight)
    given = f"since={day + timedelta(days=1)}" if bound == "since" else f"until={day}"
    database = tmp_path / "reex.db"
    done = scrapy("crawl", "backfill", "-a", given, site=small.url, database=database)
    assert done.returncode == 0, done.stderr
    inside = {truth for truth in small.site.truths() if (truth.published >= midnight) == (bound == "since")}
    assert stored(database) == {truth.post_id for truth in inside}
    assert (after if bound == "since" else before) in stored(database)
    assert sorted(pages(small.asked())) == sorted(map(path_of, inside))


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_it_goes_on_where_it_stopped_in_the_order_that_is_asked_for(tmp_path: Path, order: str) -> None:
    database = tmp_path / "reex.db"
    asked: list[str] = []
    # Where REST is closed, sitemaps tell only when an article was changed: the order is not exact.
    with running(rest="open" if order == "oldest" else "closed") as replica:
        shrink(replica, COUNT)
        for _ in range(3):
            replica.log.clear()
            arguments = ("-a", "max_articles=10", "-a", f"order={order}")
            done = scrapy("crawl", "backfill", *arguments, site=replica.url, database=database)
            assert done.returncode == 0, done.stderr
            assert len(pages(replica.asked())) == 10
            asked += pages(replica.asked())
        published = {path_of(truth): truth.published for truth in replica.site.truths()}
    assert len(set(asked)) == 30
    if order == "oldest":
        assert [published[path] for path in asked] == sorted(published.values())[:30]


def test_recheck_asks_exactly_the_articles_of_the_days(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    now = datetime.now(UTC).replace(microsecond=0)
    with running(rest="closed") as replica:
        shrink(replica, 6)
        for ago in (3, 10, 29, 31, 60):
            edit.publish(replica, slug=f"of-{ago}-days-ago", at=now - timedelta(days=ago))
        scrapy("crawl", "backfill", site=replica.url, database=database)
        replica.log.clear()
        done = scrapy("crawl", "recheck", "-a", "days=30", site=replica.url, database=database)
        asked = replica.asked()
    assert done.returncode == 0, done.stderr
    assert asked == ["/robots.txt", *(f"/news/of-{ago}-days-ago/" for ago in (3, 10, 29))]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("backfill", "-a", "since=2025-06-31"), "since=2025-06-31 is no day; give one as 2025-01-31"),
        (("backfill", "-a", "since=2025-02-02", "-a", "until=2025-02-01"), "since=2025-02-02 is after until"),
        (("backfill", "-a", "max_articles=-5"), "max_articles=-5 input should be greater than 0"),
        (("backfill", "-a", "order=random"), "order=random input should be 'newest' or 'oldest'"),
        (("recheck", "-a", "days=0"), "days=0 input should be greater than 0"),
        (("latest", "-a", "since=2025-01-01"), "there is no argument 'since'"),
        (("recheck", "-s", "REEX_DAILY_REVISITS=-1"), "REEX_DAILY_REVISITS"),
    ],
)
def test_an_impossible_argument_is_one_line_that_says_what_is_allowed(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = scrapy("crawl", *arguments, "--nolog", site="http://127.0.0.1:9", database=tmp_path / "reex.db")
    assert done.returncode == 2
    assert errors(done) == []
    [line] = done.stderr.splitlines()
    assert said in line
    assert "It takes" in line or "REEX_" in line
