"""What others captured is stored as of its capture, before, between and after own crawls, and once."""

from __future__ import annotations

import gzip
import json
import os
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session
from warcio.archiveiterator import ArchiveIterator

from reex_crawler import ingest
from reex_crawler.archive.reader import ANSWERS, METADATA, Archive, Raw
from reex_crawler.errors import ConfigError
from reex_crawler.records import Page, Precision
from reex_crawler.replay import importing
from reex_crawler.replay.captures import Captures
from reex_crawler.replay.importing import Imported, import_files
from reex_crawler.replay.rebuild import rebuild
from reex_crawler.site.profile import profile
from reex_crawler.storage import schema
from reex_crawler.storage.models import (
    ArticleRow,
    Base,
    CommentRow,
    CommentState,
    CrawlRunRow,
    FetchOutcome,
    FetchRow,
    Origin,
    ResourceKind,
    ResourceRow,
    RevisionRow,
    RunOutcome,
)
from reex_crawler.storage.session import make_engine, reading, transaction
from tests.archive.others import AT, HTML, SITE, URL, http, record, wacz, write
from tests.archive.same import difference

PROFILE = profile(SITE)
DAY = timedelta(days=1)


def html(text: str = "First text.", *numbers: int, nav: str = "", body_class: str = "single postid-41") -> bytes:
    """An article as a stock theme shows it, with comments of these numbers."""
    comments = "".join(
        f'<li class="comment depth-1" id="comment-{number}"><article id="div-comment-{number}" class="comment-body">'
        f'<b class="fn">Ada</b><time datetime="2019-05-01T10:00:00+00:00">May 1</time>'
        f'<div class="comment-content"><p>Comment {number}.</p></div></article></li>'
        for number in numbers
    )
    return (
        f'<!doctype html><html lang="en"><head><title>Magnets</title><meta property="og:type" content="article"></head>'
        f'<body class="{body_class}"><article id="post-41" class="post-41 hentry"><h1 class="entry-title">Magnets</h1>'
        f'<div class="entry-content"><p>{text}</p></div></article>'
        f'<section id="comments" class="comments-area">{nav}<ol class="comment-list">{comments}</ol></section>'
        "</body></html>"
    ).encode()


def page(text: str = "First text.", *numbers: int, at: datetime = AT, url: str = URL, nav: str = "") -> bytes:
    return record(block=http(html(text, *numbers, nav=nav)), at=at, url=url)


def own_visit(session: Session, text: str, *numbers: int, at: datetime) -> None:
    """What a crawl of ours stored."""
    answer = Page(
        url=URL,
        final_url=URL,
        status=200,
        headers=(("Content-Type", "text/html"),),
        body=html(text, *numbers),
        fetched_at=at,
    )
    ingest.ingest(session, answer, PROFILE)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(make_url(f"sqlite:///{tmp_path / 'reex.db'}"))
    yield made
    made.dispose()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


def take(engine: Engine, folder: Path, *paths: Path) -> Imported:
    return import_files(engine, folder, PROFILE, paths, operator=None, progress=lambda *_: None)


def history(engine: Engine) -> list[tuple[str, datetime, datetime, Origin]]:
    with reading(engine) as session:
        rows = session.scalars(select(RevisionRow).order_by(RevisionRow.first_seen_at))
        return [(row.body, row.first_seen_at, row.last_seen_at, row.origin) for row in rows]


def article(engine: Engine) -> ArticleRow:
    with reading(engine) as session:
        row = session.scalars(select(ArticleRow)).one()
        assert row.comments is not None
        return row


def count(engine: Engine, table: type[Base]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def records(folder: Path) -> list[Raw]:
    archive = Archive(folder)
    return [raw for file in archive.files() for raw in archive.records(file) if isinstance(raw, Raw)]


def test_the_history_begins_with_the_captures_of_others(engine: Engine, folder: Path, tmp_path: Path) -> None:
    with transaction(engine) as session:
        own_visit(session, "Third text.", at=AT + 10 * DAY)
    old = write(
        tmp_path / "old.warc.gz",
        page("First text."),
        page("First text.", at=AT + DAY),
        page("Second text.", at=AT + 3 * DAY),
    )
    done = take(engine, folder, old)
    assert history(engine) == [
        ("First text.", AT, AT + DAY, Origin.SITE),
        ("Second text.", AT + 3 * DAY, AT + 3 * DAY, Origin.SITE),
        ("Third text.", AT + 10 * DAY, AT + 10 * DAY, Origin.SITE),
    ]
    row = article(engine)
    assert (row.body, row.first_seen_at, row.last_seen_at) == ("Third text.", AT, AT + 10 * DAY)
    assert (done.answers.taken, sum(done.pages.values()), done.exit_code) == (3, 3, 0)


def test_captures_after_and_between_own_visits_follow_and_part_them(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        own_visit(session, "Text.", at=AT)
        own_visit(session, "Text.", at=AT + 4 * DAY)
    path = write(tmp_path / "a.warc.gz", page("Meanwhile.", at=AT + 2 * DAY), page("Later.", at=AT + 6 * DAY))
    take(engine, folder, path)
    assert [(body, first, last) for body, first, last, _ in history(engine)] == [
        ("Text.", AT, AT),
        ("Meanwhile.", AT + 2 * DAY, AT + 2 * DAY),
        ("Text.", AT + 4 * DAY, AT + 4 * DAY),
        ("Later.", AT + 6 * DAY, AT + 6 * DAY),
    ]
    assert article(engine).body == "Later."


def test_a_comment_that_only_an_old_capture_shows_is_kept_as_missing(
    engine: Engine, folder: Path, tmp_path: Path
) -> None:
    with transaction(engine) as session:
        own_visit(session, "Text.", 2, at=AT + DAY)
    take(engine, folder, write(tmp_path / "a.warc.gz", page("Text.", 1, 2)))
    with reading(engine) as session:
        states = {row.comment_id: (row.state, row.first_seen_at) for row in session.scalars(select(CommentRow))}
    assert states == {1: (CommentState.MISSING, AT), 2: (CommentState.VISIBLE, AT)}


def test_every_answer_is_copied_byte_for_byte_under_its_own_name_and_date(
    database: Engine, folder: Path, tmp_path: Path
) -> None:
    schema.upgrade(database)
    body = gzip.compress(html())
    chunks = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    block = http(
        chunks, HTML, "Transfer-Encoding: chunked", "Content-Encoding: gzip", "Set-Cookie: a=1", "Set-Cookie: b=2"
    )
    fields = ("WARC-IP-Address: 192.0.2.7", "WARC-Truncated: length", "WARC-Payload-Digest: sha1:WRONG")
    path = write(
        tmp_path / "a.warc.gz",
        record("warcinfo", "", b"software: Wget\r\n"),
        record("request", URL, b"GET / HTTP/1.1\r\nCookie: secret\r\n\r\n"),
        record("response", f"<{URL}>", block, *fields, record_id="<urn:uuid:00000000-0000-0000-0000-000000000001>"),
        record(url="https://other.example/", block=http(b"of another site")),
        record(url=f"{SITE}/robots.txt", block=http(b"User-agent: *", "Content-Type: text/plain")),
    )
    done = take(database, folder, path)
    assert (done.answers.taken, done.answers.elsewhere, article(database).body) == (2, 1, "First text.")
    copied, robots = (raw for raw in records(folder) if raw.kind in ANSWERS)
    assert (copied.block, copied.date, copied.url) == (block, AT, URL)
    assert copied.record_id == "<urn:uuid:00000000-0000-0000-0000-000000000001>"
    assert (copied.fields["warc-ip-address"], copied.fields["warc-truncated"]) == ("192.0.2.7", "length")
    assert robots.url == f"{SITE}/robots.txt"
    info = records(folder)[0].block.decode()
    assert f"reex-import: {path}" in info
    assert "byte for byte" in info
    for file in Archive(folder).files():
        with (folder / file).open("rb") as stream:
            for one in ArchiveIterator(stream, check_digests="raise"):
                one.content_stream().read()
        content = gzip.decompress((folder / file).read_bytes())
        assert b"secret" not in content
        assert b"of another site" not in content
    with reading(database) as session:
        rows = {row.record_id: row.outcome for row in session.scalars(select(FetchRow))}
    assert rows == {copied.record_id: FetchOutcome.ARTICLE, robots.record_id: FetchOutcome.KEPT}


def test_the_same_file_again_in_any_wrapping_changes_nothing(database: Engine, folder: Path, tmp_path: Path) -> None:
    schema.upgrade(database)
    answers = (page("First text.", 1), page("Second text.", 1, 2, at=AT + DAY))
    take(database, folder, write(tmp_path / "a.warc.gz", *answers))
    files = Archive(folder).files()
    before = {table: count(database, table) for table in (ArticleRow, RevisionRow, CommentRow, FetchRow, ResourceRow)}
    again = take(
        database, folder, wacz(tmp_path / "b.wacz", *answers), write(tmp_path / "c.warc", *answers, how="plain")
    )
    assert (again.answers.taken, again.answers.known, again.read_before) == (0, 4, 4)
    assert {table: count(database, table) for table in before} == before
    assert Archive(folder).files() == files


def test_a_rebuild_from_the_archive_alone_gives_what_the_import_gave(
    database: Engine, folder: Path, tmp_path: Path
) -> None:
    schema.upgrade(database)
    nav = f'<div class="nav-previous"><a href="{URL}comment-page-1/#comments">Older</a></div>'
    http_url, www = URL.replace("https", "http"), URL.replace("https://", "http://www.")
    take(
        database,
        folder,
        write(
            tmp_path / "a.warc.gz",
            page("First text.", 1, url=http_url),
            page("Second text.", 2, at=AT + DAY, url=www, nav=nav),
            page("Second text.", 1, at=AT + DAY, url=f"{www}comment-page-1/"),
            record(
                "revisit",
                www,
                http(b""),
                f"WARC-Refers-To-Target-URI: {www}",
                f"WARC-Refers-To-Date: {AT + DAY:%Y-%m-%dT%H:%M:%SZ}",
                at=AT + 3 * DAY,
            ),
            record(url=f"{SITE}/about/", block=http(html(body_class="page page-id-7"))),
        ),
    )
    other = make_engine(make_url(f"sqlite:///{tmp_path / 'other.db'}"))
    schema.upgrade(other)
    assert not rebuild(other, Archive(folder), PROFILE, progress=lambda *_: None).damage
    assert difference(database, other) == []
    assert difference(database, other, "resources", "fetches", without=("run_id",)) == []
    row = article(other)
    assert (row.url, [one.comment_id for one in row.comments], row.last_seen_at) == (URL, [1, 2], AT + 3 * DAY)
    other.dispose()


@pytest.mark.parametrize(
    "refers",
    [
        ("WARC-Refers-To: <urn:uuid:00000000-0000-0000-0000-000000000001>",),
        (f"WARC-Refers-To-Target-URI: <{URL}>", f"WARC-Refers-To-Date: {AT:%Y-%m-%dT%H:%M:%SZ}"),
        ("WARC-Payload-Digest: sha1:THEIRS",),
    ],
)
def test_a_revisit_tells_that_the_content_still_stood(
    database: Engine, folder: Path, tmp_path: Path, refers: tuple[str, ...]
) -> None:
    schema.upgrade(database)
    first = record(
        "response",
        URL,
        http(html()),
        "WARC-Payload-Digest: sha1:THEIRS",
        record_id="<urn:uuid:00000000-0000-0000-0000-000000000001>",
    )
    again = record("revisit", URL, http(b""), "WARC-Profile: urn:any", *refers, at=AT + 9 * DAY)
    lost = record("revisit", f"{SITE}/news/lost/", http(b""), "WARC-Payload-Digest: sha1:UNKNOWN")
    empty = record("revisit", URL, b"", *refers, at=AT + 12 * DAY)
    done = take(database, folder, write(tmp_path / "a.warc.gz", first, again, lost, empty))
    assert history(database) == [("First text.", AT, AT + 9 * DAY, Origin.SITE)]
    assert (done.answers.taken, done.exit_code) == (3, 0)


def test_comment_pages_serve_the_page_they_were_captured_with(database: Engine, folder: Path, tmp_path: Path) -> None:
    schema.upgrade(database)
    nav = f'<div class="nav-previous"><a href="{URL}comment-page-1/#comments">Older</a></div>'
    older = f"{URL}comment-page-1/"
    path = write(
        tmp_path / "a.warc.gz",
        page("Text.", 1, url=older, at=AT - timedelta(hours=2)),
        page("Text.", 9, url=older, at=AT + 5 * DAY),
        page("Text.", 2, nav=nav),
        page("Text.", 2, nav=nav, at=AT - 99 * DAY),
    )
    take(database, folder, path)
    row = article(database)
    assert [one.comment_id for one in row.comments] == [1, 2]
    assert row.thread_complete


def test_a_text_without_its_further_pages_is_passed_over(database: Engine, folder: Path, tmp_path: Path) -> None:
    schema.upgrade(database)
    parted = html(f'One.</p><div class="page-links">Pages: <span>1</span> <a href="{URL}2/">2</a></div><p>')
    done = take(database, folder, write(tmp_path / "a.warc.gz", record(block=http(parted))))
    assert done.passed_over == {"text-page": 1}
    whole = (record(block=http(parted), at=AT + DAY), record(url=f"{URL}2/", block=http(html("Two.")), at=AT + DAY))
    take(database, folder, write(tmp_path / "b.warc.gz", *whole))
    assert article(database).body == "One.\n\nTwo."


def test_what_listings_say_completes_the_pages_captured_with_them(
    database: Engine, folder: Path, tmp_path: Path
) -> None:
    schema.upgrade(database)
    feed = (
        f"<rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/'><channel><item><title>Magnets</title>"
        f"<link>{URL}</link><dc:creator>Ada Lovelace</dc:creator><pubDate>Wed, 01 May 2019 08:09:10 +0000</pubDate>"
        "</item></channel></rss>"
    ).encode()
    comments = feed.replace(b"01 May 2019", b"03 May 2019").replace(b"Ada Lovelace", b"Commenter")
    xml = "Content-Type: application/rss+xml"
    path = write(
        tmp_path / "a.warc.gz",
        record(url=f"{SITE}/news/feed/", block=http(feed, xml), at=AT + timedelta(hours=3)),
        record(url=f"{SITE}/news/magnets/feed/", block=http(comments, xml)),
        record(url=f"{SITE}/comments/feed/", block=http(comments, xml)),
        record(url=f"{SITE}/feed/", block=http(b"no feed", xml)),
        page(),
    )
    take(database, folder, path)
    row = article(database)
    assert (row.published_at, row.published_precision) == (
        datetime.fromisoformat("2019-05-01T08:09:10Z"),
        Precision.SECOND,
    )
    with reading(database) as session:
        kept = session.scalars(select(ArticleRow)).one()
        assert [one.name for one in kept.authors] == ["Ada Lovelace"]


def test_a_listing_of_another_time_tells_only_what_never_changes(
    database: Engine, folder: Path, tmp_path: Path
) -> None:
    schema.upgrade(database)
    item = {
        "id": 41,
        "link": URL,
        "date_gmt": "2019-05-01T08:09:10",
        "modified_gmt": "2024-01-01T00:00:00",
        "title": {"rendered": "Renamed since"},
        "_embedded": {"author": [{"name": "A later author"}]},
    }
    listing = http(json.dumps([item]).encode(), "Content-Type: application/json")
    rest = record(url=f"{SITE}/wp-json/wp/v2/news-archive?per_page=100", block=listing, at=AT + 2000 * DAY)
    take(database, folder, write(tmp_path / "a.warc.gz", rest, page()))
    row = article(database)
    assert (row.title, row.modified_at) == ("Magnets", None)
    assert row.published_at == datetime.fromisoformat("2019-05-01T08:09:10Z")
    with reading(database) as session:
        assert session.scalars(select(ArticleRow)).one().authors == []


def test_what_is_no_article_is_counted_and_not_set_aside(database: Engine, folder: Path, tmp_path: Path) -> None:
    schema.upgrade(database)
    pages = {
        "/": html(body_class="home"),
        "/news/": html(body_class="post-type-archive"),
        "/about/": html(body_class="page page-id-7"),
        "/news/about-our-news/": html(body_class="page page-id-8 page-child"),
        "/news/all/": html(body_class="archive"),
        "/news/cut/": html()[:-40],
    }
    answers = [record(url=SITE + path, block=http(body)) for path, body in pages.items()]
    gone = record(url=f"{SITE}/news/gone/", block=http(html(), status="HTTP/1.1 404 Not Found"))
    style = record(url=f"{SITE}/style.css", block=http(b"p {}", "Content-Type: text/css"))
    done = take(database, folder, write(tmp_path / "a.warc.gz", *answers, gone, style))
    assert done.passed_over == {"other page": 3, "page": 1, "listing": 1, "cut": 1}
    assert (done.answers.taken, done.exit_code) == (8, 0)
    with reading(database) as session:
        assert set(session.scalars(select(FetchRow.outcome))) == {FetchOutcome.KEPT}
    assert count(database, ArticleRow) == 0


def test_an_address_that_an_import_knew_as_gone_is_asked_when_a_listing_names_it(
    database: Engine, folder: Path, tmp_path: Path
) -> None:
    schema.upgrade(database)
    gone = record(block=http(b"not here", status="HTTP/1.1 404 Not Found"))
    take(database, folder, write(tmp_path / "a.warc.gz", gone))
    from reex_crawler.storage import listings  # noqa: PLC0415

    with transaction(database) as session:
        listings.add(session, ResourceKind.ARTICLE, AT, {URL})
        assert session.scalars(select(ResourceRow.kind)).all() == [ResourceKind.ARTICLE]


def test_damage_is_named_and_the_rest_is_imported(database: Engine, folder: Path, tmp_path: Path) -> None:
    schema.upgrade(database)
    bad, good = tmp_path / "bad.warc.gz", write(tmp_path / "good.warc.gz", page())
    bad.write_bytes(
        write(tmp_path / "x.warc.gz", page("Other text.", at=AT + DAY)).read_bytes()[:-30] + good.read_bytes()[:50]
    )
    done = take(database, folder, bad, tmp_path / "none.warc", good)
    assert (article(database).body, done.exit_code) == ("First text.", 4)
    assert [line.split(" at byte ")[0] for line in done.damage] == [str(bad)] * len(done.damage)
    assert done.missing[0].startswith(f"{tmp_path / 'none.warc'} cannot be read: No such file")
    with reading(database) as session:
        run = session.scalars(select(CrawlRunRow)).one()
        assert (run.spider, run.outcome, run.exit_code) == ("import", RunOutcome.PARTIAL, 4)
        assert run.arguments["files"][0] == str(bad)
    assert take(database, folder, tmp_path / "none.warc").exit_code == 2


def test_a_page_that_meets_a_fault_of_ours_costs_no_other(
    database: Engine, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.upgrade(database)
    true = Captures.read

    def read(self: Captures, capture: object) -> object:
        if getattr(capture, "at", None) == AT:
            raise ZeroDivisionError
        return true(self, capture)  # type: ignore[arg-type]

    monkeypatch.setattr(Captures, "read", read)
    done = take(database, folder, write(tmp_path / "a.warc.gz", page(), page("Second text.", at=AT + DAY)))
    assert (article(database).body, len(done.failed), done.exit_code) == ("Second text.", 1, 1)


def test_a_database_of_another_site_is_refused(database: Engine, folder: Path, tmp_path: Path) -> None:
    schema.upgrade(database)
    take(database, folder, write(tmp_path / "a.warc.gz", page()))
    with pytest.raises(ConfigError, match="holds the archive"):
        import_files(database, folder, profile("https://other.example"), [], operator=None, progress=lambda *_: None)


def test_an_import_that_is_killed_anywhere_is_completed_by_the_same_import(tmp_path: Path) -> None:
    answers = [page(f"Text {day}.", day + 1, at=AT + day * DAY) for day in range(30)]
    path = write(tmp_path / "a.warc.gz", *answers)
    whole = make_engine(make_url(f"sqlite:///{tmp_path / 'whole.db'}"))
    schema.upgrade(whole)
    take(whole, tmp_path / "whole", path)
    for step in range(1, 14, 3):
        name = f"killed-{step}"
        killed = make_engine(make_url(f"sqlite:///{tmp_path / name}.db"))
        schema.upgrade(killed)
        killed.dispose()
        child = os.fork()
        if child == 0:
            _import_until_killed(killed, tmp_path / name, path, step)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        take(killed, tmp_path / name, path)
        without = ("run_id", "warc_file", "warc_offset", "warc_length", "note_file", "note_offset")
        assert difference(whole, killed) == []
        assert difference(whole, killed, "fetches", without=without) == []
        found = records(tmp_path / name)
        assert len([raw for raw in found if raw.kind in ANSWERS]) == len(answers)
        noted = {raw.refers_to for raw in found if raw.kind == METADATA}
        assert len(noted) == len(answers)
        killed.dispose()
    whole.dispose()


def _import_until_killed(engine: Engine, folder: Path, path: Path, step: int) -> None:
    """Be killed at a step: before a transaction is committed, or after."""
    steps = iter(range(1, 99))

    class Killing(importing.Writer):
        def sync(self) -> None:
            super().sync()
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        def rotate(self) -> None:
            super().rotate()
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)

    importing.Writer = Killing  # type: ignore[misc]
    importing._PAGES = 5
    take(engine, folder, path)
    os._exit(0)
