from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery.revisit import (
    GIVE_UP,
    LONGEST,
    SHORTEST,
    History,
    Trouble,
    after_absence,
    after_failure,
    explained,
    interval,
    span,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

instants = st.integers(0, 50_000).map(
    lambda days: datetime(1980, 1, 1, tzinfo=UTC) + timedelta(days=days, hours=days % 24)
)
spans = st.timedeltas(timedelta(), timedelta(days=4000))
histories = st.builds(
    History,
    first_seen_at=instants,
    published_at=st.none() | instants,
    edits=st.integers(0, 50),
    edited_at=st.none() | instants,
    commented_at=st.none() | instants,
)


def history(quiet: timedelta = 30 * DAY, edits: int = 0) -> History:
    """An article of which nothing changed for so long before noon."""
    return History(first_seen_at=NOON, published_at=NOON - quiet, edits=edits, edited_at=None, commented_at=None)


# An article.


@given(histories, instants)
def test_an_article_is_never_looked_at_sooner_than_after_six_hours_nor_later_than_after_90_days(
    known: History, at: datetime
) -> None:
    assert timedelta(hours=6) == SHORTEST <= interval(known, at) <= LONGEST == timedelta(days=90)


@given(histories, instants, spans)
def test_the_longer_an_article_is_quiet_the_longer_it_is_left_alone(
    known: History, at: datetime, later: timedelta
) -> None:
    assert interval(known, at + later) >= interval(known, at)


@given(histories, instants, st.integers(1, 50))
def test_the_more_often_an_article_was_edited_the_sooner_it_is_looked_at(
    known: History, at: datetime, more: int
) -> None:
    assert interval(replace(known, edits=known.edits + more), at) <= interval(known, at)


@given(histories, instants, st.sampled_from(["edited_at", "commented_at"]), spans)
def test_a_later_edit_or_comment_brings_the_next_look_forward(
    known: History, at: datetime, field: str, later: timedelta
) -> None:
    livelier = replace(known, **{field: (getattr(known, field) or known.changed_at) + later})
    assert interval(livelier, at) <= interval(known, at)


@pytest.mark.parametrize(
    ("quiet", "edits", "wait"),
    [
        (timedelta(), 0, timedelta(hours=6)),
        (18 * HOUR, 0, 6 * HOUR),
        (3 * DAY, 0, DAY),
        (30 * DAY, 0, 10 * DAY),
        (30 * DAY, 1, 5 * DAY),
        (30 * DAY, 2, 5 * DAY),
        (30 * DAY, 3, 2.5 * DAY),
        (270 * DAY, 0, 90 * DAY),
        (3650 * DAY, 0, 90 * DAY),
    ],
)
def test_an_article_is_left_alone_for_a_third_of_the_time_it_was_quiet_or_less_where_it_was_edited(
    quiet: timedelta, edits: int, wait: timedelta
) -> None:
    assert interval(history(quiet, edits), NOON) == wait


def test_an_article_without_a_date_counts_from_when_it_was_first_seen() -> None:
    assert interval(replace(history(), published_at=None), NOON + 30 * DAY) == 10 * DAY


def test_a_clock_of_the_site_that_is_ahead_breaks_nothing() -> None:
    assert interval(replace(history(), commented_at=NOON + DAY), NOON) == SHORTEST


@pytest.mark.parametrize(
    ("edits", "said"),
    [
        (0, "looked at every 10 days, because nothing of it changed for 30 days"),
        (1, "looked at every 5 days, because nothing of it changed for 30 days; edited once"),
        (4, "looked at every 2 days, because nothing of it changed for 30 days; edited 4 times"),
    ],
)
def test_the_interval_is_explained_in_a_sentence(edits: int, said: str) -> None:
    assert explained(history(edits=edits), NOON) == said


@pytest.mark.parametrize(
    ("time", "said"),
    [(-HOUR, "0 h"), (6 * HOUR, "6 h"), (47 * HOUR, "47 h"), (48 * HOUR, "2 days"), (90 * DAY, "90 days")],
)
def test_a_span_is_told_in_the_largest_unit_that_fits_twice(time: timedelta, said: str) -> None:
    assert span(time) == said


# What gave no article.


@given(st.sampled_from(Trouble), st.integers(1, GIVE_UP - 2), instants)
def test_each_failure_waits_at_least_as_long_as_the_one_before_and_a_month_at_most(
    trouble: Trouble, tries: int, at: datetime
) -> None:
    first, second = after_failure(trouble, tries, at), after_failure(trouble, tries + 1, at)
    assert first is not None
    assert second is not None
    assert at <= first <= second <= at + 30 * DAY


@given(st.integers(1, 10_000), instants)
def test_only_what_fails_is_given_up_after_ten_tries(tries: int, at: datetime) -> None:
    assert (after_failure(Trouble.FAILED, tries, at) is None) == (tries >= 10)
    for trouble in (Trouble.PASSING, Trouble.LASTING):
        again = after_failure(trouble, tries, at)
        assert again is not None
        assert at <= again <= at + 30 * DAY


@pytest.mark.parametrize(
    ("trouble", "waits"),
    [
        (Trouble.FAILED, [0 * HOUR, 0 * HOUR, 0 * HOUR, HOUR, 2 * HOUR, 4 * HOUR]),
        (Trouble.PASSING, [0 * DAY, DAY, 2 * DAY, 4 * DAY]),
        (Trouble.LASTING, [DAY, 2 * DAY, 4 * DAY]),
    ],
)
def test_the_first_tries_are_made_at_once_and_the_others_after_waits_that_double(
    trouble: Trouble, waits: list[timedelta]
) -> None:
    assert [after_failure(trouble, tries, NOON) for tries in range(1, len(waits) + 1)] == [NOON + one for one in waits]


# What is not there.


@given(instants, spans)
def test_what_is_absent_is_asked_after_a_day_at_least_and_90_at_most(at: datetime, waited: timedelta) -> None:
    assert at + DAY <= after_absence(at, at - waited) <= at + LONGEST
    assert after_absence(at, None) == at + DAY


def test_what_stays_absent_is_asked_after_waits_that_double() -> None:
    asked, waits = [NOON], []
    for _ in range(9):
        again = after_absence(asked[-1], asked[-2] if len(asked) > 1 else None)
        waits.append((again - asked[-1]).days)
        asked.append(again)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 90, 90]
