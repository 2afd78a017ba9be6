"""An edit of the running replica shows wherever WordPress shows it, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from tests.replica import Replica, edit, running
from tests.replica.answer import Answer, Request

LATER = datetime(2026, 6, 1, 12, 30, 1, tzinfo=UTC)
STAMP = "Mon, 01 Jun 2026 12:30:01 GMT"
LOCAL = "2026-06-01T06:30:01-06:00"
FEED, COMMENTS = "/news/feed/", "/comments/feed/"
REST = "/wp-json/wp/v2/news-archive?orderby=modified&per_page=100"


@pytest.fixture
def replica() -> Iterator[Replica]:
    with running(rest="open", gzip=False) as served:
        yield served


def get(replica: Replica, target: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return replica.site.answer(Request(method="GET", target=target, headers=named))


def body(replica: Replica, target: str) -> str:
    return get(replica, target).body.decode()


def validators(replica: Replica, target: str) -> dict[str, str]:
    headers = dict(get(replica, target).headers)
    return {"if_none_match": headers["ETag"], "if_modified_since": headers["Last-Modified"]}


def newest(replica: Replica) -> int:
    return next(truth.post_id for truth in replica.site.truths() if "/news/" in truth.url)


def path_of(replica: Replica, post_id: int) -> str:
    return urlsplit(next(truth.url for truth in replica.site.truths() if truth.post_id == post_id)).path


def test_a_new_article_stands_first_in_feed_rest_and_sitemap_index(replica: Replica) -> None:
    before = validators(replica, FEED)
    post_id = edit.publish(replica, slug="just-in", at=LATER)
    assert replica.site.truths()[0].post_id == post_id
    assert get(replica, "/news/just-in/").status == 200
    assert get(replica, FEED, **before).status == 200
    assert dict(get(replica, FEED).headers)["Last-Modified"] == STAMP
    assert body(replica, FEED).index("/news/just-in/") < body(replica, FEED).index("<guid")
    assert body(replica, REST).startswith(f'[{{"id":{post_id},')
    assert LOCAL in body(replica, "/sitemap_index.xml")


def test_an_edit_is_stamped_in_feed_rest_and_sitemap(replica: Replica) -> None:
    post_id = replica.site.truths()[-1].post_id
    path = path_of(replica, post_id)
    edit.edit(replica, post_id, "An afterthought.", LATER)
    assert "An afterthought." in body(replica, path)
    assert dict(get(replica, FEED).headers)["Last-Modified"] == STAMP
    assert body(replica, REST).startswith(f'[{{"id":{post_id},')
    assert LOCAL in body(replica, "/sitemap_index.xml")


def test_a_silent_edit_shows_on_the_page_alone(replica: Replica) -> None:
    post_id = replica.site.truths()[-1].post_id
    before, index = validators(replica, FEED), body(replica, "/sitemap_index.xml")
    edit.edit_silently(replica, post_id, "An afterthought.")
    assert "An afterthought." in body(replica, path_of(replica, post_id))
    assert get(replica, FEED, **before).status == 304
    assert body(replica, "/sitemap_index.xml") == index


def test_a_comment_changes_the_feed_of_comments_and_not_that_of_articles(replica: Replica) -> None:
    post_id = newest(replica)
    before, of_comments = validators(replica, FEED), validators(replica, COMMENTS)
    counted = body(replica, FEED)
    number = edit.comment(replica, post_id, "Late, but here.", at=LATER)
    assert f'id="li-comment-{number}"' in body(replica, path_of(replica, post_id)) or "Late, but here." in body(
        replica, path_of(replica, post_id)
    )
    assert get(replica, FEED, **before).status == 304
    assert body(replica, FEED) != counted
    assert get(replica, COMMENTS, **of_comments).status == 200
    assert dict(get(replica, COMMENTS).headers)["Last-Modified"] == STAMP
    assert f'"id":{number},' in body(replica, "/wp-json/wp/v2/comments")


def test_a_comment_that_is_approved_late_has_the_time_of_its_posting(replica: Replica) -> None:
    post_id = newest(replica)
    of_comments = validators(replica, COMMENTS)
    posted = datetime(2025, 8, 1, tzinfo=UTC)
    number = edit.comment(replica, post_id, "Held for long.", at=posted, approved=False)
    assert "Held for long." not in body(replica, path_of(replica, post_id))
    edit.approve(replica, post_id, number)
    assert "Held for long." in body(replica, path_of(replica, post_id))
    assert get(replica, COMMENTS, **of_comments).status == 304
    after = (posted - timedelta(days=1)).isoformat(timespec="seconds").replace("+00:00", "Z")
    assert f'"id":{number},' in body(replica, f"/wp-json/wp/v2/comments?after={after}&per_page=100")


def test_the_old_address_of_an_article_redirects_to_the_new_one(replica: Replica) -> None:
    post_id = newest(replica)
    old = path_of(replica, post_id)
    edit.change_slug(replica, post_id, "another-name-for-it", LATER)
    answer = get(replica, old)
    assert answer.status == 301
    assert dict(answer.headers)["Location"] == f"{replica.url}/news/another-name-for-it/"
    assert get(replica, "/news/another-name-for-it/").status == 200
    assert old not in body(replica, FEED)


def test_an_article_in_the_bin_is_nowhere_and_the_feed_still_says_not_modified(replica: Replica) -> None:
    post_id = replica.site.truths()[-1].post_id
    path, before = path_of(replica, post_id), validators(replica, FEED)
    edit.trash(replica, post_id, LATER)
    assert get(replica, path).status in {301, 404}
    assert get(replica, f"/wp-json/wp/v2/news-archive/{post_id}").status == 401
    assert path not in body(replica, "/news-archive-sitemap.xml")
    assert get(replica, FEED, **before).status == 304
