from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.cli.conftest import Reex
from tests.factories import SITE_URL
from tests.factories import URL as ARTICLE_URL


@pytest.mark.parametrize(
    "key", [ARTICLE_URL, "7855", "magnets", f"{SITE_URL}/news/magnets", f"{ARTICLE_URL}?utm_source=x#comments"]
)
def test_an_article_is_found_by_each_name_it_has(archive: URL, reex: Reex, key: str) -> None:
    done = reex("show", key, "--json")
    assert done.code == 0
    assert json.loads(done.out)["post_id"] == 7855


def test_everything_stored_of_an_article_is_shown(archive: URL, reex: Reex) -> None:
    done = reex("show", "7855")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert "title\tMagnets, corrected\t" in lines
    assert "published_at\t2026-01-02 09:30:15 UTC\tjson-ld" in lines
    assert "authors\tDaniel\tjson-ld" in lines
    assert "First paragraph." in lines
    assert "2 revisions" in lines
    assert "body (utf-8>windows-874): 'โ€œmagnetsโ€' -> '“magnets”'" in lines
    assert "title (mixed): 'รฉ'" in lines


def test_a_reply_stands_under_the_comment_it_answers(archive: URL, reex: Reex) -> None:
    lines = reex("show", "7855").out.splitlines()
    start = lines.index("3 comments")
    assert lines[start + 1 : start + 7] == [
        "#17 Ann, 2026-01-03 08:00:00 UTC",
        "    Comment 17.",
        "    #18 Reader, 2026-01-03 08:00:00 UTC",
        "        A reply.",
        "#19 Bob, 2026-01-03 08:00:00 UTC",
        "    Comment 19.",
    ]


def test_json_holds_every_part(archive: URL, reex: Reex) -> None:
    shown = json.loads(reex("show", "7855", "--json").out)
    assert shown["published_at"] == "2026-01-02T09:30:15+00:00"
    assert shown["highlights"] == ["First point.", "Second point."]
    assert [author["name"] for author in shown["authors"]] == ["Daniel"]
    assert [revision["title"] for revision in shown["revisions"]] == ["Magnets", "Magnets, corrected"]
    assert {comment["comment_id"] for comment in shown["comments"]} == {17, 18, 19}
    assert len(shown["terms"]) == 2


def test_an_unknown_article_is_exit_code_2_with_the_nearest_known(archive: URL, reex: Reex) -> None:
    done = reex("show", f"{SITE_URL}/news/magnet/")
    assert (done.code, done.out) == (2, "")
    [line] = done.err.splitlines()
    assert line.startswith(
        f"reex: error: no article is stored under {SITE_URL}/news/magnet/. Nearest known: {ARTICLE_URL}"
    )


def test_what_resembles_nothing_is_told_where_to_look(archive: URL, reex: Reex) -> None:
    done = reex("show", "zzz")
    assert done.code == 2
    assert "reex status" in done.err


def test_without_a_database_nothing_is_made_and_the_first_step_is_named(tmp_path: Path, reex: Reex) -> None:
    path = tmp_path / "none.db"
    done = reex("show", "1", REEX_DATABASE_URL=f"sqlite:///{path}")
    assert done.code == 4
    assert str(path) in done.err
    assert not path.exists()
