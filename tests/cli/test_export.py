from __future__ import annotations

import json
import resource
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.engine import URL, Engine

from reex_crawler.storage.models import FetchOutcome, ResourceKind, ResourceRow
from reex_crawler.storage.session import transaction
from tests.archive.captured import FILE, everything
from tests.cli.conftest import Reex
from tests.crawled import add_address, add_visit
from tests.factories import FETCHED_AT
from tests.factories import URL as ARTICLE_URL
from tests.shell.running import ROOT


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A raw archive, and no database."""
    folder = tmp_path / "warc"
    everything(folder)
    monkeypatch.setenv("REEX_ARCHIVE_DIR", str(folder))
    monkeypatch.setenv("REEX_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    return folder


def pages(target: Path) -> list[dict[str, str]]:
    with ZipFile(target) as opened:
        return [json.loads(line) for line in opened.read("pages/pages.jsonl").decode().splitlines()[1:]]


def test_the_archive_is_packed_and_what_went_in_is_told(raw: Path, reex: Reex, tmp_path: Path) -> None:
    target = tmp_path / "archive.wacz"
    done = reex("export", "--wacz", str(target))
    assert (done.code, done.out) == (0, f"{target}: 1 WARC files, 8 captures, 3 pages\n")
    assert done.err == f"there is no database at {tmp_path}/none.db: pages are listed without titles\n"
    with ZipFile(target) as opened:
        told = json.loads(opened.read("datapackage.json"))
    assert told["title"] == "Archive of news.example"
    assert told["software"].startswith("reex_crawler ")


def test_each_version_of_an_article_is_listed_where_it_was_first_captured(
    raw: Path, archive: URL, engine: Engine, reex: Reex, tmp_path: Path
) -> None:
    kept = {"final_url": ARTICLE_URL, "warc_file": FILE, "warc_offset": 0}
    with transaction(engine) as session:
        known = session.scalars(select(ResourceRow).where(ResourceRow.url == ARTICLE_URL)).one()
        # Not the first answers: those were had before there was an archive of raw answers.
        for hours, outcome in ((0.5, FetchOutcome.NOT_MODIFIED), (1, FetchOutcome.ARTICLE)):
            add_visit(session, ARTICLE_URL, outcome, FETCHED_AT + timedelta(hours=hours), digest="0" * 64, **kept)
        add_visit(session, ARTICLE_URL, FetchOutcome.ARTICLE, FETCHED_AT, digest="1" * 64, **kept)
        lost = f"{ARTICLE_URL}moved/"
        add_address(session, lost, kind=ResourceKind.ARTICLE, article_id=known.article_id)
        add_visit(
            session, lost, FetchOutcome.ARTICLE, FETCHED_AT, **kept | {"final_url": lost, "warc_file": "gone.warc.gz"}
        )
    target = tmp_path / "archive.wacz"
    done = reex("export", "--wacz", str(target), REEX_DATABASE_URL=archive.render_as_string(hide_password=False))
    assert (done.code, done.err) == (0, "")
    assert [(page["ts"], page["title"]) for page in pages(target)] == [
        ("2026-01-05T12:00:00Z", "Magnets"),
        ("2026-01-05T13:00:00Z", "Magnets, corrected"),
    ]
    assert {page["url"] for page in pages(target)} == {ARTICLE_URL}


def test_a_file_that_is_there_is_replaced_only_when_that_is_asked_for(raw: Path, reex: Reex, tmp_path: Path) -> None:
    target = tmp_path / "archive.wacz"
    target.write_bytes(b"mine")
    refused = reex("export", "--wacz", str(target))
    assert refused.code == 2
    assert f"{target} is there already. Give another name, or --force to replace it" in refused.err
    assert target.read_bytes() == b"mine"
    assert reex("export", "--wacz", str(target), "--force").code == 0
    assert pages(target)


def test_a_name_that_no_program_would_open_is_refused(raw: Path, reex: Reex, tmp_path: Path) -> None:
    done = reex("export", "--wacz", str(tmp_path / "archive.zip"))
    assert done.code == 2
    assert f"Try {tmp_path}/archive.zip.wacz" in done.err


def test_the_end_that_is_left_out_of_an_open_file_is_told(raw: Path, reex: Reex, tmp_path: Path) -> None:
    whole = (raw / FILE).read_bytes()
    (raw / FILE).rename(raw / f"{FILE}.open")
    with (raw / f"{FILE}.open").open("ab") as stream:
        stream.write(whole[:100])
    done = reex("export", "--wacz", str(tmp_path / "archive.wacz"))
    assert done.code == 0
    assert f"left out, still being written: {FILE} at byte {len(whole):,}: " in done.err


def test_damage_is_named_and_left_out_and_ends_with_4(raw: Path, reex: Reex, tmp_path: Path) -> None:
    (raw / FILE).write_bytes((raw / FILE).read_bytes()[:-3])
    target = tmp_path / "archive.wacz"
    done = reex("export", "--wacz", str(target))
    assert done.code == 4
    assert f"left out, damaged: {FILE} at byte " in done.err
    assert len(pages(target)) == 3


def test_a_disk_without_room_ends_with_4_and_leaves_no_half_file(raw: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "archive.wacz"
    target.parent.mkdir()
    little = (raw / FILE).stat().st_size // 2
    done = subprocess.run(
        [sys.executable, "-m", "reex_crawler", "export", "--wacz", str(target)],
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (little, little)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 4
    assert f"reex: error: {target} cannot be written: File too large" in done.stderr
    assert list(target.parent.iterdir()) == []
