from __future__ import annotations

import json
from hashlib import sha256

from sqlalchemy.engine import URL

from reex_crawler.archive.reader import Archive
from tests.cli.captured import Captured
from tests.cli.conftest import Reex


def test_a_citation_names_the_article_and_what_proves_it(captured: Captured, reex: Reex) -> None:
    done = reex("cite", captured.edited)
    assert (done.code, done.err) == (0, "")
    told = json.loads(reex("cite", captured.edited, "--json").out)
    [(title, post_id)] = captured.rows("SELECT title, post_id FROM articles WHERE url LIKE ?", f"%{captured.edited}")
    assert (told["title"], told["site"]) == (title, "Rare Earth Exchanges")
    assert told["url"] == captured.site + captured.edited
    assert told["sha256"] == sha256(captured.after).hexdigest()
    record = Archive(captured.folder).record(told["file"], told["offset"])
    assert (record.record_id, record.payload_digest) == (told["record_id"], told["payload_digest"])
    assert record.date.replace(microsecond=0).isoformat() == told["captured_at"]
    lines = done.out.splitlines()
    assert lines[0] == f"{', '.join(told['authors'])}: “{title}”, Rare Earth Exchanges"
    assert lines[1] == told["url"]
    assert [line.partition(": ")[0] for line in lines[2:]] == [
        *("Published", "Modified", "Captured", "SHA-256", "WARC-Payload-Digest", "WARC-Record-ID", "WARC file"),
    ]
    assert lines[-1] == f"WARC file: {told['file']}, byte {told['offset']}"
    assert reex("cite", str(post_id)).out == done.out


def test_an_earlier_time_cites_title_authors_and_bytes_as_they_were(captured: Captured, reex: Reex) -> None:
    captured.set_apart()
    now = json.loads(reex("cite", captured.edited, "--json").out)
    first = "SELECT min(id) FROM revisions WHERE article_id = (SELECT id FROM articles WHERE url = ?)"
    captured.rows(
        f"""UPDATE revisions SET title = 'As it was', authors = '["Ann", "Bob"]' WHERE id = ({first})""", now["url"]
    )
    [(at,)] = captured.rows("SELECT min(fetched_at) FROM fetches WHERE outcome = 'article'")
    told = json.loads(reex("cite", captured.edited, "--at", at[:10] + "T23:59:59Z", "--json").out)
    assert (told["title"], told["authors"]) == ("As it was", ["Ann", "Bob"])
    assert told["sha256"] == sha256(captured.before).hexdigest()
    assert told["captured_at"] < now["captured_at"]
    assert now["title"] != "As it was"


def test_a_publication_of_which_only_the_day_is_known_has_no_time(captured: Captured, reex: Reex) -> None:
    [(url,)] = captured.rows("SELECT url FROM articles WHERE url LIKE ?", f"%{captured.edited}")
    midnight = "2026-01-02 07:00:00+00:00"
    captured.rows("UPDATE articles SET published_at = ?, published_precision = 'day' WHERE url = ?", midnight, url)
    captured.rows("UPDATE revisions SET published_at = ?, modified_at = NULL", midnight)
    lines = reex("cite", url).out.splitlines()
    assert "Published: 2026-01-02" in lines
    assert not any(line.startswith("Modified") for line in lines)


def test_what_the_archive_does_not_prove_is_not_cited(captured: Captured, reex: Reex) -> None:
    captured.rows("UPDATE fetches SET digest = ? WHERE outcome = 'article'", "0" * 64)
    done = reex("cite", captured.edited)
    assert (done.code, done.out) == (4, "")
    assert f"{captured.folder}/" in done.err


def test_an_article_from_before_the_raw_archive_has_no_citation(archive: URL, reex: Reex) -> None:
    done = reex("cite", "7855")
    assert (done.code, done.out) == (2, "")
    assert "the raw archive keeps no capture of https://news.example/news/magnets/" in done.err


def test_an_unknown_article_is_answered_with_the_nearest(captured: Captured, reex: Reex) -> None:
    done = reex("cite", f"{captured.site}{captured.edited[:-3]}")
    assert done.code == 2
    assert captured.edited in done.err
