"""robots.txt after RFC 9309, told from the site's log of whole crawls."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protego import Protego
from sqlalchemy import create_engine, update
from sqlalchemy.orm import Session

from reex_crawler.middlewares.robots import crawl_delay, text
from reex_crawler.storage.models import RobotsCopyRow
from tests.shell.running import errors, scrapy
from tests.shell.site import Answer, Fault, Reply, Site, running

ALLOW_ALL = Answer("User-agent: *\nDisallow:\n", content_type="text/plain")
BUSY = Answer("busy", 503)
# One of the listings that a crawl of an empty site asks for.
FORBIDDEN = "/news/feed/"
RULES = f"User-agent: *\nDisallow: {FORBIDDEN}\n"


def crawled(site: Site, database: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return scrapy("crawl", "latest", *options, site=site.url, database=database)


def pages(site: Site) -> set[str]:
    return set(site.asked) - {"/robots.txt"}


def moved(target: str) -> Answer:
    return Answer(status=302, headers={"Location": target})


def stayed_away(site: Site, done: subprocess.CompletedProcess[str]) -> bool:
    """Whether nothing but robots.txt was asked, and one line says so."""
    [line] = errors(done)
    assert f"{site.url}/robots.txt" in line
    assert "Traceback" not in done.stderr
    return done.returncode == 3 and all(path.startswith("/robots") for path in site.asked)


@pytest.mark.parametrize(
    ("answer", "said", "tries"),
    [
        (BUSY, "answers 503", 3),
        (Answer("slow down", 429), "answers 429", 3),
        (Fault.RESET, "cannot be read", 3),
        (Answer("busy", 503, {"Retry-After": "3600"}), "answers 503", 1),
        (moved("http://[::1"), "leads to an address that cannot be read", 1),
        (moved("/robots.txt"), "leads back to", 1),
        (Answer(status=302), "answers 302", 3),
    ],
    ids=str,
)
def test_nothing_is_asked_where_robots_txt_cannot_be_had(tmp_path: Path, answer: Reply, said: str, tries: int) -> None:
    with running({"/robots.txt": answer}) as site:
        done = crawled(site, tmp_path / "reex.db")
        assert stayed_away(site, done)
    assert said in errors(done)[0]
    assert len(site.asked) == tries


def test_nothing_is_asked_while_robots_txt_hangs(tmp_path: Path) -> None:
    with running({"/robots.txt": Fault.HANG}) as site:
        done = crawled(site, tmp_path / "reex.db", "-s", "DOWNLOAD_TIMEOUT=0.2")
        assert stayed_away(site, done)
    assert site.asked == ["/robots.txt"] * 3


def test_a_robots_txt_of_another_site_is_never_asked(tmp_path: Path) -> None:
    with running({"/robots.txt": ALLOW_ALL}) as other, running() as site:
        site.answers["/robots.txt"] = moved(f"{other.url}/robots.txt")
        done = crawled(site, tmp_path / "reex.db")
        assert stayed_away(site, done)
    assert other.asked == []


def test_five_redirects_of_robots_txt_are_followed_and_no_more(tmp_path: Path) -> None:
    hops: dict[str, Reply] = {f"/robots{n}": moved(f"/robots{n + 1}") for n in range(1, 10)}
    with running({"/robots.txt": moved("/robots1")} | hops | {"/robots5": ALLOW_ALL}) as site:
        crawled(site, tmp_path / "five.db")
        assert FORBIDDEN in site.asked
    with running({"/robots.txt": moved("/robots1")} | hops) as site:
        assert stayed_away(site, crawled(site, tmp_path / "six.db"))
    assert len(site.asked) == 6


def test_a_robots_txt_that_can_be_had_at_the_third_try_serves(tmp_path: Path) -> None:
    with running({"/robots.txt": [BUSY, Fault.RESET, Answer(RULES)]}) as site:
        crawled(site, tmp_path / "reex.db")
    assert site.asked[:4].count("/robots.txt") == 3
    assert pages(site)
    assert FORBIDDEN not in site.asked


@pytest.mark.parametrize(
    "body",
    [
        RULES.encode(),
        RULES.encode("utf-8-sig"),
        RULES.replace("\n", "\r").encode(),
        RULES.encode("utf-16"),
        RULES.encode("utf-16-le"),
        b"\xfa\x80 garbage\n\n" + RULES.encode(),
        f"User-agent: *\nDisallow: /\n\nUser-agent: REEX_crawler\nDisallow: {FORBIDDEN}\n".encode(),
        f"<!doctype html><title>Welcome</title>\n<p>Disallow: everything\n{RULES}".encode(),
        RULES.encode() + b"# long\n" * 100_000,
        b"# long\n" * 73_000 + RULES.encode(),
    ],
    ids=["plain", "mark", "cr", "utf-16", "utf-16 without mark", "garbage", "own group", "page", "700 KB", "500 KiB"],
)
def test_rules_are_read_however_they_are_written(body: bytes) -> None:
    rules = Protego.parse(text(body))
    assert not rules.can_fetch(f"https://site.test{FORBIDDEN}", "reex_crawler")
    assert rules.can_fetch("https://site.test/feed/", "reex_crawler")


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_whatever_stands_in_robots_txt_can_be_read_and_kept(body: bytes) -> None:
    found = text(body)
    Protego.parse(found).can_fetch("https://site.test/", "reex_crawler")
    assert "\0" not in found
    assert found.encode().decode() == found


def test_a_page_in_the_place_of_robots_txt_forbids_nothing(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("<!doctype html><title>Home</title><p>Welcome: to all")}) as site:
        crawled(site, tmp_path / "reex.db")
    assert {FORBIDDEN} < pages(site)


def aged(database: Path, hours: float) -> None:
    """Let the copy of robots.txt be as old as this."""
    engine = create_engine(f"sqlite:///{database}")
    with Session(engine) as session, session.begin():
        session.execute(update(RobotsCopyRow).values(fetched_at=datetime.now(UTC) - timedelta(hours=hours)))
    engine.dispose()


@pytest.fixture(scope="module")
def crawled_before(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Path]]:
    """A site whose robots.txt could be had, and the database of that run."""
    database = tmp_path_factory.mktemp("before") / "reex.db"
    with running({"/robots.txt": Answer(RULES)}) as site:
        crawled(site, database)
        yield site, database


@pytest.mark.parametrize("now", [BUSY, Fault.RESET, moved("http://127.0.0.1:1/robots.txt")], ids=str)
def test_a_copy_of_yesterday_serves_where_robots_txt_cannot_be_had(
    crawled_before: tuple[Site, Path], now: Reply
) -> None:
    site, database = crawled_before
    aged(database, hours=23.9)
    site.answers["/robots.txt"] = now
    site.asked.clear()
    done = crawled(site, database)
    assert "the copy of" in done.stderr
    assert pages(site)
    assert FORBIDDEN not in site.asked


def test_an_older_copy_does_not_serve(crawled_before: tuple[Site, Path]) -> None:
    site, database = crawled_before
    aged(database, hours=24.1)
    site.answers["/robots.txt"] = BUSY
    site.asked.clear()
    assert stayed_away(site, crawled(site, database))


@pytest.mark.parametrize("status", [401, 404])
def test_a_site_without_robots_txt_has_no_rules_and_that_is_kept(tmp_path: Path, status: int) -> None:
    with running({"/robots.txt": Answer("no", status)}) as site:
        crawled(site, tmp_path / "reex.db")
        assert {FORBIDDEN} < pages(site)
        assert site.asked.count("/robots.txt") == 1
        site.answers["/robots.txt"] = BUSY
        site.asked.clear()
        crawled(site, tmp_path / "reex.db")
    assert pages(site)
    assert "/robots.txt" in site.asked


@pytest.mark.parametrize(
    ("asked", "kept"),
    [("5", 5), ("0.5", 0.5), ("86400", 60), ("-1", 0), ("soon", 0), ("inf", 0), ("nan", 0), ("", 0), ("9" * 400, 0)],
)
def test_a_crawl_delay_is_kept_up_to_a_minute_and_nonsense_is_not(asked: str, kept: float) -> None:
    assert crawl_delay(Protego.parse(f"User-agent: *\nCrawl-delay: {asked}\n"), "reex_crawler") == kept


def test_the_crawl_delay_of_our_own_group_counts() -> None:
    rules = Protego.parse("User-agent: *\nCrawl-delay: 30\n\nUser-agent: reex_crawler\nCrawl-delay: 2\n")
    assert crawl_delay(rules, "reex_crawler") == 2
