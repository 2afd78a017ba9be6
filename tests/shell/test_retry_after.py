from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http.headers import Headers

from reex_crawler.middlewares.retry_after import retry_after

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
WEEK = 7 * 24 * 3600


@given(st.integers(min_value=0))
def test_seconds_are_taken_as_they_are_up_to_a_week(seconds: int) -> None:
    assert retry_after(Headers({"Retry-After": str(seconds)}), NOW) == min(seconds, WEEK)


@pytest.mark.parametrize(
    "date", ["Thu, 01 Jan 2026 12:01:30 GMT", "Thursday, 01-Jan-26 12:01:30 GMT", "Thu Jan  1 12:01:30 2026"]
)
def test_each_form_of_an_http_date_is_read(date: str) -> None:
    assert retry_after(Headers({"Retry-After": date}), NOW) == 90


@given(
    st.integers(min_value=-40 * 365 * 24 * 3600, max_value=40 * 365 * 24 * 3600),
    st.integers(min_value=0, max_value=WEEK),
)
def test_a_date_is_read_against_the_clock_of_the_server(fast: int, seconds: int) -> None:
    date = NOW + timedelta(seconds=fast)
    until = date + timedelta(seconds=seconds)
    headers = {"Date": format_datetime(date, usegmt=True), "Retry-After": format_datetime(until, usegmt=True)}
    assert retry_after(Headers(headers), NOW) == seconds


@pytest.mark.parametrize("value", ["", "soon", "-1", "1.5", "1e9", "٣", "12 s", "Thu, 01 Jan 2026 11:59:59 GMT"])
def test_nonsense_and_what_has_passed_says_nothing(value: str) -> None:
    assert retry_after(Headers({"Retry-After": value}), NOW) is None


@given(st.binary() | st.from_regex(rb"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ [+-]?\w+"), st.binary())
def test_no_header_is_too_strange(value: bytes, date: bytes) -> None:
    seconds = retry_after(Headers({"Retry-After": value, "Date": date}), NOW)
    assert seconds is None or 0 <= seconds <= WEEK
