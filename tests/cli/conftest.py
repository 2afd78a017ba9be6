from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy.engine import URL, Engine

from reex_crawler import ingest
from reex_crawler.cli.main import run
from reex_crawler.records import FieldRepair, FieldSuspicion, Quarantined, Step, Suspicion
from reex_crawler.storage import runs
from reex_crawler.storage.models import RunOutcome
from reex_crawler.storage.session import transaction
from tests.cli.captured import Captured, crawl
from tests.factories import FETCHED_AT, SITE_URL, make_article, make_comment, make_dated, make_page


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


Reex = Callable[..., Done]


@pytest.fixture
def reex(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Reex:
    """``reex`` in this process, with the environment given by name."""

    monkeypatch.setenv("REEX_SITE_URL", SITE_URL)

    def call(*arguments: str, **environ: str) -> Done:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        code = run(list(arguments))
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="session")
def _captured(tmp_path_factory: pytest.TempPathFactory) -> Captured:
    return crawl(tmp_path_factory.mktemp("captured"))


@pytest.fixture
def captured(_captured: Captured, tmp_path: Path, reex: Reex, monkeypatch: pytest.MonkeyPatch) -> Captured:
    """A crawled site with its raw archive, which the test may damage; ``reex`` works on it."""
    copy = _captured.copy(tmp_path)
    for name, value in copy.environ.items():
        monkeypatch.setenv(name, value)
    return copy


@pytest.fixture
def archive(database_url: URL, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> URL:
    """A database with two articles, one of them edited and discussed, a page set aside, and one run."""
    monkeypatch.setenv("REEX_DATABASE_URL", database_url.render_as_string(hide_password=False))
    thread = (
        make_comment(17, author_name="Ann"),
        make_comment(19, author_name="Bob"),
        make_comment(18, parent_id=17, body="A reply."),
    )
    mended = (FieldRepair("body", Step("utf-8>windows-874", "โ€œmagnetsโ€", "“magnets”")),)
    with transaction(engine) as session:
        run_id = runs.start(session, spider="latest", arguments={"max_articles": 2}, versions={}, started_at=FETCHED_AT)
        ingest.store(session, make_article(), run_id=run_id)
        edited = make_article(
            FETCHED_AT + timedelta(hours=1),
            title="Magnets, corrected",
            comments=thread,
            repairs=mended,
            suspicions=(FieldSuspicion("title", Suspicion("รฉ", "mixed")),),
        )
        ingest.store(session, edited, run_id=run_id)
        newer = make_article(
            post_id=7900,
            url=f"{SITE_URL}/news/oxides/",
            slug="oxides",
            title="Oxides",
            published=make_dated(datetime(2026, 1, 5, tzinfo=UTC)),
        )
        ingest.store(session, newer, run_id=run_id)
        ingest.quarantine(
            session,
            Quarantined(
                reason="login-form", detail="it asks for a password", page=make_page(url=f"{SITE_URL}/news/hidden/")
            ),
            run_id=run_id,
        )
        runs.finish(
            session, run_id, outcome=RunOutcome.DONE, exit_code=0, stats={"reex/articles_new": 2}, ended_at=FETCHED_AT
        )
    return database_url
