from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery.policy import Window, article_key
from reex_crawler.site.profile import profile

SITE = profile("https://site.test")
NOON = datetime(2025, 7, 1, 12, tzinfo=UTC)


def test_a_window_of_days_holds_its_first_and_last_day_as_the_site_counts_them() -> None:
    window = Window.of_days(date(2025, 7, 1), date(2025, 7, 1), ZoneInfo("America/Denver"))
    assert window.since == datetime(2025, 7, 1, 6, tzinfo=UTC)
    assert window.before == datetime(2025, 7, 2, 6, tzinfo=UTC)
    assert window.holds(window.since)
    assert not window.holds(window.before)


def test_a_day_of_the_window_has_23_hours_when_the_clocks_go_forward() -> None:
    window = Window.of_days(date(2025, 3, 9), date(2025, 3, 9), ZoneInfo("America/Denver"))
    assert window.before is not None
    assert window.since is not None
    assert window.before - window.since == timedelta(hours=23)


def test_an_open_window_holds_everything() -> None:
    window = Window.of_days(None, None, ZoneInfo("America/Denver"))
    assert window.is_open
    assert window.holds(NOON)
    assert window.may_hold(None, None)


@pytest.mark.parametrize("days", [(date(2025, 7, 1), None), (None, date(2025, 7, 1))])
def test_a_window_with_one_end_is_not_open(days: tuple[date | None, date | None]) -> None:
    assert not Window.of_days(*days, ZoneInfo("America/Denver")).is_open


@pytest.mark.parametrize(
    ("published", "modified", "may"),
    [
        (NOON, None, True),
        (NOON - timedelta(days=2), NOON, False),
        (NOON + timedelta(days=2), None, False),
        (None, NOON - timedelta(days=2), False),
        # Changed later than the window ends: it may have been published inside of it.
        (None, NOON + timedelta(days=9), True),
        (None, None, True),
    ],
)
def test_what_a_listing_says_decides_whether_an_article_may_lie_in_the_window(
    *, published: datetime | None, modified: datetime | None, may: bool
) -> None:
    window = Window(since=NOON - timedelta(days=1), before=NOON + timedelta(days=1))
    assert window.may_hold(published, modified) is may


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_an_article_in_the_window_is_never_ruled_out_by_its_time_of_change(
    published: datetime, later: timedelta
) -> None:
    window = Window(since=NOON, before=NOON + timedelta(days=30))
    try:
        modified = published + later
    except OverflowError:
        return
    assert window.may_hold(None, modified) or not window.holds(published)


@pytest.mark.parametrize(
    "url",
    [
        "https://site.test/news/a/feed/",
        "https://site.test/news/a/embed/",
        "https://site.test/news/a/?replytocom=3",
        "https://site.test/",
        "https://other.test/news/a/",
        "http://site.test/news/a/",
        "https://site.test:444/news/a/",
    ],
)
def test_an_address_that_is_no_article_of_the_site_has_no_key(url: str) -> None:
    assert article_key(url, SITE) is None


@pytest.mark.parametrize("path", ["/?p=7855", "/?post_type=news-archive&p=7855"])
def test_an_address_that_names_an_article_by_its_number_is_its_own_key(path: str) -> None:
    assert article_key(f"https://site.test{path}", SITE) == f"https://site.test{path}"


@pytest.mark.parametrize(
    "spelling", ["/news/a", "/news/a/", "/news/a/#comments", "/news/a/?utm_source=x", "/news/a/comment-page-2/"]
)
def test_all_spellings_of_an_address_have_one_key(spelling: str) -> None:
    assert article_key(f"https://site.test{spelling}", SITE) == "https://site.test/news/a/"
