"""A rehearsal: all the work of a run on the real database, and nothing of it written."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine

from reex_crawler.errors import StorageError
from reex_crawler.storage import articles, runs
from reex_crawler.storage.models import ArticleRow, Base
from reex_crawler.storage.session import reading, rehearsing, transaction
from tests.factories import FETCHED_AT, make_article
from tests.storage.addresses import ask, named, read_listing, slug_url


def rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    """All that is in the database."""
    with reading(engine) as session:
        return {
            table.name: sorted(map(tuple, session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_a_rehearsal_sees_its_own_work_and_leaves_nothing_of_it(engine: Engine) -> None:
    ask(engine)
    read_listing(engine, named("a"))
    before = rows(engine)
    with rehearsing(engine) as rehearsal:
        with transaction(rehearsal) as session:
            runs.start(session, spider="latest", arguments={}, versions={}, started_at=FETCHED_AT)
            articles.upsert(
                session, make_article(post_id=8, url=slug_url("b"), title="Rehearsed"), extractor_version="1"
            )
        with transaction(rehearsal) as session:
            assert sorted(session.scalars(select(ArticleRow.title))) == ["Magnets", "Rehearsed"]
            session.execute(text("UPDATE resources SET state = 'gone'"))
    assert rows(engine) == before


def test_a_rehearsal_that_breaks_off_leaves_nothing(engine: Engine) -> None:
    before = rows(engine)
    with suppress(KeyboardInterrupt), rehearsing(engine) as rehearsal, transaction(rehearsal) as session:
        articles.upsert(session, make_article(), extractor_version="1")
        raise KeyboardInterrupt
    assert rows(engine) == before


def test_work_that_fails_in_a_rehearsal_takes_back_itself_only(engine: Engine) -> None:
    before = rows(engine)
    with rehearsing(engine) as rehearsal:
        with transaction(rehearsal) as session:
            articles.upsert(session, make_article(), extractor_version="1")
        with pytest.raises(StorageError, match=r"(?i)constraint"), transaction(rehearsal) as session:
            session.execute(text("UPDATE articles SET state = 'lost'"))
        with transaction(rehearsal) as session:
            assert session.scalars(select(ArticleRow.title)).all() == ["Magnets"]
            session.execute(text("UPDATE articles SET title = 'Kept?'"))
    assert rows(engine) == before


def test_real_work_goes_on_after_a_rehearsal(engine: Engine) -> None:
    with rehearsing(engine) as rehearsal, transaction(rehearsal) as session:
        articles.upsert(session, make_article(title="Rehearsed"), extractor_version="1")
    ask(engine)
    with reading(engine) as session:
        assert session.scalars(select(ArticleRow.title)).all() == ["Magnets"]
