from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import Reex
from tests.replica import Replica, running
from tests.shell import site as simple
from tests.shell.running import reex as process

PAGE = """<!doctype html><html lang="en-US"><head><title>Magnets</title>{head}</head><body class="single postid-7">
<article><h1 class="entry-title">Magnets</h1><div class="entry-content"><p>A paragraph of a fair length, so that it is read as text.</p>
</div></article></body></html>"""


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with running(rest="open") as served:
        yield served


@pytest.fixture
def saved(replica: Replica, tmp_path: Path) -> Path:
    """The page of the newest article, as a browser saves it."""
    path = tmp_path / "saved.html"
    with urlopen(Request(replica.site.truths()[0].url)) as answer:
        path.write_bytes(answer.read())
    return path


def test_a_saved_page_is_read_as_the_article_its_canonical_link_names(
    replica: Replica, saved: Path, reex: Reex
) -> None:
    truth = replica.site.truths()[0]
    done = reex("parse", str(saved), "--json", REEX_SITE_URL=replica.url)
    assert (done.code, done.err) == (0, "")
    article = json.loads(done.out)
    assert (article["post_id"], article["url"], article["title"]) == (truth.post_id, truth.url, truth.title)
    assert article["sources"]["title"]


def test_each_field_is_shown_with_its_source(replica: Replica, saved: Path, reex: Reex) -> None:
    truth = replica.site.truths()[0]
    lines = reex("parse", str(saved), REEX_SITE_URL=replica.url).out.splitlines()
    [title] = [line.split("\t") for line in lines if line.startswith("title\t")]
    assert title[1] == truth.title
    assert title[2]
    assert f"post_id\t{truth.post_id}\t" in "\n".join(lines)
    assert any(line.startswith("body") for line in lines)


def test_a_page_that_names_no_address_needs_one(tmp_path: Path, reex: Reex) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(head=""))
    done = reex("parse", str(path))
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "reex: error: the page does not say where it belongs. Give its address with --url",
    ]


def test_the_address_can_be_given(tmp_path: Path, reex: Reex) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE.format(head=""))
    url = "https://news.example/news/magnets/"
    done = reex("parse", str(path), "--url", url, "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out)["url"] == url


PRINTED = PAGE.format(
    head='<link rel="canonical" href="https://news.example/news/magnets/">'
    '<meta property="article:published_time" content="2025-10-27T18:22:05-06:00">'
    '<meta property="article:modified_time" content="2025-11-02T18:22:05-07:00">'
)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC).timestamp()


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """A file that claims to be older than the page in it."""
    path = tmp_path / "page.html"
    path.write_text(PRINTED)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path


def test_a_file_older_than_its_page_is_read_as_fetched_now_and_that_is_said(old_file: Path, reex: Reex) -> None:
    done = reex("parse", str(old_file), "--json")
    article = json.loads(done.out)
    assert article["published"]["at"] == "2025-10-28T00:22:05+00:00"
    assert article["capture"]["fetched_at"] > "2025-11-02"
    [line] = done.err.splitlines()
    assert "published 2025-10-27T18:22:05-06:00 and 1 more" in line
    assert "--fetched-at" in line


def test_a_file_that_is_as_old_as_its_page_says_when_it_was_fetched(old_file: Path, reex: Reex) -> None:
    saved = datetime(2025, 12, 1, tzinfo=UTC)
    os.utime(old_file, (saved.timestamp(), saved.timestamp()))
    done = reex("parse", str(old_file), "--json")
    assert (json.loads(done.out)["capture"]["fetched_at"], done.err) == (saved.isoformat(), "")


def test_a_file_of_the_future_was_not_fetched_there(old_file: Path, reex: Reex) -> None:
    os.utime(old_file, (4e9, 4e9))
    done = reex("parse", str(old_file), "--json")
    assert json.loads(done.out)["capture"]["fetched_at"] < "2096"


@pytest.mark.parametrize("given", ["2025-11-02", "2025-11-02T00:00:00Z", "2025-11-01T18:00:00-06:00"])
def test_the_time_of_the_fetch_can_be_given(old_file: Path, reex: Reex, given: str) -> None:
    done = reex("parse", str(old_file), "--json", "--fetched-at", given)
    article = json.loads(done.out)
    assert article["capture"]["fetched_at"] == "2025-11-02T00:00:00+00:00"
    assert done.err == ""


def test_a_date_later_than_the_given_fetch_is_left_out_and_that_is_said(old_file: Path, reex: Reex) -> None:
    done = reex("parse", str(old_file), "--json", "--fetched-at", "2025-10-28")
    article = json.loads(done.out)
    assert (article["published"]["raw"], article["modified"]) == ("2025-10-27T18:22:05-06:00", None)
    assert done.err == "reex: left out, since later than --fetched-at: modified 2025-11-02T18:22:05-07:00\n"


def test_a_fetch_at_no_time_is_one_line_and_exit_code_2(old_file: Path, reex: Reex) -> None:
    done = reex("parse", str(old_file), "--fetched-at", "yesterday")
    assert (done.code, done.out) == (2, "")
    [line] = done.err.splitlines()
    assert "'yesterday' is no time" in line


def test_a_saved_page_of_another_site_is_told_which_variable_names_the_site(old_file: Path, reex: Reex) -> None:
    done = reex("parse", str(old_file), REEX_SITE_URL="https://other.example")
    assert (done.code, done.out) == (2, "")
    [line] = done.err.splitlines()
    assert "https://news.example/news/magnets/ is not on https://other.example" in line
    assert "REEX_SITE_URL" in line


def test_a_file_that_is_not_there_is_exit_code_2(tmp_path: Path, reex: Reex) -> None:
    done = reex("parse", str(tmp_path / "none.html"))
    assert done.code == 2
    assert "none.html cannot be read: No such file or directory" in done.err


def test_a_page_that_is_no_article_is_told_and_is_exit_code_1(tmp_path: Path, reex: Reex) -> None:
    path = tmp_path / "page.html"
    path.write_text("<!doctype html><title>Log in</title><form><input type=password></form>")
    done = reex("parse", str(path), "--url", "https://news.example/news/magnets/")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("reex: error: ")
    assert "Traceback" not in done.err


def test_a_url_is_fetched_and_read_with_its_further_pages(tmp_path: Path) -> None:
    database = tmp_path / "none.db"
    with running(comments_per_page=2) as replica:
        truth = max(replica.site.truths(), key=lambda truth: len(truth.visible_comments))
        done = process("parse", truth.url, "--json", site=replica.url, database=database)
        asked = replica.asked()
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    article = json.loads(done.stdout)
    assert article["post_id"] == truth.post_id
    assert {comment["comment_id"] for comment in article["comments"]} == {
        comment.comment_id for comment in truth.visible_comments
    }
    assert asked[0] == "/robots.txt"
    assert not database.exists()


def test_the_url_of_another_site_is_not_asked(tmp_path: Path) -> None:
    with simple.running() as other, simple.running() as mine:
        done = process("parse", f"{other.url}/news/a/", site=mine.url, database=tmp_path / "none.db")
    assert other.asked == mine.asked == []
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert f"{other.url}/news/a/ is not on {mine.url}" in line
    assert "REEX_SITE_URL" in line


@pytest.mark.parametrize(
    ("robots", "code", "said"),
    [
        (
            simple.Answer("User-agent: reex_crawler\nDisallow: /news/", content_type="text/plain"),
            3,
            "robots.txt forbids",
        ),
        (simple.Answer(status=503), 3, "/robots.txt answers 503"),
        (simple.Answer(status=404), 1, "/news/a/ answers 404"),
    ],
)
def test_a_url_that_gives_no_page_is_one_line_with_the_reason(
    tmp_path: Path, robots: simple.Answer, code: int, said: str
) -> None:
    with simple.running({"/robots.txt": robots}) as site:
        done = process("parse", f"{site.url}/news/a/", site=site.url, database=tmp_path / "none.db")
    assert done.returncode == code
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    assert line.startswith("reex: error: ")
    assert said in line
