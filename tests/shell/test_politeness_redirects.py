"""Where a redirect may lead, and how one ends that leads nowhere."""

from __future__ import annotations

import subprocess
from ipaddress import ip_address
from pathlib import Path

import pytest
from scrapy import Request
from scrapy.http import Response

from reex_crawler.middlewares import Blocked, OneSiteMiddleware, RefusalsMiddleware, Refused
from reex_crawler.site.profile import profile
from tests.shell.running import errors, scrapy
from tests.shell.site import Answer, Site, feed, running

FEED = "/news/feed/"
# What each article redirects to, and what is said of it then.
NOWHERE = {
    "/news/brackets/": ("http://[::1", "location"),
    "/news/words/": ("http://[not an address]/", "location"),
    "/news/port/": ("//127.0.0.1:99999/", "location"),
    "/news/itself/": ("/news/itself/", "redirects"),
    "/news/empty/": ("", "redirects"),
    "/news/circle/": ("/news/back/", "redirects"),
    "/news/far/": ("/news/hop-0/", "redirects"),
    "/news/secure/": ("https://127.0.0.1/news/secure/", "foreign"),
    "/news/alike/": ("http://127.0.0.1.site.test/news/alike/", "foreign"),
}


def moved(target: str, status: int = 301) -> Answer:
    return Answer(status=status, headers={"Location": target})


def crawled(site: Site, database: Path) -> subprocess.CompletedProcess[str]:
    return scrapy("crawl", "latest", site=site.url, database=database)


def test_a_redirect_that_leads_nowhere_ends_in_one_clear_reason(tmp_path: Path) -> None:
    with running() as site:
        site.answers |= {path: moved(target) for path, (target, _) in NOWHERE.items()}
        site.answers |= {f"/news/hop-{n}/": moved(f"/news/hop-{n + 1}/", 308) for n in range(9)}
        site.answers["/news/back/"] = moved("/news/circle/", 302)
        site.answers[FEED] = feed(site, *NOWHERE)
        done = crawled(site, tmp_path / "reex.db")
    assert "failed: 2 foreign, 3 location, 4 redirects" in done.stderr
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert [site.asked.count(path) for path in NOWHERE] == [1] * len(NOWHERE)
    assert len([path for path in site.asked if "hop" in path]) == 5


def test_the_answer_of_a_private_address_behind_a_public_name_is_not_used(tmp_path: Path) -> None:
    with running({"/robots.txt": Answer("")}) as site:
        # A name for every resolver, and no address for whoever reads it.
        site.url = site.url.replace("127.0.0.1", "127.1")
        done = crawled(site, tmp_path / "reex.db")
    assert done.returncode == 3
    assert set(site.asked) == {"/robots.txt"}
    assert "leads to the private address 127.0.0.1" in errors(done)[0]


def answered(site: str, address: str) -> Response:
    response = Response(f"{site}/news/", ip_address=ip_address(address))
    return OneSiteMiddleware(profile(site)).process_response(Request(response.url), response)


@pytest.mark.parametrize(
    ("site", "address"),
    [
        ("https://site.example", "93.184.216.34"),
        ("https://site.example", "2606:2800:220:1:248:1893:25c8:1946"),
        ("http://127.0.0.1:8000", "127.0.0.1"),
        ("http://[::1]:8000", "::1"),
        ("http://10.0.0.7", "10.0.0.7"),
        ("http://localhost:8000", "127.0.0.1"),
        ("http://wordpress", "172.20.0.5"),
        ("http://news.site.test", "127.0.0.1"),
        ("http://wiki.internal", "10.0.0.7"),
    ],
)
def test_a_public_address_and_a_private_site_may_answer(site: str, address: str) -> None:
    assert answered(site, address).status == 200


@pytest.mark.parametrize(
    ("site", "address"),
    [
        ("https://site.example", "127.0.0.1"),
        ("https://site.example", "10.1.2.3"),
        ("https://site.example", "172.20.0.5"),
        ("https://site.example", "192.168.1.1"),
        ("https://site.example", "169.254.169.254"),
        ("https://site.example", "100.64.0.1"),
        ("https://site.example", "0.0.0.0"),
        ("https://site.example", "240.0.0.1"),
        ("https://site.example", "224.0.0.1"),
        ("https://site.example", "::1"),
        ("https://site.example", "fe80::1"),
        ("https://site.example", "fd00::1"),
        ("https://site.example", "::ffff:127.0.0.1"),
        ("https://93.184.216.34", "10.0.0.1"),
    ],
)
def test_a_private_address_may_not_answer_for_a_public_site(site: str, address: str) -> None:
    with pytest.raises(Refused, match="private address"):
        answered(site, address)


SITE = profile("https://site.example")


def refused(*answers: int, path: str = "/news/one/") -> bool:
    """Whether these answers of one path end a run."""
    middleware = RefusalsMiddleware(SITE)
    request = Request(SITE.url(path))
    try:
        for status in answers:
            middleware.process_response(request, Response(request.url, status=status))
    except Blocked:
        with pytest.raises(Blocked):
            middleware.process_request(request)
        return True
    return middleware.process_request(request) is not None


@pytest.mark.parametrize("status", [403, 429, 503])
def test_the_fifth_refusal_in_a_row_is_one_too_many(status: int) -> None:
    assert not refused(*[status] * 4)
    assert refused(*[status] * 5)
    assert refused(403, 429, 503, 403, status)


@pytest.mark.parametrize("status", [200, 301, 304, 401, 404, 410, 500, 502])
def test_any_other_answer_forgets_the_refusals_before_it(status: int) -> None:
    assert not refused(403, 403, 403, 403, status, 403, 403, 403, 403)
    assert not refused(*[status] * 9)


def test_a_closed_rest_api_neither_counts_nor_forgets() -> None:
    collection = f"{SITE.rest_root}news-archive?per_page=100"
    assert not refused(*[401, 403, 404] * 5, path=collection)
    assert refused(429, 403, 429, 404, 429, 401, 429, 429, path=collection)
