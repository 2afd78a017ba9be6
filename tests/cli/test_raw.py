from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from reex_crawler.archive.reader import RESPONSE
from reex_crawler.cli.capture import end_of
from tests.cli.captured import Captured
from tests.cli.conftest import Reex
from tests.shell.running import ROOT


def raw(captured: Captured, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """``reex show --raw`` in a process of its own, since bytes are what matters."""
    return subprocess.run(
        [sys.executable, "-m", "reex_crawler", "show", "--raw", *arguments],
        cwd=ROOT,
        env=os.environ | captured.environ,
        capture_output=True,
        check=False,
    )


def test_the_bytes_are_those_that_the_site_sent_without_its_compression(captured: Captured) -> None:
    done = raw(captured, captured.edited)
    assert (done.returncode, done.stdout) == (0, captured.after)
    said = done.stderr.decode()
    assert said.startswith(f"{captured.site}{captured.edited}, status 200, of 20")
    assert len(said.splitlines()) == 1


def test_a_time_gives_what_was_there_then(captured: Captured) -> None:
    captured.set_apart()
    [(first, last)] = captured.rows("SELECT min(fetched_at), max(fetched_at) FROM fetches WHERE outcome = 'article'")
    slug = captured.edited.split("/")[2]
    assert raw(captured, slug, "--at", f"{first[:19]} UTC").stdout == captured.before
    assert raw(captured, slug, "--at", f"{last[:10]}T23:59:59Z").stdout == captured.after


def test_before_the_first_capture_there_is_none_and_the_earliest_is_named(captured: Captured, reex: Reex) -> None:
    done = reex("show", "--raw", captured.edited, "--at", "2020-03-03")
    assert (done.code, done.out) == (2, "")
    [(first,)] = captured.rows("SELECT min(fetched_at) FROM fetches WHERE outcome = 'article'")
    assert f"there is no capture of {captured.site}{captured.edited} at or before 2020-03-03." in done.err
    assert f"The earliest is of {first[:19]} UTC" in done.err


@pytest.mark.parametrize(("path", "begins"), [("/robots.txt", b"User-agent"), ("/news/feed/", b"<?xml")])
def test_any_archived_url_can_be_had(captured: Captured, path: str, begins: bytes) -> None:
    """The feed answered "not modified" last: what it confirmed is given."""
    for url in (path, captured.site + path):
        done = raw(captured, url)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(begins)


def test_a_page_of_comments_is_itself_and_not_its_article(captured: Captured) -> None:
    [(url,)] = captured.rows("SELECT url FROM resources WHERE url LIKE '%comment-page-1/' LIMIT 1")
    done = raw(captured, url)
    assert done.stderr.decode().startswith(f"{url}, ")


def test_an_article_that_moved_is_had_under_both_addresses(captured: Captured) -> None:
    [(old,)] = captured.rows(
        "SELECT r.url FROM fetches f JOIN resources r ON r.id = f.resource_id WHERE f.status = 301 LIMIT 1"
    )
    done = raw(captured, old)
    assert done.stdout == raw(captured, old.removesuffix("/") + "-moved/").stdout
    assert b"<html" in done.stdout


def test_what_was_never_asked_is_no_capture(captured: Captured, reex: Reex) -> None:
    done = reex("show", "--raw", "/never/asked.xml")
    assert (done.code, done.out) == (2, "")
    assert "/never/asked.xml" in done.err


@pytest.mark.parametrize("column", ["digest", "payload_digest"])
def test_bytes_that_are_not_what_the_row_says_are_not_written(captured: Captured, reex: Reex, column: str) -> None:
    captured.rows(f"UPDATE fetches SET {column} = ? WHERE outcome = 'article'", "0" * 64)
    done = reex("show", "--raw", captured.edited)
    assert (done.code, done.out) == (4, "")
    assert "the archive is damaged: " in done.err
    assert " at byte " in done.err


def test_damaged_bytes_are_not_written(captured: Captured, reex: Reex) -> None:
    """The last capture repeats the one before it, which is where the damage is."""
    record = [one for one in captured.records() if one.kind == RESPONSE and one.url.endswith(captured.edited)][-1]
    path = captured.folder / record.file
    content = bytearray(path.read_bytes())
    content[record.offset + record.length // 2] ^= 1
    path.write_bytes(content)
    done = reex("show", "--raw", captured.edited)
    assert (done.code, done.out) == (4, "")
    assert f"{path} at byte {record.offset:,}: " in done.err


def test_a_time_without_raw_and_json_with_it_are_refused(captured: Captured, reex: Reex) -> None:
    assert reex("show", captured.edited, "--at", "2026-03-03").code == 2
    assert reex("show", captured.edited, "--raw", "--json").code == 2


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-03-03", "2026-03-04T07:00:00Z"),
        ("2026-07-03", "2026-07-04T06:00:00Z"),
        ("2026-03-03T17:30:00Z", "2026-03-03T17:30:01Z"),
        ("2026-03-03 17:30:00 UTC", "2026-03-03T17:30:01Z"),
        ("2026-03-03T17:30:00.5", "2026-03-03T17:30:01Z"),
        ("2026-03-03T17:30:00-07:00", "2026-03-04T00:30:01Z"),
    ],
)
def test_a_day_goes_on_to_its_end_at_the_site_and_an_instant_is_utc(text: str, end: str) -> None:
    assert end_of(text, ZoneInfo("America/Denver")) == datetime.fromisoformat(end)


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "9999-12-31", "9999-12-31T23:59:59Z", "3 March"])
def test_what_is_no_time_is_refused_with_an_example(captured: Captured, reex: Reex, text: str) -> None:
    done = reex("show", "--raw", captured.edited, "--at", text)
    assert done.code == 2
    assert "2026-03-03T17:30:00Z" in done.err


def test_the_digest_of_what_is_written_is_that_of_the_citation(captured: Captured, reex: Reex) -> None:
    assert f"SHA-256: {sha256(raw(captured, captured.edited).stdout).hexdigest()}" in reex("cite", captured.edited).out
