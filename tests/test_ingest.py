"""The one road from pages to rows."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.engine import Engine

from reex_crawler import ingest
from reex_crawler.extraction import EXTRACTOR_VERSION
from reex_crawler.records import Outcome, Quarantined
from reex_crawler.storage import runs
from reex_crawler.storage.models import (
    ArticleRow,
    FetchOutcome,
    FetchRow,
    QuarantineRow,
    ResourceKind,
    ResourceRow,
    ResourceState,
    RevisionRow,
)
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, HTML, SITE_URL, URL, make_article, make_capture, make_page

LATER = FETCHED_AT + timedelta(days=1)


def test_an_article_is_stored_with_the_answers_it_was_read_from(engine: Engine) -> None:
    second = make_page(url=f"{URL}comment-page-1/", body=b"comments")
    main = make_page(headers=(("etag", '"1"'), ("Last-Modified", "Mon, 05 Jan 2026 12:00:00 GMT")))
    with transaction(engine) as session:
        run_id = runs.start(session, spider="latest", arguments={}, versions={}, started_at=FETCHED_AT)
        stored = ingest.store(session, make_article(), run_id=run_id, pages=(main, second))
    assert (stored.outcome, stored.new_comments) == (Outcome.NEW, len(make_article().comments))
    with reading(engine) as session:
        article = session.scalars(select(ArticleRow)).one()
        assert article.extractor_version == EXTRACTOR_VERSION
        page, part = session.scalars(select(FetchRow).order_by(FetchRow.id)).all()
        assert (page.outcome, page.run_id, page.status, page.final_url) == (FetchOutcome.ARTICLE, run_id, 200, URL)
        assert (page.digest, page.size, page.fetched_at) == (hashlib.sha256(HTML).hexdigest(), len(HTML), FETCHED_AT)
        assert (part.outcome, part.size) == (FetchOutcome.PART, 8)
        assert session.scalars(select(RevisionRow.fetch_id)).all() == [page.id]
        asked, of_part = session.scalars(select(ResourceRow).order_by(ResourceRow.id)).all()
        assert (asked.url, asked.state, asked.article_id) == (URL, ResourceState.FETCHED, article.id)
        assert (asked.etag, asked.last_modified) == ('"1"', "Mon, 05 Jan 2026 12:00:00 GMT")
        assert (of_part.url, of_part.kind, of_part.article_id) == (second.url, ResourceKind.PART, article.id)


def test_the_same_page_again_adds_no_answer_and_no_revision(engine: Engine) -> None:
    for expected in (Outcome.NEW, Outcome.UNCHANGED):
        with transaction(engine) as session:
            assert ingest.store(session, make_article()).outcome is expected
    with reading(engine) as session:
        for table in (FetchRow, RevisionRow, ResourceRow):
            assert session.scalar(select(func.count()).select_from(table)) == 1


def test_an_old_address_leads_to_the_article_it_redirects_to(engine: Engine) -> None:
    old = f"{SITE_URL}/news/old/"
    moved = replace(make_article(), capture=make_capture(url=old, final_url=URL))
    with transaction(engine) as session:
        ingest.store(session, moved)
    with reading(engine) as session:
        urls = select(ResourceRow.url).where(ResourceRow.article_id.is_not(None))
        assert set(session.scalars(urls)) == {old, URL}


def test_a_page_set_aside_keeps_its_bytes_and_its_reason(engine: Engine) -> None:
    body = bytes(range(256))
    page = make_page(body=body, status=503, headers=(("Set-Cookie", "a"), ("Set-Cookie", "b")))
    aside = Quarantined(reason="challenge", detail="A challenge page stands there.", page=page)
    with transaction(engine) as session:
        ingest.quarantine(session, aside)
    with transaction(engine) as session:
        ingest.quarantine(session, replace(aside, page=replace(page, fetched_at=LATER)))
    with reading(engine) as session:
        row = session.scalars(select(QuarantineRow)).one()
        assert gzip.decompress(row.body_gzip) == body
        assert (row.reason, row.detail, row.status) == ("challenge", "A challenge page stands there.", 503)
        assert row.headers == [["Set-Cookie", "a"], ["Set-Cookie", "b"]]
        assert (row.first_seen_at, row.last_seen_at) == (FETCHED_AT, LATER)
        resource = session.scalars(select(ResourceRow)).one()
        assert (resource.state, resource.tries) == (ResourceState.QUARANTINED, 2)
        assert resource.last_error == "A challenge page stands there."
        assert session.scalar(select(func.count()).select_from(FetchRow)) == 2


def test_a_page_set_aside_leaves_the_good_article_alone(engine: Engine) -> None:
    with transaction(engine) as session:
        ingest.store(session, make_article())
        aside = Quarantined(reason="maintenance", detail="Back soon.", page=make_page(fetched_at=LATER))
        ingest.quarantine(session, aside)
    with reading(engine) as session:
        assert session.scalars(select(ArticleRow)).one().last_seen_at == FETCHED_AT
