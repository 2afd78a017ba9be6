"""What a run loads when it starts: most of the time of a run that finds nothing new is spent there."""

from __future__ import annotations

from pathlib import Path

from tests.replica import edit, running
from tests.shell.running import scrapy


def loaded(tmp_path: Path, **environ: str) -> set[str]:
    """The modules that a run of ``latest`` loads which finds a database of SQLite and one new article."""
    environ |= {"PYTHONPROFILEIMPORTTIME": "1"}
    with running() as replica:
        scrapy("crawl", "latest", site=replica.url, database=tmp_path / "reex.db")
        edit.publish(replica, slug="new")
        done = scrapy("crawl", "latest", site=replica.url, database=tmp_path / "reex.db", **environ)
    assert done.returncode == 0, done.stderr
    return {line.split("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time:")}


def test_a_run_on_sqlite_loads_nothing_of_postgresql(tmp_path: Path) -> None:
    names = loaded(tmp_path)
    assert {"sqlalchemy.dialects.sqlite.pysqlite", "reex_crawler.extraction.article"} <= names
    assert not {name for name in names if name.startswith(("sqlalchemy.dialects.postgresql", "psycopg"))}


def test_a_run_needs_no_pydantic(tmp_path: Path) -> None:
    """Scrapy's items load it wherever it is installed, so this stands in the way of any that is."""
    (tmp_path / "pydantic.py").write_text("raise ImportError")
    loaded(tmp_path, PYTHONPATH=str(tmp_path))
