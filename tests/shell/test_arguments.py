from __future__ import annotations

from datetime import date

import pytest

from reex_crawler.errors import UsageError
from reex_crawler.spiders.arguments import Arguments, check


def test_arguments_arrive_as_text_and_become_days_and_numbers() -> None:
    arguments = Arguments.model_validate({"since": "2025-01-31", "until": "2025-06-30", "max_articles": "50"})
    assert arguments == Arguments(since=date(2025, 1, 31), until=date(2025, 6, 30), max_articles=50)


def test_every_argument_may_be_left_out() -> None:
    check("backfill", {})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"since": "2025-02-30"}, "since=2025-02-30 is no day; give one as 2025-01-31"),
        ({"until": "1700000000"}, "until=1700000000 is no day"),
        ({"since": "yesterday"}, "since=yesterday is no day"),
        ({"since": "2025-02-02", "until": "2025-02-01"}, "since=2025-02-02 is after until=2025-02-01"),
        ({"max_articles": "0"}, "max_articles=0 input should be greater than 0"),
        ({"max_articles": "many"}, "max_articles=many input should be a valid integer"),
        ({"snice": "2025-01-01"}, "there is no argument 'snice'"),
    ],
)
def test_a_wrong_argument_is_named_with_its_value_and_what_is_allowed(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        check("backfill", given)
    line = str(caught.value)
    assert said in line
    assert "max_articles: how many article pages to ask for at most" in line
    assert "\n" not in line
