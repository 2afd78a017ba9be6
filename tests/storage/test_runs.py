"""Rows of crawl runs."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.engine import Engine

from reex_crawler.storage import runs
from reex_crawler.storage.models import RunOutcome
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT

LATER = FETCHED_AT + timedelta(minutes=5)


def start(engine: Engine) -> int:
    with transaction(engine) as session:
        return runs.start(
            session,
            spider="latest",
            arguments={"max_articles": 5},
            versions={"scrapy": "2.19.0"},
            started_at=FETCHED_AT,
        )


def test_a_run_is_running_until_it_is_finished(engine: Engine) -> None:
    run_id = start(engine)
    with reading(engine) as session:
        row = runs.latest(session, 5)[0]
        assert (row.outcome, row.ended_at, row.exit_code) == (RunOutcome.RUNNING, None, None)
        assert (row.arguments, row.versions) == ({"max_articles": 5}, {"scrapy": "2.19.0"})
    with transaction(engine) as session:
        runs.finish(
            session,
            run_id,
            outcome=RunOutcome.PARTIAL,
            exit_code=1,
            stats={"reex/articles_new": 3},
            ended_at=LATER,
        )
    with reading(engine) as session:
        row = runs.latest(session, 5)[0]
        assert (row.outcome, row.exit_code, row.ended_at) == (RunOutcome.PARTIAL, 1, LATER)
        assert row.stats == {"reex/articles_new": 3}


def test_the_latest_runs_come_first(engine: Engine) -> None:
    ids = [start(engine) for _ in range(3)]
    with reading(engine) as session:
        assert [row.id for row in runs.latest(session, 2)] == [ids[2], ids[1]]


def test_a_run_without_an_end_was_killed_and_nobody_knows_when(engine: Engine) -> None:
    lost, done = start(engine), start(engine)
    with transaction(engine) as session:
        runs.finish(session, done, outcome=RunOutcome.DONE, exit_code=0, stats={}, ended_at=LATER)
        assert runs.close_killed(session) == 1
        assert runs.close_killed(session) == 0
    with reading(engine) as session:
        rows = {row.id: (row.outcome, row.ended_at, row.exit_code) for row in runs.latest(session, 5)}
    assert rows == {lost: (RunOutcome.KILLED, None, None), done: (RunOutcome.DONE, LATER, 0)}
