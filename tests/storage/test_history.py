"""Readings that come in any order of time, as an import and crawls do: one history, whatever came first."""

from __future__ import annotations

from datetime import timedelta
from itertools import groupby, permutations

import pytest
from sqlalchemy import select
from sqlalchemy.engine import Engine

from reex_crawler import ingest
from reex_crawler.records import Outcome
from reex_crawler.storage import frontier
from reex_crawler.storage.frontier import Fetched
from reex_crawler.storage.models import (
    ArticleRow,
    ArticleState,
    FetchOutcome,
    FetchRow,
    Origin,
    ResourceKind,
    ResourceRow,
    RevisionRow,
)
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL, URL, make_article

DAYS = [FETCHED_AT + timedelta(days=day) for day in range(6)]


def url_of(number: int) -> str:
    return f"{SITE_URL}/news/{number}/"


@pytest.mark.parametrize("titles", ["AAAA", "ABAB", "ABBA", "AABA"])
def test_the_history_of_an_article_is_that_of_the_site_whatever_was_read_first(engine: Engine, titles: str) -> None:
    orders = list(permutations(range(len(titles))))
    with transaction(engine) as session:
        for number, order in enumerate(orders, start=1):
            for day in order:
                article = make_article(DAYS[day], url=url_of(number), post_id=number, title=titles[day])
                ingest.store(session, article)
    days = [list(run) for _, run in groupby(range(len(titles)), key=titles.__getitem__)]
    with reading(engine) as session:
        for row in session.scalars(select(ArticleRow)):
            told = [
                (one.title, one.first_seen_at, one.last_seen_at, one.origin, session.get(FetchRow, one.fetch_id))
                for one in row.revisions
            ]
            order = orders[(row.post_id or 0) - 1]
            assert (row.title, row.first_seen_at, row.last_seen_at) == (titles[-1], DAYS[0], DAYS[len(titles) - 1])
            assert [one[:4] for one in told] == [
                (titles[run[0]], DAYS[run[0]], DAYS[run[-1]], Origin.SITE) for run in days
            ], order
            assert all(fetch and first <= fetch.fetched_at <= last for _, first, last, _, fetch in told), order


def test_an_older_reading_by_another_extractor_parts_no_content(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction(engine) as session:
        for day in (0, 4):
            ingest.store(session, make_article(DAYS[day]))
        monkeypatch.setattr(ingest, "EXTRACTOR_VERSION", "other")
        ingest.store(session, make_article(DAYS[2], body="Read otherwise."))
        monkeypatch.undo()
        ingest.store(session, make_article(DAYS[5]))
    with reading(engine) as session:
        rows = session.scalars(select(RevisionRow).order_by(RevisionRow.id)).all()
        assert [(row.origin, row.first_seen_at, row.last_seen_at) for row in rows] == [
            (Origin.SITE, DAYS[0], DAYS[5]),
            (Origin.EXTRACTOR, DAYS[2], DAYS[2]),
        ]


def test_a_reading_from_before_the_address_was_gone_brings_nothing_back(engine: Engine) -> None:
    with transaction(engine) as session:
        ingest.store(session, make_article(DAYS[0]))
        gone = Fetched(url=URL, kind=ResourceKind.ARTICLE, outcome=FetchOutcome.GONE, fetched_at=DAYS[3], status=404)
        frontier.record(session, gone)
        ingest.store(session, make_article(DAYS[2]))
    with reading(engine) as session:
        row = session.scalars(select(ArticleRow)).one()
        assert (row.state, row.last_seen_at) == (ArticleState.MISSING, DAYS[2])
        address = session.scalars(select(ResourceRow).where(ResourceRow.url == URL)).one()
        assert (address.last_outcome, address.last_fetched_at) == (FetchOutcome.GONE, DAYS[3])
    with transaction(engine) as session:
        assert ingest.store(session, make_article(DAYS[4])).outcome is Outcome.UNCHANGED
    with reading(engine) as session:
        assert session.scalars(select(ArticleRow.state)).one() is ArticleState.LIVE
