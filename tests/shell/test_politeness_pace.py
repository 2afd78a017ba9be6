"""When a crawl asks again, told from the times in the site's log. A gap may be longer than it must, never shorter."""

from __future__ import annotations

import signal
import subprocess
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from tests.shell.running import errors, reex_crawl, scrapy, start
from tests.shell.site import Answer, Fault, Reply, Site, feed, running

FEED = "/news/feed/"
ARTICLES = ["/news/one/", "/news/two/", "/news/three/"]
BUSY = Answer("busy", 503)


def crawled(site: Site, database: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return scrapy("crawl", "latest", *options, site=site.url, database=database)


def http_date(seconds: float) -> str:
    return formatdate(seconds, usegmt=True)


def after(site: Site, path: str) -> float:
    """Seconds from the first request for a path to the one that came next."""
    return site.gaps()[site.asked.index(path)]


def test_crawl_delay_is_kept_from_the_first_page_on_through_retries_and_redirects(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("User-agent: *\nCrawl-delay: 0.3\n")}) as site:
        site.answers["/feed/"] = Answer(status=301, headers={"Location": FEED})
        site.answers[FEED] = [BUSY, Fault.RESET, feed(site, *ARTICLES)]
        site.answers[ARTICLES[0]] = Answer("error", 500)
        crawled(site, tmp_path / "reex.db")
    assert site.asked.count(ARTICLES[0]) == 3
    assert site.asked[0] == "/robots.txt"
    assert min(site.gaps()) >= 0.3


def test_two_spiders_in_one_process_leave_the_site_alone_between_them(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("User-agent: *\nCrawl-delay: 0.3\n")}) as site:
        site.answers[FEED] = feed(site, *ARTICLES)
        done = reex_crawl("latest", "backfill", site=site.url, database=tmp_path / "reex.db")
    assert site.asked.count("/robots.txt") == 2, done.stderr
    assert min(site.gaps()) >= 0.3


def test_the_delay_counts_from_the_end_of_an_answer(tmp_path: Path) -> None:
    def slow() -> Reply:
        time.sleep(0.2)
        return Answer("not found", 404)

    with running({FEED: slow}) as site:
        crawled(site, tmp_path / "reex.db", "-s", "DOWNLOAD_DELAY=0.2")
    assert min(site.gaps()) >= 0.2
    assert after(site, FEED) >= 0.4


# A server whose clock stands still since 2001 means the difference.
THEN = 1e9
RETRY_AFTER = {
    "/news/seconds/": ({"Retry-After": "1"}, 1.0),
    "/news/date/": ({"Date": http_date(THEN), "Retry-After": http_date(THEN + 1)}, 1.0),
    "/news/past/": ({"Date": http_date(THEN), "Retry-After": http_date(THEN - 9)}, 0.2),
    "/news/negative/": ({"Retry-After": "-5"}, 0.2),
    "/news/word/": ({"Retry-After": "soon"}, 0.2),
}


def test_retry_after_is_waited_for_in_either_form_and_nonsense_is_not(tmp_path: Path) -> None:
    with running() as site:
        site.answers[FEED] = feed(site, *RETRY_AFTER)
        for path, (headers, _) in RETRY_AFTER.items():
            site.answers[path] = [Answer("busy", 503, headers), Answer("none", 404)]
        crawled(site, tmp_path / "reex.db", "-s", "REEX_RETRY_WAITS=0.2,0.2")
    assert [site.asked.count(path) for path in RETRY_AFTER] == [2] * len(RETRY_AFTER)
    assert [path for path, (_, seconds) in RETRY_AFTER.items() if after(site, path) < seconds] == []


def test_retry_after_is_waited_for_after_the_last_try_as_well(tmp_path: Path) -> None:
    with running({FEED: [BUSY, BUSY, Answer("busy", 429, {"Retry-After": "1"})]}) as site:
        crawled(site, tmp_path / "reex.db")
    last = len(site.asked) - 1 - site.asked[::-1].index(FEED)
    assert site.asked.count(FEED) == 3
    assert site.gaps()[last] >= 1


def test_the_retry_after_of_robots_txt_is_waited_for(tmp_path: Path) -> None:
    with running({"/robots.txt": [Answer("busy", 503, {"Retry-After": "1"}), Answer("none", 404)]}) as site:
        crawled(site, tmp_path / "reex.db")
    assert site.asked[:2] == ["/robots.txt"] * 2
    assert site.gaps()[0] >= 1


def test_an_address_that_is_to_be_asked_in_an_hour_is_not_asked_again_and_the_others_are(tmp_path: Path) -> None:
    with running() as site:
        site.answers[FEED] = feed(site, *ARTICLES)
        site.answers[ARTICLES[0]] = Answer("busy", 503, {"Retry-After": "3600"})
        done = crawled(site, tmp_path / "reex.db")
    assert [site.asked.count(path) for path in ARTICLES] == [1, 1, 1]
    assert "Traceback" not in done.stderr


FAULTS: dict[str, Reply] = {
    "/news/reset/": Fault.RESET,
    "/news/cut/": Fault.CUT,
    "/news/hang/": Fault.HANG,
    "/news/busy/": BUSY,
    "/news/slow/": Answer("slow down", 429),
    "/news/error/": Answer("error", 500),
}


def test_what_fails_is_tried_thrice_after_a_growing_wait(tmp_path: Path) -> None:
    with running() as site:
        site.answers[FEED] = feed(site, *FAULTS)
        site.answers |= {path: [fault, fault, Answer("none", 404)] for path, fault in FAULTS.items()}
        crawled(site, tmp_path / "reex.db", "-s", "REEX_RETRY_WAITS=0.1,0.3", "-s", "DOWNLOAD_TIMEOUT=1")
    gaps = site.gaps()
    for path in FAULTS:
        first = site.asked.index(path)
        assert site.asked[first : first + 3] == [path] * 3
        assert site.asked.count(path) == 3
        assert gaps[first] >= 0.1
        assert gaps[first + 1] >= 0.3


@pytest.mark.parametrize("refusal", [Answer("no", 403), BUSY], ids=str)
def test_five_refusals_in_a_row_end_the_run(tmp_path: Path, refusal: Answer) -> None:
    with running({"/robots.txt": Answer("")}, otherwise=refusal) as site:
        done = crawled(site, tmp_path / "reex.db")
    counted = [path for path in site.asked[1:] if not path.startswith("/wp-json/") or refusal.status != 403]
    assert len(counted) == 5
    assert site.asked[-1] == counted[-1]
    assert done.returncode == 3
    assert len(errors(done)) == 1
    assert "Traceback" not in done.stderr


def test_a_closed_rest_api_and_scattered_refusals_end_nothing(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("")}) as site:
        site.answers[FEED] = feed(site, *ARTICLES)
        site.answers |= dict.fromkeys(ARTICLES[:2], Answer("no", 403))
        site.answers[ARTICLES[2]] = [BUSY, BUSY, Answer("gone", 404)]
        done = crawled(site, tmp_path / "reex.db")
    assert set(ARTICLES) <= set(site.asked)
    assert done.returncode != 3


def stopped(process: subprocess.Popen[str]) -> str:
    """What a crawl that was told to stop still says."""
    with process:
        try:
            return process.communicate(timeout=60)[1]
        finally:
            process.kill()


@pytest.mark.parametrize("path", ["/robots.txt", FEED, ARTICLES[0]])
def test_sigterm_ends_a_crawl_whose_request_hangs(tmp_path: Path, path: str) -> None:
    crawls: list[subprocess.Popen[str]] = []

    def hang() -> Fault:
        crawls[0].send_signal(signal.SIGTERM)
        return Fault.HANG

    with running() as site:
        site.answers |= {FEED: feed(site, *ARTICLES), path: hang}
        options = ("-s", "DOWNLOAD_TIMEOUT=600")
        crawls.append(start("crawl", "latest", *options, site=site.url, database=tmp_path / "reex.db"))
        said = stopped(crawls[0])
    assert crawls[0].returncode == 130
    assert site.asked[-1] == path
    assert "Traceback" not in said


def test_sigterm_ends_a_crawl_that_waits_for_its_turn(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("busy", 503, {"Retry-After": "100"})}) as site:
        process = start("crawl", "latest", site=site.url, database=tmp_path / "reex.db")
        assert process.stderr
        while "waiting 100" not in process.stderr.readline():
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        said = stopped(process)
    assert process.returncode == 130
    assert site.asked == ["/robots.txt"]
    assert "Traceback" not in said
