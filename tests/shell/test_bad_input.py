"""What a user can get wrong, and what a site can refuse: one clear line, the right exit code, no traceback."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.postgres import over_tcp
from tests.shell.running import errors, scrapy
from tests.shell.site import Answer, running


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


def test_an_unreachable_site_ends_the_crawl_with_one_line(tmp_path: Path) -> None:
    site = f"http://127.0.0.1:{free_port()}"
    done = scrapy("crawl", "latest", site=site, database=tmp_path / "reex.db")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    [line] = errors(done)
    assert f"{site}/robots.txt cannot be read: " in line
    assert "check REEX_SITE_URL or try again later" in line


@pytest.mark.parametrize(("spider", "status"), [("latest", 503), ("backfill", 500), ("backfill", 429)])
def test_nothing_is_asked_where_robots_txt_fails(tmp_path: Path, spider: str, status: int) -> None:
    with running({"/robots.txt": Answer(status=status)}) as site:
        done = scrapy("crawl", spider, site=site.url, database=tmp_path / "reex.db")
    assert set(site.asked) == {"/robots.txt"}
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    [line] = errors(done)
    assert f"/robots.txt answers {status}" in line


def test_nothing_is_asked_where_robots_txt_leads_away(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("User-agent: *\nAllow: /")}) as other, running() as site:
        site.answers["/robots.txt"] = Answer(status=301, headers={"Location": f"{other.url}/robots.txt"})
        done = scrapy("crawl", "backfill", site=site.url, database=tmp_path / "reex.db")
    assert site.asked == ["/robots.txt"]
    assert other.asked == []
    assert done.returncode == 3
    assert "Traceback" not in done.stderr


def test_a_site_that_forbids_everything_is_left_alone(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("User-agent: *\nDisallow: /", content_type="text/plain")}) as site:
        done = scrapy("crawl", "backfill", site=site.url, database=tmp_path / "reex.db")
    assert site.asked == ["/robots.txt"]
    assert done.returncode == 3
    [line] = errors(done)
    assert "robots.txt forbids" in line


def test_a_site_without_robots_txt_and_without_listings_is_no_news_site(tmp_path: Path) -> None:
    with running() as site:
        done = scrapy("crawl", "latest", site=site.url, database=tmp_path / "reex.db")
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    [line] = errors(done)
    assert f"none of 7 listings of {site.url} can be read" in line
    assert "REEX_SITE_URL" in line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("latets",), "give one spider, not latets. Known are backfill, latest"),
        ((), "give one spider, not none"),
        (("backfill", "-a", "since=2025-13-01"), "since=2025-13-01 is no day"),
        (("backfill", "-a", "sinc=2025-01-01"), "there is no argument 'sinc'"),
        (("backfill", "-s", "REEX_SITE_URL=nowhere"), "REEX_SITE_URL is not a web address: 'nowhere'"),
        (("backfill", "-s", "REEX_DATABASE_URL=mysql://u:secret@h/d"), "REEX_DATABASE_URL names 'mysql'"),
    ],
)
def test_a_wrong_argument_is_one_line_and_nothing_is_asked(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    with running() as site:
        done = scrapy("crawl", *arguments, "--nolog", site=site.url, database=tmp_path / "reex.db")
    assert site.asked == []
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert said in line
    assert "secret" not in line


def test_a_path_that_cannot_be_written_is_one_line_and_nothing_is_asked(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("no folder")
    with running() as site:
        done = scrapy("crawl", "latest", site=site.url, database=in_the_way / "reex.db")
    assert site.asked == []
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    [line] = errors(done)
    assert str(in_the_way) in line
    assert "REEX_DATABASE_URL" in line


def test_a_file_that_is_no_database_is_one_line_and_stays_as_it_is(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear reader, " * 100)
    with running() as site:
        done = scrapy("crawl", "latest", site=site.url, database=letter)
    assert site.asked == []
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    [line] = errors(done)
    assert "is no SQLite database" in line
    assert letter.read_text() == "Dear reader, " * 100


def test_a_refused_password_is_one_line_without_it(postgres_server: URL) -> None:
    database = over_tcp(postgres_server).set(password="not-the-secret").render_as_string(hide_password=False)
    with running() as site:
        done = scrapy("crawl", "latest", site=site.url, database=database)
    assert site.asked == []
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "not-the-secret" not in done.stderr + done.stdout
    [line] = errors(done)
    assert "refuses the user or password" in line


def test_a_database_server_that_is_away_is_one_line_without_the_password(tmp_path: Path) -> None:
    database = f"postgresql+psycopg://me:secret@127.0.0.1:{free_port()}/reex"
    with running() as site:
        done = scrapy("crawl", "latest", site=site.url, database=database)
    assert site.asked == []
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr + done.stdout
    [line] = errors(done)
    assert "on 127.0.0.1" in line
