"""A mirror made with wget and imported: the same articles and comments as our own crawl of the same site."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine, make_url

from reex_crawler.storage.session import make_engine
from tests.archive.same import difference
from tests.replica import Replica, edit, running
from tests.shell.running import reex, reex_crawl
from tests.shell.smaller import shrink
from tests.shell.test_crawl import rows, stored, visible

COUNT = 14
TABLES = ("articles", "revisions", "authors", "article_authors", "comments", "images", "links", "repairs", "suspicions")
TERMS = ("terms", "article_terms")
SEEN = ("first_seen_at", "last_seen_at", "fetch_id")
"""When, and in which answer: the mirror and the crawl are two visits."""
SITEMAPS_TELL = ("sources", "reading_hash", "modified_at", "modified_precision", "modified_raw")
"""A crawl that asks a feed for an author's name takes that for all that is listed, and the sitemap's time is lost."""
ONLY_REST_TELLS = (
    *SITEMAPS_TELL,
    *("published_raw", "posted_at", "posted_precision", "posted_raw"),
)
"""No link of a page leads to REST's collections: a mirror has none, and terms without slugs."""


@pytest.fixture(scope="session")
def wget() -> str:
    found = shutil.which("wget")
    if found is None:
        reason = "wget is not installed: tests/install.sh wget"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def mirror(wget: str, replica: Replica, folder: Path) -> Path:
    """Mirror the site as a user does it; wget follows no address in a sitemap, so they are given."""
    folder.mkdir()
    index = replica_text(replica, "/sitemap_index.xml")
    maps = {url: replica_text(replica, url.removeprefix(replica.url)) for url in locations(index)}
    addresses = [url for text in maps.values() for url in locations(text)]
    (folder / "addresses").write_text("\n".join([*maps, *addresses, f"{replica.url}/news/feed/"]))
    subprocess.run(
        [
            *(wget, "--no-verbose", "--no-proxy", "--recursive", "--level=inf", "--reject-regex=replytocom"),
            *("--warc-file=mirror", "--input-file=addresses", "--directory-prefix=files", f"{replica.url}/"),
        ],
        cwd=folder,
        capture_output=True,
        check=False,  # It fails where any address does, such as one of a page that was withdrawn.
        timeout=300,
    )
    return folder / "mirror.warc.gz"


def replica_text(replica: Replica, path: str) -> str:
    from urllib.request import ProxyHandler, build_opener  # noqa: PLC0415

    with build_opener(ProxyHandler({})).open(replica.url + path) as answer:
        return str(answer.read().decode())


def locations(sitemap: str) -> list[str]:
    return re.findall(r"<loc>([^<]+)</loc>", sitemap)


def engine(path: Path) -> Engine:
    return make_engine(make_url(f"sqlite:///{path}"))


@pytest.mark.parametrize(
    ("options", "unknown"),
    [
        ({"theme": "mixed", "comments_per_page": 2}, ()),
        ({"theme": "block", "seo": False}, SITEMAPS_TELL),
        ({"theme": "divi4", "rest": "open"}, ONLY_REST_TELLS),
    ],
    ids=["mixed", "block", "rest"],
)
def test_a_mirror_made_with_wget_holds_what_our_own_crawl_finds(
    wget: str, tmp_path: Path, options: dict[str, Any], unknown: tuple[str, ...]
) -> None:
    mirrored, crawled = tmp_path / "mirrored.db", tmp_path / "crawled.db"
    with running(**options) as replica:
        shrink(replica, COUNT)
        path = mirror(wget, replica, tmp_path / "wget")
        done = reex("import", str(path), site=replica.url, database=mirrored)
        assert (done.returncode, done.stderr) == (0, "")
        assert reex_crawl("backfill", site=replica.url, database=crawled).returncode == 0
        assert stored(mirrored) == stored(crawled) == visible(replica)
    one, other = engine(mirrored), engine(crawled)
    tables = TABLES if options.get("rest") else (*TABLES, *TERMS)
    assert difference(one, other, *tables, without=(*SEEN, *unknown)) == []
    assert rows(mirrored, "SELECT count(*) FROM comments")[0] > 0
    one.dispose()
    other.dispose()


def test_a_mirror_from_before_the_first_crawl_begins_the_history(wget: str, tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    with running(theme="divi4") as replica:
        shrink(replica, COUNT)
        path = mirror(wget, replica, tmp_path / "wget")
        edited = replica.site.truths()[0].post_id
        edit.edit(replica, edited, "Amended by the editors.")
        assert reex_crawl("backfill", site=replica.url, database=database).returncode == 0
        done = reex("import", str(path), site=replica.url, database=database)
        assert done.returncode == 0, done.stderr
        again = reex("import", str(path), site=replica.url, database=database)
        assert "0 answers taken" in again.stdout
    history = rows(
        database,
        "SELECT post_id, revisions.origin, revisions.body LIKE '%Amended by the editors.%', articles.state"
        " FROM revisions JOIN articles ON articles.id = article_id"
        " WHERE article_id IN (SELECT article_id FROM revisions GROUP BY 1 HAVING count(*) > 1)"
        " ORDER BY revisions.first_seen_at",
    )
    assert history == [(edited, "site", 0, "live"), (edited, "site", 1, "live")]
    assert rows(database, "SELECT count(*) FROM articles WHERE body LIKE '%Amended by the editors.%'") == [1]
    assert rows(database, "SELECT spider, outcome FROM crawl_runs ORDER BY id") == [
        ("backfill", "done"),
        ("import", "done"),
        ("import", "done"),
    ]


def test_an_import_and_a_crawl_exclude_each_other(tmp_path: Path) -> None:
    from reex_crawler.storage import lock  # noqa: PLC0415

    (tmp_path / "mirror.warc").write_bytes(b"")
    held = engine(tmp_path / "reex.db")
    taken = lock.hold(held)
    try:
        done = reex("import", str(tmp_path / "mirror.warc"), site="https://news.example", database=tmp_path / "reex.db")
    finally:
        taken.release()
        held.dispose()
    assert done.returncode == 75
    assert "another run" in done.stderr


def test_a_file_that_is_no_warc_or_not_there_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<!doctype html><title>No WARC</title>")

    def run(*names: str) -> subprocess.CompletedProcess[str]:
        paths = [str(tmp_path / name) for name in names]
        return reex("import", *paths, site="https://news.example", database=tmp_path / "reex.db")

    done = run("page.html", "none.warc.gz")
    assert done.returncode == 4
    assert f"damaged: {tmp_path / 'page.html'} at byte 0: this is no WARC record" in done.stderr
    assert f"{tmp_path / 'none.warc.gz'} cannot be read: No such file or directory" in done.stderr
    assert "Traceback" not in done.stderr
    assert run("none.warc.gz").returncode == 2
    assert reex("import", site="https://news.example", database=tmp_path / "reex.db").returncode == 2
