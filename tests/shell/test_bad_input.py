"""What a user can get wrong, and what a site can refuse: one clear line, the right exit code, no traceback."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from scrapy.settings import Settings
from sqlalchemy.engine import URL

from reex_crawler.spiders import exports
from tests import replica
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


@pytest.mark.parametrize("option", ["-o", "-O"])
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("/proc/articles.jsonl", "No such file"),
        ("{0}/file/a.jsonl", "File exists|Not a directory"),
        ("{0}/a.csv", "Is a dir"),
    ],
)
def test_a_feed_that_cannot_be_written_is_one_line_and_nothing_is_asked(
    tmp_path: Path, option: str, file: str, said: str
) -> None:
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "a.csv").mkdir()
    with running() as site:
        feed = ("--nolog", option, file.format(tmp_path))
        done = scrapy("crawl", "backfill", *feed, site=site.url, database=tmp_path / "reex.db")
    assert site.asked == []
    assert done.returncode == 2
    [line] = done.stderr.splitlines()
    assert line.startswith(f"error: the file {file.format(tmp_path)} cannot be written: ")
    assert re.search(said, line)


@pytest.mark.parametrize(
    ("feed", "said"),
    [
        ("/dev/full:jsonlines", "/dev/full: No space left on device"),
        ("/proc/%(name)s/a.csv", "/proc/backfill/a.csv: No such file or directory"),
    ],
)
def test_a_feed_that_fails_on_the_way_ends_the_crawl_with_one_line(tmp_path: Path, feed: str, said: str) -> None:
    with replica.running() as site:
        done = scrapy("crawl", "backfill", "-O", feed, site=site.url, database=tmp_path / "reex.db")
        asked = [path for path in site.asked() if path.startswith("/news/")]
    assert done.returncode == 4
    assert "Traceback" not in done.stderr
    [line] = errors(done)
    assert line == f"the articles cannot be written to {said}"
    assert len(asked) < len(site.site.truths()) / 2


def test_a_file_that_was_there_is_not_touched_by_trying_it(tmp_path: Path) -> None:
    (tmp_path / "old.jsonl").write_text("{}\n")
    feeds = {str(tmp_path / name): {"format": "jsonlines"} for name in ("old.jsonl", "new.jsonl", "at-%(time)s.jsonl")}
    feeds |= {
        "s3://bucket/a.jsonl": {},
        "stdout:": {},
        (tmp_path / "later.jsonl").as_uri(): {},
        f"{tmp_path}/%(name)s/a.csv": {},
    }
    exports.check(Settings({"FEEDS": feeds}))
    assert [path.name for path in tmp_path.iterdir()] == ["old.jsonl"]
    assert (tmp_path / "old.jsonl").read_text() == "{}\n"


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
