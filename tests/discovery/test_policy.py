from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery.policy import FEW, Window, article_key, merge, newest_first, recent
from reex_crawler.records import Dated, Listed, Precision
from reex_crawler.site.profile import profile

SITE = profile("https://site.test")
NOON = datetime(2025, 7, 1, 12, tzinfo=UTC)


def dated(at: datetime | None) -> Dated | None:
    return None if at is None else Dated(at, Precision.SECOND, at.isoformat())


def listed(
    slug: str, source: str = "sitemap", *, published: datetime | None = None, modified: datetime | None = None
) -> Listed:
    url = f"https://site.test/news/{slug}/"
    return Listed(
        url=url,
        source=source,
        listed_in=f"https://site.test/{source}",
        published=dated(published),
        modified=dated(modified),
    )


def slugs(entries: list[Listed]) -> list[str]:
    return [entry.url.rsplit("/", 2)[1] for entry in entries]


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
    assert window.holds(NOON)
    assert window.may_hold(listed("a"))


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
    assert window.may_hold(listed("a", published=published, modified=modified)) is may


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)))
def test_an_article_in_the_window_is_never_ruled_out_by_its_time_of_change(
    published: datetime, later: timedelta
) -> None:
    window = Window(since=NOON, before=NOON + timedelta(days=30))
    try:
        modified = published + later
    except OverflowError:
        return
    assert window.may_hold(listed("a", modified=modified)) or not window.holds(published)


def test_one_article_listed_thrice_is_one_entry_from_the_listing_that_knows_most() -> None:
    merged = merge([listed("a"), listed("a", "rest"), listed("a", "feed"), listed("b", "feed"), listed("b")], SITE)
    assert [(key, entry.source) for key, entry in merged.items()] == [
        ("https://site.test/news/a/", "rest"),
        ("https://site.test/news/b/", "feed"),
    ]


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


@pytest.mark.parametrize(
    "spelling", ["/news/a", "/news/a/", "/news/a/#comments", "/news/a/?utm_source=x", "/news/a/comment-page-2/"]
)
def test_all_spellings_of_an_address_have_one_key(spelling: str) -> None:
    assert article_key(f"https://site.test{spelling}", SITE) == "https://site.test/news/a/"


def test_the_newest_come_first_and_those_without_a_date_last_in_their_order() -> None:
    entries = [
        listed("undated-1"),
        listed("old", published=NOON - timedelta(days=9)),
        listed("undated-2"),
        listed("changed", modified=NOON),
        listed("new", published=NOON + timedelta(days=1), modified=NOON + timedelta(days=2)),
    ]
    assert slugs(newest_first(entries)) == ["new", "changed", "old", "undated-1", "undated-2"]


def test_recent_is_what_the_feed_shows_and_what_changed_since_its_oldest_entry() -> None:
    fed = [listed("f1", "feed", published=NOON), listed("f2", "feed", published=NOON - timedelta(days=3))]
    changed = [
        listed("edited", "rest", published=NOON - timedelta(days=90), modified=NOON - timedelta(hours=1)),
        listed("untouched", "rest", published=NOON - timedelta(days=90), modified=NOON - timedelta(days=4)),
    ]
    assert slugs(recent(fed, changed)) == ["f1", "f2", "edited"]


def test_without_a_feed_the_last_changed_of_the_others_are_recent() -> None:
    others = [listed(str(day), modified=NOON - timedelta(days=day)) for day in range(3 * FEW)]
    assert slugs(recent([], list(reversed(others)))) == [str(day) for day in range(FEW)]
