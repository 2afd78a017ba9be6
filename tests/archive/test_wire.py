"""What the archive gives back is what came over the wire: body, status and header for header."""

from __future__ import annotations

import gzip
import stat
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest
from backports import zstd

from reex_crawler.archive.exchange import parse_response
from reex_crawler.archive.reader import ANSWERS, Archive, Raw
from reex_crawler.replay.inputs import page_at
from tests.archive.recorder import FILE, SETTING, recorded
from tests.replica import running
from tests.shell.running import archive_of, scrapy
from tests.shell.site import Answer, Site, feed
from tests.shell.site import running as serving

ARTICLE = "/news/one/"
PAGE = (
    '<html><head><title>One</title><link rel="canonical" href="{url}"></head>'
    '<body class="single single-post postid-7"><h1 class="entry-title">One</h1>'
    '<div class="entry-content"><p>' + "Something is said here at length. " * 30 + "</p></div></body></html>"
)


def records(database: Path) -> list[Raw]:
    archive = Archive(Path(archive_of(database)))
    found = [raw for name in archive.files() for raw in archive.records(name)]
    assert all(isinstance(raw, Raw) for raw in found), found
    return [raw for raw in found if isinstance(raw, Raw)]


def crawl(site: str, folder: Path, *arguments: str) -> Path:
    database = folder / "reex.db"
    pages = folder / "pages"
    done = scrapy(
        "crawl",
        "backfill",
        "-s",
        SETTING,
        *arguments,
        site=site,
        database=database,
        **{FILE: str(pages)},
    )
    assert "Traceback" not in done.stderr, done.stderr
    return database


@pytest.mark.parametrize("options", [{}, {"gzip": False, "rest": "closed", "theme": "divi4"}, {"comments_per_page": 3}])
def test_a_page_of_the_archive_is_the_page_from_the_wire(tmp_path: Path, options: dict[str, object]) -> None:
    with running(**options) as replica:
        database = crawl(replica.url, tmp_path)
        pages = recorded(tmp_path / "pages")
        assert len(pages) == len(replica.log)
    archive = Archive(Path(archive_of(database)))
    for page in pages:
        assert page.record is not None
        assert page_at(archive, page.record, asked=page.url) == page


class Pairs(dict[str, str]):
    """Headers of which some have one name."""

    def items(self) -> list[tuple[str, str]]:  # type: ignore[override]
        return [("Set-Cookie", "a=1"), ("X-Odd", "caf\xe9"), ("Set-Cookie", "b=2"), *super().items()]


def article(site: Site, packed: Callable[[bytes], bytes] = bytes, **headers: str) -> Answer:
    return Answer(packed(PAGE.format(url=site.url + ARTICLE).encode()), headers=Pairs(headers))


CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda body: zlib.compress(body, wbits=-15),
    "br": brotli.compress,
    "zstd": zstd.compress,
    "gzip, br": lambda body: brotli.compress(gzip.compress(body)),
    "unheard-of": bytes,
}


@pytest.mark.parametrize("coding", CODINGS)
def test_every_coding_is_kept_as_it_came_and_read_alike(tmp_path: Path, coding: str) -> None:
    with serving() as site:
        answer = article(site, CODINGS[coding], **{"Content-Encoding": coding})
        site.answers |= {"/news/feed/": feed(site, ARTICLE), ARTICLE: answer}
        database = crawl(site.url, tmp_path)
    archive = Archive(Path(archive_of(database)))
    [page] = [page for page in recorded(tmp_path / "pages") if page.url == site.url + ARTICLE]
    [raw] = [raw for raw in records(database) if raw.kind == "response" and raw.url == page.url]
    assert parse_response(raw.block).body == answer.body
    assert page_at(archive, page.record, asked=page.url) == page
    assert page.body.startswith(b"<html>")


def test_repeated_headers_and_the_status_line_are_kept(tmp_path: Path) -> None:
    with serving() as site:
        site.answers |= {"/news/feed/": feed(site, ARTICLE, "/news/gone/"), ARTICLE: article(site)}
        found = {
            raw.url.removeprefix(site.url): raw for raw in records(crawl(site.url, tmp_path)) if raw.kind in ANSWERS
        }
    head = parse_response(found[ARTICLE].block).headers
    assert [value for name, value in head if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert ("X-Odd", "caf\xe9") in head
    assert found[ARTICLE].block.startswith(b"HTTP/1.1 200 OK\r\n")
    assert found["/news/gone/"].block.startswith(b"HTTP/1.1 404 Not Found\r\n")


def test_redirects_repeated_tries_and_robots_are_kept_and_nothing_of_other_sites(tmp_path: Path) -> None:
    with serving() as site, serving() as other:
        site.answers |= {
            "/robots.txt": Answer("User-agent: *\nAllow: /\n"),
            "/news/feed/": feed(site, "/news/old/", "/news/away/", "/news/busy/"),
            "/news/old/": Answer(status=301, headers={"Location": ARTICLE}),
            "/news/away/": Answer(status=302, headers={"Location": other.url + ARTICLE}),
            "/news/busy/": Answer("busy", status=503),
            ARTICLE: article(site),
        }
        other.answers[ARTICLE] = article(other)
        database = crawl(site.url, tmp_path)
        answers = [raw for raw in records(database) if raw.kind in ANSWERS]
        assert other.asked == []
    statuses = [(raw.url.removeprefix(site.url), parse_response(raw.block).status) for raw in answers]
    assert statuses.count(("/news/busy/", 503)) == 3
    assert {("/robots.txt", 200), ("/news/old/", 301), ("/news/away/", 302), (ARTICLE, 200)} <= set(statuses)
    assert len(answers) == len(site.asked)
    [same] = [raw.kind for raw in answers[-3:] if raw.url.endswith("/busy/")][-1:]
    assert same == "revisit", "the second refusal has the body of the first"


def test_a_query_is_kept_in_the_request(tmp_path: Path) -> None:
    with running() as replica:
        found = records(crawl(replica.url, tmp_path))
    lines = [raw.block.split(b"\r\n")[0].decode() for raw in found if raw.kind == "request"]
    assert lines == [f"GET {target} HTTP/1.1" for target in replica.asked()]
    for raw in found:
        if raw.kind == "request":
            assert f"Host: {replica.url.removeprefix('http://')}".encode() in raw.block.split(b"\r\n")


def test_the_folder_is_private_and_no_file_is_left_open(tmp_path: Path) -> None:
    with serving() as site:
        site.answers |= {"/news/feed/": feed(site, ARTICLE), ARTICLE: article(site)}
        folder = Path(archive_of(crawl(site.url, tmp_path)))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.suffixes[-2:] for path in folder.iterdir()] == [[".warc", ".gz"]]


def test_an_answer_of_not_modified_confirms_an_earlier_one(tmp_path: Path) -> None:
    with running(rest="closed") as replica:
        database = tmp_path / "reex.db"
        for _ in range(2):
            assert scrapy("crawl", "latest", site=replica.url, database=database).returncode == 0
    found = records(database)
    confirmed = [raw for raw in found if raw.fields.get("warc-profile", "").endswith("/server-not-modified")]
    assert confirmed
    by_id = {raw.record_id: raw for raw in found}
    for raw in confirmed:
        assert parse_response(raw.block).status == 304
        assert by_id[raw.refers_to].kind == "response"
        assert by_id[raw.refers_to].url == raw.url == raw.fields["warc-refers-to-target-uri"]
        assert by_id[raw.refers_to].fields["warc-date"] == raw.fields["warc-refers-to-date"]
