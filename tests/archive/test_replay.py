"""The archive as others open it: pywb serves it, Chromium shows it, and other programs check its index and its form."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from reex_crawler.archive import cdxj
from reex_crawler.archive.reader import Archive
from reex_crawler.archive.wacz import About, pack
from tests.archive.captured import AT, LATER, SITE, everything
from tests.archive.replaying import missing, pywb, ran, seen, squeezed
from tests.replica import running
from tests.shell.running import reex, reex_crawl

pytestmark = [pytest.mark.replay, pytest.mark.xdist_group("replay")]

_ARTICLES = 6
# What the page shows of a text that was repaired is the damage.
_INTACT = "id NOT IN (SELECT article_id FROM repairs)"


@pytest.fixture(scope="module", autouse=True)
def _programs() -> None:
    if reason := missing():
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(f"nothing was replayed: {reason}")


@dataclass(frozen=True)
class Exported:
    """A raw archive, the WACZ file made of it, and the collection of pywb that holds it."""

    files: tuple[Path, ...]
    wacz: Path
    collection: str

    def text(self, url: str, at: datetime) -> str:
        """What a reader sees of a capture, without white space."""
        return seen(f"{self.collection}/{at:%Y%m%d%H%M%S}/{url}")


@pytest.fixture(scope="module")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Exported]:
    """The archive of every kind of answer."""
    folder = tmp_path_factory.mktemp("standard")
    everything(folder / "warc")
    wacz = folder / "archive.wacz"
    pack(Archive(folder / "warc"), wacz, About(title="T", software="S", created=AT))
    with pywb(wacz, tmp_path_factory.mktemp("pywb")) as collection:
        yield Exported(tuple((folder / "warc").iterdir()), wacz, collection)


@dataclass(frozen=True)
class Crawled(Exported):
    database: Path

    def rows(self, sql: str) -> list[Any]:
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    """The replica, crawled twice, exported, and gone."""
    folder = tmp_path_factory.mktemp("crawled")
    database, wacz, warc = folder / "reex.db", folder / "archive.wacz", folder / "warc"
    with running() as replica:
        environ = {"site": replica.url, "database": database, "REEX_ARCHIVE_DIR": str(warc)}
        for spider, *limits in (("backfill",), ("recheck", "-a", "days=10000")):
            done = reex_crawl(spider, "-a", f"max_articles={_ARTICLES}", *limits, **environ)
            assert done.returncode == 0, done.stderr
        done = reex("export", "--wacz", str(wacz), **environ)
        assert done.returncode == 0, done.stderr
    with pywb(wacz, tmp_path_factory.mktemp("pywb")) as collection:
        yield Crawled(tuple(warc.iterdir()), wacz, collection, database)


@pytest.fixture(params=["standard", "crawled"])
def exported(request: pytest.FixtureRequest) -> Exported:
    made: Exported = request.getfixturevalue(request.param)
    return made


@pytest.mark.parametrize(
    ("path", "at", "shown"),
    [
        ("/news/plain/", AT, "/news/plain/"),
        ("/news/gzip/", AT, "/news/gzip/"),
        ("/news/brotli/", AT, "/news/brotli/"),
        pytest.param("/news/moved/", AT, "/news/plain/", id="a redirect"),
        pytest.param("/news/gzip/", LATER, "/news/gzip/", id="a revisit"),
        pytest.param("/news/elsewhere/", LATER, "/news/gzip/", id="a revisit of another address"),
        pytest.param("/news/plain/", LATER, "/news/plain/", id="after a 304"),
    ],
)
def test_every_kind_of_answer_replays(standard: Exported, path: str, at: datetime, shown: str) -> None:
    assert squeezed(f"The text of {shown} — 稀土.") in standard.text(SITE + path, at)


def test_the_text_of_an_article_is_on_its_replayed_page(crawled: Crawled) -> None:
    articles = crawled.rows(f"SELECT url, body FROM articles WHERE {_INTACT} ORDER BY word_count DESC LIMIT 3")
    assert articles
    for url, body in articles:
        text = crawled.text(url, datetime.now(UTC))
        lines = [line.removeprefix("- ") for line in body.splitlines() if line]
        assert len(lines) > 3
        assert [line for line in lines if squeezed(line) not in text] == []


def test_each_page_of_the_list_replays_as_it_was_then(crawled: Crawled) -> None:
    with ZipFile(crawled.wacz) as opened:
        _, *lines = opened.read("pages/pages.jsonl").decode().splitlines()
    pages = [json.loads(line) for line in lines]
    assert {page["url"] for page in pages} == {url for (url,) in crawled.rows("SELECT url FROM articles")}
    titles = {title for (title,) in crawled.rows("SELECT title FROM revisions")}
    assert {page["title"] for page in pages} <= titles
    intact = {url for (url,) in crawled.rows(f"SELECT url FROM articles WHERE {_INTACT}")}
    page = next(page for page in pages if page["url"] in intact)
    assert squeezed(page["title"]) in crawled.text(page["url"], datetime.fromisoformat(page["ts"]))


def test_the_file_is_valid(exported: Exported) -> None:
    assert "Validation succeeded, the passed WACZ is valid" in ran("wacz", "validate", "-f", str(exported.wacz))


def test_the_index_is_that_of_another_indexer(exported: Exported) -> None:
    fields = ("url", "status", "mime", "digest", "length", "offset", "filename")

    def parsed(lines: str) -> list[tuple[str, ...]]:
        split = [line.split(" ", 2) for line in lines.splitlines()]
        found = [(key, at, json.loads(about)) for key, at, about in split]
        return [
            (key, at, *(about.get(name, "") for name in fields))
            for key, at, about in found
            # Notes are no captures, and a 304 shows nothing.
            if about.get("mime") != "application/json" or "status" in about
            if about.get("status") != "304"
        ]

    with ZipFile(exported.wacz) as opened:
        ours = opened.read("indexes/index.cdx").decode()
    theirs = ran("cdxj-indexer", "--sort", *map(str, sorted(exported.files)))
    assert parsed(ours) == parsed(theirs)


def test_keys_are_those_that_pywb_looks_up_with() -> None:
    odd = (
        *(
            "https://news.example",
            "https://www2.news.example:443/A//B/../c/./",
            "http://127.0.0.1:80/",
            "http://[::1]:8/",
        ),
        *(
            "https://news.example/a%2520b%3Fc/",
            "https://news.example/?b=2&a&a=1&&=",
            "https://news.example/..//../x/..",
        ),
        *(
            "https://news.example/%E0%B8%81?s=%E0%B8%81+a%26b",
            "https://news.example/ก/稀土",
            "https://bücher.example./ä",
        ),
        *(
            "https://me:pw@news.example/a;b=c",
            "https://news.example/?",
            "https://news.example/?x?y#z",
            "dns:news.example",
        ),
        "https://news.example/?sid=0123456789abcdef0123456789abcdef&replytocom=5",
    )
    script = "import json, sys; from surt import surt; print(json.dumps([surt(url) for url in json.load(sys.stdin)]))"
    assert [cdxj.surt(url) for url in odd] == json.loads(ran("python", "-c", script, given=json.dumps(odd)))
