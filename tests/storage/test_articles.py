"""Which row a reading goes to, what it makes of it, and what it leaves alone."""

from __future__ import annotations

from sqlalchemy.engine import Engine

from reex_crawler.records import Outcome
from reex_crawler.storage import articles
from reex_crawler.storage.session import transaction
from tests.factories import make_article


def test_a_first_reading_is_new(engine: Engine) -> None:
    with transaction(engine) as session:
        assert articles.upsert(session, make_article(), extractor_version="1").outcome is Outcome.NEW
