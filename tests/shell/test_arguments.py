from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.errors import UsageError
from reex_crawler.spiders.arguments import (
    MODELS,
    BackfillArguments,
    LatestArguments,
    RecheckArguments,
    check,
    read,
)

COUNT = "max_articles: how many article pages to ask for at most"


def refusal(spider: str, given: dict[str, str]) -> str:
    with pytest.raises(UsageError) as caught:
        check(spider, given)
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f"spider {spider!r} cannot be started: ")
    return line


def test_arguments_arrive_as_text_and_become_days_and_numbers() -> None:
    given = {"since": "2025-01-31", "until": "2025-06-30", "max_articles": "50", "order": "oldest"}
    assert read("backfill", given) == BackfillArguments(
        since=date(2025, 1, 31), until=date(2025, 6, 30), max_articles=50, order="oldest"
    )


@pytest.mark.parametrize("spider", MODELS)
def test_every_argument_may_be_left_out(spider: str) -> None:
    check(spider, {})


def test_without_arguments_all_is_asked_the_newest_first_and_a_month_is_rechecked() -> None:
    assert LatestArguments().max_articles is None
    everything = BackfillArguments()
    assert (everything.since, everything.until, everything.max_articles, everything.order) == (
        None,
        None,
        None,
        "newest",
    )
    assert RecheckArguments().days == 30


def test_a_window_of_one_day_is_a_window() -> None:
    check("backfill", {"since": "2025-01-31", "until": "2025-01-31"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "2025-02-30"}, "since=2025-02-30 is no day; give one as 2025-01-31"),
        ({"since": "2025-13-01"}, "since=2025-13-01 is no day"),
        ({"since": ""}, "since= is no day"),
        ({"until": "1700000000"}, "until=1700000000 is no day"),
        ({"since": "yesterday"}, "since=yesterday is no day"),
        ({"since": "2025\n01"}, r"since='2025\n01' is no day"),
        ({"since": "2025-02-02", "until": "2025-02-01"}, "since=2025-02-02 is after until=2025-02-01"),
        ({"max_articles": "0"}, "max_articles=0 input should be greater than 0"),
        ({"max_articles": "-5"}, "max_articles=-5 input should be greater than 0"),
        ({"max_articles": "many"}, "max_articles=many input should be a valid integer"),
        ({"order": "random"}, "order=random input should be 'newest' or 'oldest'"),
        ({"snice": "2025-01-01"}, "there is no argument 'snice'"),
        ({"days": "3"}, "there is no argument 'days'"),
    ],
)
def test_a_wrong_argument_is_named_with_its_value_and_what_is_allowed(given: dict[str, str], said: str) -> None:
    line = refusal("backfill", given)
    assert said in line
    for allowed in (COUNT, "since: first day", "until: last day", "order: newest or oldest"):
        assert allowed in line


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"days": "0"}, "days=0 input should be greater than 0"),
        ({"days": "-3"}, "days=-3 input should be greater than 0"),
        ({"days": "100000000"}, "days=100000000 input should be less than or equal to 36500"),
        ({"days": "1.5"}, "days=1.5 input should be a valid integer"),
        ({"since": "2025-01-01"}, "there is no argument 'since'"),
    ],
)
def test_a_recheck_says_how_many_days_it_takes(given: dict[str, str], said: str) -> None:
    line = refusal("recheck", given)
    assert said in line
    assert "days: how many days back" in line


@pytest.mark.parametrize("name", ["since", "until", "order", "days"])
def test_latest_takes_no_window_and_says_so(name: str) -> None:
    line = refusal("latest", {name: "2025-01-01"})
    assert f"there is no argument {name!r}" in line
    assert line.endswith(f"It takes {COUNT}")


def test_all_that_is_wrong_is_said_at_once() -> None:
    line = refusal("backfill", {"since": "x", "max_articles": "0"})
    assert "since=x is no day" in line
    assert "max_articles=0" in line


@given(
    st.sampled_from(sorted(MODELS)), st.dictionaries(st.sampled_from(["since", "until", "order", "days"]), st.text())
)
def test_any_text_is_taken_or_refused_in_one_line(spider: str, given: dict[str, str]) -> None:
    with suppress(UsageError):
        check(spider, given)
        return
    assert refusal(spider, given).isprintable()
