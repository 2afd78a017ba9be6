"""A program that is killed, at whatever instant, leaves the archive true."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import URL, Engine

from reex_crawler.records import Outcome
from reex_crawler.storage import articles
from reex_crawler.storage.models import ArticleRow, CommentRow, RevisionRow
from reex_crawler.storage.session import reading, transaction
from tests.factories import SITE_URL, make_article, make_comment

ROOT = Path(__file__).resolve().parents[2]

PROLOGUE = """
import itertools, sys
from sqlalchemy.engine import make_url
from reex_crawler.storage import articles
from reex_crawler.storage.session import make_engine, transaction
from tests.storage.test_kill import numbered
engine = make_engine(make_url({url!r}))
"""
HALFWAY = """
with transaction(engine) as session:
    articles.upsert(session, numbered(1, title="Edited"), extractor_version="1")
    articles.upsert(session, numbered(2), extractor_version="1")
    session.flush()
    print("halfway", flush=True)
    sys.stdin.read()
"""
FOR_EVER = """
for number in itertools.count():
    with transaction(engine) as session:
        articles.upsert(session, numbered(number % 40, title=f"Edition {number // 40}"), extractor_version="1")
    print(number, flush=True)
"""


def numbered(number: int, **over: object):
    comments = tuple(make_comment(100 * number + nth) for nth in range(3))
    return make_article(post_id=number, url=f"{SITE_URL}/news/{number}/", comments=comments, **over)


def killed(url: URL, program: str, lines: int) -> list[str]:
    """Run a program, kill it (SIGKILL) as soon as it has said so many lines, and give them."""
    source = PROLOGUE.format(url=url.render_as_string(hide_password=False)) + program
    with subprocess.Popen(
        [sys.executable, "-c", source], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as running:
        said = [running.stdout.readline() for _ in range(lines)]
        running.kill()
    return said


def assert_true(engine: Engine) -> int:
    """Every article has all its comments, and its latest revision is what it says now; gives their number."""
    with reading(engine) as session:
        rows = session.scalars(select(ArticleRow)).all()
        for row in rows:
            assert row.revisions[-1].content_hash == row.content_hash
            assert row.revisions[-1].title == row.title
            assert len({revision.content_hash for revision in row.revisions}) == len(row.revisions)
            assert (len(row.comments), len(row.authors), len(row.links)) == (3, 1, 1)
        return len(rows)


def test_a_kill_in_the_middle_of_a_transaction_undoes_all_of_it(engine: Engine, database_url: URL) -> None:
    with transaction(engine) as session:
        articles.upsert(session, numbered(1), extractor_version="1")
    assert killed(database_url, HALFWAY, 1) == ["halfway\n"]
    assert assert_true(engine) == 1
    with reading(engine) as session:
        assert session.scalars(select(ArticleRow.title)).all() == ["Magnets"]
        assert session.scalar(select(func.count()).select_from(RevisionRow)) == 1
        assert session.scalar(select(func.count()).select_from(CommentRow)) == 3
    with transaction(engine) as session:
        assert articles.upsert(session, numbered(2), extractor_version="1").outcome is Outcome.NEW


@pytest.mark.parametrize("lines", [1, 25, 60])
def test_a_kill_at_any_instant_keeps_whatever_was_said_to_be_stored(
    engine: Engine, database_url: URL, lines: int
) -> None:
    said = killed(database_url, FOR_EVER, lines)
    assert assert_true(engine) >= min(40, int(said[-1]) + 1)
