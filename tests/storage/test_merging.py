"""Two readings of one instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.records import Dated, Precision
from reex_crawler.storage.merging import finer

DENVER = ZoneInfo("America/Denver")
instants = st.integers(800_000_000, 2_200_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


def coarse(at: datetime, precision: Precision) -> Dated:
    """The instant as a source tells it that knows only the site-local day, or the minute."""
    local = at.astimezone(DENVER)
    start = (
        local.replace(second=0) if precision is Precision.MINUTE else local.replace(hour=0, minute=0, second=0, fold=0)
    )
    return Dated(start.astimezone(UTC), precision, "")


@given(instants, st.sampled_from([Precision.DAY, Precision.MINUTE]))
def test_the_exact_instant_wins_whichever_comes_first(at: datetime, precision: Precision) -> None:
    exact = Dated(at, Precision.SECOND, "")
    assert finer(exact, coarse(at, precision)) == exact
    assert finer(coarse(at, precision), exact) == exact


@given(instants, instants)
def test_of_two_equally_exact_instants_the_new_one_stands(old: datetime, new: datetime) -> None:
    assert finer(Dated(old, Precision.SECOND, ""), Dated(new, Precision.SECOND, "")) == Dated(new, Precision.SECOND, "")


@given(instants, st.integers(min_value=2, max_value=900))
def test_another_day_stands_even_where_it_is_less_exact(at: datetime, days: int) -> None:
    other = coarse(at + timedelta(days=days), Precision.DAY)
    assert finer(Dated(at, Precision.SECOND, ""), other) == other


@given(instants)
def test_what_only_one_knows_stands(at: datetime) -> None:
    one = Dated(at, Precision.SECOND, "")
    assert finer(one, None) == finer(None, one) == one
    assert finer(None, None) is None
