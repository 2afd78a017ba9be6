from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.records import Dated, Precision
from reex_crawler.text.instants import machine, mail, plausible, second_reading, written

DENVER = ZoneInfo("America/Denver")
NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
# From 1990, the first year that is plausible, to 2037, the last of the time zone's table.
INSTANTS = st.integers(631_238_400, 2_145_900_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))

# A date, the time and how WordPress' settings would print them in each of their formats.
DATE_FORMATS = [
    "%B {d}, %Y",
    "%b {d}, %Y",
    "{d} %B %Y",
    "{d} %b %Y",
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%A, %B {d}, %Y",
    "%B {d}{th} %Y",
]
TIME_FORMATS = ["{h}:%M {p}", "{h}:%M {P}", "%H:%M", "{h}:%M:%S {p}", "%H:%M:%S"]


def printed(at: datetime, day: str, time: str, between: str = " at ") -> str:
    """A local time as PHP's ``date`` prints it."""
    hour = at.hour % 12 or 12
    half = "am" if at.hour < 12 else "pm"
    text = at.strftime(day + between + time)
    return text.format(d=at.day, th="th", h=hour, p=half, P=half.upper())


@given(
    INSTANTS, st.sampled_from(DATE_FORMATS), st.sampled_from(TIME_FORMATS), st.sampled_from([" at ", " ", " @ ", ", "])
)
def test_a_printed_local_time_is_read_in_every_format_and_on_both_sides_of_daylight_saving(at, day, time, between):
    local = at.astimezone(DENVER)
    read = written(f"on {printed(local, day, time, between)}", DENVER, NOW)
    assert read is not None
    exact = at if "%S" in time else at.replace(second=0)
    assert read.precision is (Precision.SECOND if "%S" in time else Precision.MINUTE)
    assert exact in {read.at, getattr(second_reading(read, DENVER), "at", None)}
    assert read.at.astimezone(DENVER).replace(tzinfo=None, fold=0) == exact.astimezone(DENVER).replace(
        tzinfo=None, fold=0
    )


@given(INSTANTS, st.sampled_from(DATE_FORMATS))
def test_a_printed_day_starts_at_local_midnight(at, day):
    local = at.astimezone(DENVER)
    read = written(printed(local, day, "", ""), DENVER, NOW)
    assert read is not None
    assert read.precision is Precision.DAY
    assert read.at.astimezone(DENVER) == local.replace(hour=0, minute=0, second=0)


@given(INSTANTS, st.integers(-14 * 60, 14 * 60))
def test_a_time_with_an_offset_is_exact_wherever_it_was_written(at, minutes):
    there = at.astimezone(ZoneInfo("UTC")) + timedelta(minutes=minutes)
    sign = "-" if minutes < 0 else "+"
    text = f"{there:%Y-%m-%dT%H:%M:%S}{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    assert machine(text, DENVER) == Dated(at, Precision.SECOND, text)


@given(INSTANTS)
def test_the_date_of_a_feed_is_exact(at):
    text = format_datetime(at)
    assert mail(text) == Dated(at, Precision.SECOND, text)


@given(st.integers(2007, 2036))
def test_spring_skips_an_hour_and_autumn_repeats_one_every_year(year):
    spring = max(day for day in range(8, 15) if date(year, 3, day).weekday() == 6)
    autumn = max(day for day in range(1, 8) if date(year, 11, day).weekday() == 6)
    skipped = written(f"{year}-03-{spring:02} 02:30", DENVER, NOW)
    assert skipped is not None
    assert skipped.at == datetime(year, 3, spring, 9, 30, tzinfo=UTC)
    assert second_reading(skipped, DENVER) is None
    repeated = written(f"{year}-11-{autumn:02} 01:30", DENVER, NOW)
    assert repeated is not None
    assert repeated.at == datetime(year, 11, autumn, 7, 30, tzinfo=UTC)
    later = second_reading(repeated, DENVER)
    assert later is not None
    assert later.at == datetime(year, 11, autumn, 8, 30, tzinfo=UTC)
    assert second_reading(later, DENVER) is None


def test_a_time_written_in_utc_has_one_reading():
    exact = machine("2025-11-02T07:30:00+00:00", DENVER)
    local = machine("2025-11-02T01:30:00-06:00", DENVER)
    assert exact is not None
    assert local is not None
    assert exact.at == local.at
    assert second_reading(exact, DENVER) is None
    assert second_reading(local, DENVER) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "last week",
        "2 weeks ago",
        "04/11/2025",
        "Nov 31, 2025",
        "2025-13-01",
        "Nov 4, 2025 at 25:10",
        "Nov 4, 2025 at 13:10 pm",
        "Nov 4",
        "May be 5, 2025",
        "12345-67-8901",
        "at 5:29 pm",
    ],
)
def test_a_text_that_names_no_day_for_certain_is_no_date(text):
    assert written(text, DENVER, NOW) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("24/11/2025", (2025, 11, 24)),
        ("11/24/2025", (2025, 11, 24)),
        ("24.11.2025", (2025, 11, 24)),
        ("7/7/2025", (2025, 7, 7)),
        ("Sept. 3rd, 2025", (2025, 9, 3)),
        ("the 1st of March 2025", (2025, 3, 1)),
    ],
)
def test_a_day_that_cannot_be_mistaken_is_read(text, day):
    read = written(text, DENVER, NOW)
    assert read is not None
    local = read.at.astimezone(DENVER)
    assert (local.year, local.month, local.day) == day


def test_an_age_counts_back_from_when_the_page_was_received():
    assert written("5 mins ago", DENVER, NOW) == Dated(NOW - timedelta(minutes=5), Precision.MINUTE, "5 mins ago")
    hours = written("6 hours ago", DENVER, NOW)
    assert hours == Dated(datetime(2026, 1, 4, 7, 0, tzinfo=UTC), Precision.DAY, "6 hours ago")


@pytest.mark.parametrize(
    "text", ["0000-00-00 00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "x", "2025-02-30"]
)
def test_a_machine_date_that_cannot_be_is_none(text):
    assert machine(text, DENVER) is None


@pytest.mark.parametrize(
    ("text", "precision"),
    [("2025-10-27", Precision.DAY), ("2025-10-27T18:22Z", Precision.MINUTE), ("2025-10-27 18:22:05", Precision.SECOND)],
)
def test_the_precision_is_what_the_source_wrote(text, precision):
    read = machine(text, DENVER)
    assert read is not None
    assert read.precision is precision


@pytest.mark.parametrize("text", ["Mon, 27 Oct 2025 18:22:05", "27 Oct 2025 5:29 PM", "", "not a date at all +0000"])
def test_a_feed_date_without_a_zone_is_no_date(text):
    assert mail(text) is None


def test_only_dates_between_the_first_web_page_and_two_days_ahead_are_plausible():
    for day, kept in ((date(1989, 12, 31), False), (date(1990, 1, 2), True), (date(2026, 1, 8), False)):
        dated = Dated(datetime(day.year, day.month, day.day, tzinfo=UTC), Precision.DAY, "")
        assert (plausible(dated, NOW) is dated) is kept
    assert plausible(None, NOW) is None


@given(st.text(max_size=60))
def test_no_text_at_all_is_an_error(text):
    for read in (machine(text, DENVER), mail(text), written(text, DENVER, NOW)):
        assert read is None or read.at.tzinfo is UTC


@given(
    st.from_regex(
        r"[0-9]{1,4}[-/. ][0-9A-Za-z]{1,9}[-/. ,][0-9]{1,4} [0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[ap]m)?", fullmatch=True
    )
)
def test_no_text_that_looks_like_a_date_is_an_error(text):
    for read in (machine(text, DENVER), mail(text), written(text, DENVER, NOW)):
        assert read is None or read.at.tzinfo is UTC
