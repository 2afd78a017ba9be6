"""The replica holds what it claims and answers as WordPress does; every test of the program that uses it leans on these."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from datetime import timedelta
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from tests.replica import THEMES, Options, Site, running
from tests.replica.answer import Answer, Request
from tests.replica.damage import DAMAGE
from tests.replica.truth import Status

BASE = "http://127.0.0.1:8000"
SECRET = "MUST-NOT-BE-ARCHIVED"


def site(**options):
    return Site(Options(**options), BASE)


def get(where: Site, target: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return where.answer(Request(method="GET", target=target.removeprefix(BASE), headers=named))


def header(answer: Answer, name: str) -> str | None:
    return next((value for key, value in answer.headers if key == name), None)


def truth(where: Site, post_id: int):
    return next(one for one in where.truths() if one.post_id == post_id)


def by_title(where: Site, start: str):
    return next(one for one in where.truths() if one.title.startswith(start))


def shown_ids(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<li class="comment [^"]*" id="li-comment-(\d+)"', page)]


# What it holds


def test_there_are_at_least_sixty_visible_articles_by_four_authors_in_several_terms():
    truths = site().truths()
    assert len(truths) >= 60
    assert len({author.slug for one in truths for author in one.authors}) >= 4
    assert len({term.slug for one in truths for term in one.terms}) >= 12
    assert sum(len(one.authors) == 2 for one in truths) >= 8
    assert sum(len(one.visible_comments) for one in truths) >= 60


def test_post_ids_and_comment_ids_are_unique():
    posts = site().posts
    comments = [comment.comment_id for post in posts for comment in post.entry.comments]
    assert len({post.entry.post_id for post in posts}) == len(posts)
    assert len(set(comments)) == len(comments)


def test_every_kind_of_damage_is_somewhere_and_breaks_the_text():
    posts = site().posts
    assert {post.entry.damage for post in posts} - {None} == set(DAMAGE)
    for post in posts:
        if post.entry.damage:
            assert any(
                line not in html.fromstring(post.content_html).text_content()
                for b in post.truth.body
                for line in b.lines
            )


def test_a_mixed_site_wears_every_layout():
    assert {one.layout for one in site().truths()} == set(THEMES)


def test_every_status_that_hides_a_post_is_there():
    assert {one.status for one in site().hidden()} == set(Status) - {Status.PUBLISH}


def test_two_articles_share_title_and_second():
    pairs = [(one.title, one.published) for one in site().truths()]
    assert len(set(pairs)) == len(pairs) - 1


# Pages


@pytest.mark.parametrize("seo", [True, False])
@pytest.mark.parametrize("theme", THEMES)
def test_every_article_has_a_whole_page_in_every_theme(theme, seo):
    where = site(theme=theme, seo=seo, gzip=False)
    for one in where.truths():
        answer = get(where, one.url)
        page = answer.body.decode()
        assert answer.status == 200
        assert 55_000 < len(answer.body) < 115_000
        assert page.rstrip().endswith("</html>")
        assert f"postid-{one.post_id}" in page
        assert ("application/ld+json" in page) is seo
        assert header(answer, "ETag") is header(answer, "Last-Modified") is None
        assert f"<{BASE}/?p={one.post_id}>; rel=shortlink" in [value for _, value in answer.headers]


@pytest.mark.parametrize("theme", THEMES)
def test_an_undamaged_page_shows_the_text_that_the_truth_names(theme):
    where = site(theme=theme, gzip=False)
    for one in where.truths():
        if next(post for post in where.posts if post.entry.post_id == one.post_id).entry.damage:
            continue
        for number, part in enumerate(one.parts, start=1):
            page = html.fromstring(get(where, one.url if number == 1 else f"{one.url}{number}/").body.decode())
            for unseen in page.xpath(
                "//span[@aria-hidden or contains(@class, 'sr-only') or contains(@class, 'screen-reader-text')]"
            ):
                unseen.drop_tree()
            shown = " ".join(page.text_content().split())
            for block in part:
                for line in (*block.lines, *(cell for row in block.cells for cell in row)):
                    assert " ".join(line.split()) in shown


def test_hidden_posts_give_no_text_in_any_answer():
    where = site(rest="open", gzip=False)
    targets = [
        "/",
        "/feed/",
        "/news/feed/?paged=2",
        "/comments/feed/",
        "/podcast/feed/",
        "/category/news/",
        "/sitemap_index.xml",
    ]
    targets += [f"/wp-json/wp/v2/{name}?per_page=100" for name in ("news-archive", "podcast", "comments")]
    targets += [one.url for one in where.hidden()] + [f"/?p={one.post_id}" for one in where.hidden()]
    for target in targets:
        assert SECRET.encode() not in get(where, target).body


def test_a_password_is_asked_for_with_status_200_and_listings_name_the_post():
    where = site(rest="open", sitemap="core", gzip=False)
    one = next(one for one in where.hidden() if one.status is Status.PASSWORD and one.post_type == "news-archive")
    page = get(where, one.url)
    assert page.status == 200
    assert b"post-password-form" in page.body
    assert b"Protected: " in page.body
    row = json.loads(get(where, f"/wp-json/wp/v2/news-archive/{one.post_id}").body)
    assert row["content"] == {"rendered": "", "protected": True}
    assert one.url.encode() in get(where, "/wp-sitemap-posts-news-archive-1.xml").body


@pytest.mark.parametrize("status", [Status.DRAFT, Status.PRIVATE, Status.FUTURE])
def test_what_is_not_published_is_not_found_and_refused_in_rest(status):
    where = site(rest="open")
    one = next(one for one in where.hidden() if one.status is status)
    assert get(where, one.url).status == 404
    assert get(where, f"/wp-json/wp/v2/news-archive/{one.post_id}").status == 401


# Redirects


def test_an_old_slug_moves_to_the_same_post():
    answer = get(site(), "/news/araxa-tailings/")
    assert answer.status == 301
    assert header(answer, "Location") == f"{BASE}/news/araxa-tailings-second-life/"


def test_a_trashed_slug_moves_to_another_post_that_starts_alike():
    where = site()
    trashed = next(one for one in where.hidden() if one.slug == "thulium-sells")
    answer = get(where, trashed.url)
    target = header(answer, "Location")
    assert answer.status == 301
    assert f"postid-{trashed.post_id}".encode() not in get(where, target).body


def test_a_post_id_moves_to_its_address_and_a_missing_slash_is_added():
    where = site()
    one = where.truths()[0]
    assert header(get(where, f"/?p={one.post_id}"), "Location") == one.url
    assert header(get(where, one.url.rstrip("/")), "Location") == one.url


def test_a_percent_encoded_slug_is_found_whatever_the_case_of_its_escapes():
    where = site()
    one = by_title(where, "Fe₁₆N₂")
    assert "%e2%82%81" in one.url
    assert get(where, one.url).status == get(where, one.url.replace("%e2", "%E2")).status == 200
    assert one.slug.startswith("fe₁₆n₂")


# Comments


def test_the_bare_address_shows_the_last_comment_page_and_links_only_neighbours():
    where = site(theme="divi4", comments_per_page=3, gzip=False)
    one = by_title(where, "Separation From First")
    bare = get(where, one.url).body.decode()
    assert 8812 in shown_ids(bare)
    assert 8801 not in shown_ids(bare)
    assert set(re.findall(r"comment-page-(\d)/#comments", bare)) == {"2"}
    first = get(where, f"{one.url}comment-page-1/").body.decode()
    assert shown_ids(first) == [8801, 8802, 8803, 8804, 8805]
    assert set(re.findall(r"comment-page-(\d)/#comments", first)) == {"2"}


def test_a_comment_page_past_the_end_is_a_page_without_comments():
    where = site(theme="divi4", comments_per_page=3, gzip=False)
    answer = get(where, f"{by_title(where, 'Separation From First').url}comment-page-9/")
    assert answer.status == 200
    assert shown_ids(answer.body.decode()) == []


def test_without_the_plugin_a_comment_page_is_canonical_with_its_fragment():
    where = site(seo=False, comments_per_page=3, gzip=False)
    one = by_title(where, "Separation From First")
    assert (
        f'rel="canonical" href="{one.url}comment-page-1/#comments"'
        in get(where, f"{one.url}comment-page-1/").body.decode()
    )


def test_all_comment_pages_together_show_every_visible_comment_once():
    where = site(theme="divi4", comments_per_page=2, gzip=False)
    for one in where.truths():
        seen = [
            number
            for page in range(1, 8)
            for number in shown_ids(get(where, f"{one.url}comment-page-{page}/").body.decode())
        ]
        forged = {99001, 99002, 99003}
        assert sorted(set(seen) - forged) == [c.comment_id for c in one.visible_comments if c.kind == "comment"]


def test_what_is_deeper_than_five_is_flattened():
    one = by_title(site(), "Offtake Season")
    parents = {comment.comment_id: (comment.parent_id, comment.shown_parent_id) for comment in one.comments}
    assert parents[9186] == (9185, 9185)
    assert parents[9187] == (9186, 9185)
    assert parents[9188] == (9187, 9185)


def test_a_reply_under_a_held_comment_is_in_rest_and_on_no_page():
    where = site(theme="divi4", rest="open", gzip=False)
    one = by_title(where, "Grants for the Midwest")
    rest = [row["id"] for row in json.loads(get(where, f"/wp-json/wp/v2/comments?post={one.post_id}").body)]
    assert 9115 in rest
    assert {9113, 9114, 9116}.isdisjoint(rest)
    assert 9115 not in shown_ids(get(where, one.url).body.decode())
    assert not next(comment for comment in one.comments if comment.comment_id == 9115).visible


def test_pings_have_a_list_of_their_own_and_no_part_in_the_count():
    where = site(theme="divi4", gzip=False)
    page = get(where, by_title(where, "Grants for the Midwest").url).body.decode()
    assert '<h1 id="comments" class="page_title">3 Comments</h1>' in page
    assert '<li id="comment-9116">' in page.partition('<ol class="pinglist">')[2]


def test_comments_stand_on_both_sides_of_the_clock_change():
    posted = [comment.posted for comment in by_title(site(), "Clocks Go Back").comments]
    assert posted == sorted(posted)
    assert posted[2] - posted[1] == timedelta(minutes=20)
    assert (
        b"on Nov 2, 2025 at 1:10 am"
        in get(site(theme="divi4", gzip=False), by_title(site(), "Clocks Go Back").url).body
    )


# Text pages


def test_a_parted_article_has_its_parts_and_the_builder_links_none_of_them():
    where = site(theme="divi4", seo=False, rest="open", gzip=False)
    one = by_title(where, "The Long Road")
    assert len(one.parts) == 3
    first = get(where, one.url).body
    assert f"{one.url}2/".encode() not in first
    assert b"Part three" in get(where, f"{one.url}3/").body
    assert get(where, f"{one.url}0/").body == first
    assert header(get(where, f"{one.url}4/"), "Location") == one.url
    assert (
        "Part three" in json.loads(get(where, f"/wp-json/wp/v2/news-archive/{one.post_id}").body)["content"]["rendered"]
    )


def test_a_stock_theme_links_the_parts():
    where = site(theme="classic", seo=False, gzip=False)
    one = by_title(where, "The Long Road")
    assert f'href="{one.url}3/" class="post-page-numbers"'.encode() in get(where, one.url).body


# Feeds


def test_a_feed_that_did_not_change_is_304_by_etag_and_by_date_alike():
    where = site(gzip=False)
    first = get(where, "/news/feed/")
    etag, date = header(first, "ETag"), header(first, "Last-Modified")
    assert get(where, "/news/feed/", if_none_match=etag).status == 304
    assert get(where, "/news/feed/", if_modified_since=date).status == 304
    assert get(where, "/news/feed/", if_modified_since=date, if_none_match='"other"').status == 200


def test_a_weakened_etag_is_not_known_again():
    where = site()
    etag = header(get(where, "/news/feed/", accept_encoding="gzip"), "ETag")
    assert etag.startswith('W/"')
    assert get(where, "/news/feed/", if_none_match=etag).status == 200
    assert get(where, "/news/feed/", if_none_match=etag.removeprefix("W/")).status == 304


def test_the_pages_of_the_feed_hold_every_public_article_and_end_in_404():
    where = site(gzip=False)
    links = []
    for page in range(1, 100):
        answer = get(where, f"/feed/?paged={page}")
        if answer.status == 404:
            break
        links += etree.fromstring(answer.body).xpath("//item/link/text()")
    assert links == [post.url for post in where.public]


def test_the_broken_feed_is_no_xml_and_the_whole_one_is():
    page = next(
        number for number in range(1, 9) if b"thulium-sells-out" in get(site(gzip=False), f"/feed/?paged={number}").body
    )
    etree.fromstring(get(site(gzip=False), f"/feed/?paged={page}").body)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(get(site(feed="broken", gzip=False), f"/feed/?paged={page}").body)
    assert get(site(feed="absent"), "/feed/").status == 404


def test_some_feed_items_point_to_a_forum_for_their_comments():
    body = get(site(gzip=False), "/tag/mp-materials/feed/").body + get(site(gzip=False), "/feed/").body
    assert b"<comments>https://forum.rareearthexchanges.com/threads/" in body


def test_the_comment_feed_has_the_newest_comments_of_the_whole_site_on_its_only_page():
    where = site(gzip=False)
    links = etree.fromstring(get(where, "/comments/feed/").body).xpath("//item/link/text()")
    newest = sorted(
        (c.posted, c.comment_id, post.url) for post in where.public for c in post.entry.comments if c.approved
    )
    assert links == [f"{url}#comment-{number}" for _, number, url in newest[:-11:-1]]
    assert get(where, "/comments/feed/?paged=2").status == 404


def test_the_links_of_the_comment_feed_name_the_page_that_shows_the_comment():
    where = site(theme="divi4", comments_per_page=2, feed_size=100, gzip=False)
    one = by_title(where, "Separation From First")
    links = etree.fromstring(get(where, "/comments/feed/").body).xpath("//item/link/text()")
    for comment in one.visible_comments:
        if comment.kind == "comment":
            (link,) = (link for link in links if link.endswith(f"#comment-{comment.comment_id}"))
            assert link.startswith(f"{one.url}comment-page-")
            assert comment.comment_id in shown_ids(get(where, link.partition("#")[0]).body.decode())


# Sitemaps


@pytest.mark.parametrize("kind", ["core", "yoast"])
def test_the_sitemaps_of_either_kind_name_every_public_article(kind):
    where = site(sitemap=kind, gzip=False)
    index = header(get(where, "/sitemap.xml"), "Location")
    files = re.findall(r"<loc>([^<]+)</loc>", get(where, index).body.decode())
    found = [url for file in files for url in re.findall(r"<loc>([^<]+)</loc>", get(where, file).body.decode())]
    assert {post.url for post in where.public} <= set(found)
    assert (b"<lastmod>" in get(where, index).body) is (kind == "yoast")
    assert sum("news-archive" in file for file in files) == 2
    assert index in get(where, "/robots.txt").body.decode()


def test_without_sitemaps_there_are_none():
    assert {
        get(site(sitemap="none"), path).status for path in ("/sitemap.xml", "/wp-sitemap.xml", "/sitemap_index.xml")
    } == {404}


# REST


def test_rest_pages_are_counted_and_limited():
    where = site(rest="open")
    answer = get(where, "/wp-json/wp/v2/news-archive?per_page=50&page=2")
    total = sum(post.entry.post_type == "news-archive" for post in where.public)
    assert header(answer, "X-WP-Total") == str(total)
    assert header(answer, "X-WP-TotalPages") == "2"
    assert len(json.loads(answer.body)) == total - 50
    assert get(where, "/wp-json/wp/v2/news-archive?per_page=101").status == 400
    assert get(where, "/wp-json/wp/v2/news-archive?per_page=50&page=3").status == 400


def test_rest_filters_by_the_clock_of_the_site():
    where = site(rest="open")
    one = where.truths()[5]
    # 00:00 on the site's clock is 07:00 in winter; an instant just before the change finds it, one at it does not.
    local = (one.modified - timedelta(hours=7)).replace(tzinfo=None)
    before = json.loads(
        get(
            where,
            f"/wp-json/wp/v2/news-archive?per_page=100&modified_after={(local - timedelta(seconds=1)).isoformat()}",
        ).body
    )
    at = json.loads(get(where, f"/wp-json/wp/v2/news-archive?per_page=100&modified_after={local.isoformat()}").body)
    assert one.post_id in [row["id"] for row in before]
    assert one.post_id not in [row["id"] for row in at]


def test_rest_compares_the_clock_even_in_the_hour_that_autumn_repeats():
    where = site(rest="open")
    comments = by_title(where, "Clocks Go Back").comments
    target = "/wp-json/wp/v2/comments?per_page=100&orderby=date_gmt&after="

    def after(limit: str) -> set[int]:
        return {row["id"] for row in json.loads(get(where, target + limit).body)} & {c.comment_id for c in comments}

    # 07:30 UTC is 1:30 in the first pass; 1:10 in the second is later, and earlier on the clock.
    first, second = comments[1], comments[2]
    assert first.posted < second.posted
    assert after("2025-11-02T00:59:59") >= {first.comment_id, second.comment_id}
    limit = first.posted.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert after(limit) == after((first.posted - timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M:%S"))
    assert second.comment_id not in after(limit)


@pytest.mark.parametrize(
    "query", ["comments?after=2025-11-02", "news-archive?modified_after=yesterday", "comments?orderby=name"]
)
def test_rest_refuses_a_date_without_a_time_and_an_order_that_there_is_not(query):
    assert get(site(rest="open"), f"/wp-json/wp/v2/{query}").status == 400


def test_comments_past_the_last_page_are_none_and_no_error():
    where = site(rest="open")
    answer = get(where, "/wp-json/wp/v2/comments?per_page=100&page=99")
    total = int(header(answer, "X-WP-Total"))
    assert (answer.status, json.loads(answer.body)) == (200, [])
    assert int(header(answer, "X-WP-TotalPages")) == -(-total // 100)


def test_rest_counts_comments_that_it_does_not_show():
    where = site(rest="open")
    posts = tuple(
        replace(entry, status=Status.PASSWORD) if entry.title.startswith("Offtake Season") else entry
        for entry in where.written
    )
    hidden = replace(where, written=posts)
    before, after = (get(one, "/wp-json/wp/v2/comments?per_page=100") for one in (where, hidden))
    assert header(before, "X-WP-Total") == header(after, "X-WP-Total")
    assert len(json.loads(after.body)) < len(json.loads(before.body))


def test_rest_gives_only_the_fields_asked_for_and_embeds_names():
    where = site(rest="open")
    row = json.loads(get(where, "/wp-json/wp/v2/news-archive?per_page=1&_fields=id,link,title.rendered").body)[0]
    assert set(row) == {"id", "link", "title"}
    row = json.loads(get(where, "/wp-json/wp/v2/news-archive?per_page=1&_embed=author,wp:term").body)[0]
    assert row["_embedded"]["author"][0]["description"]


@pytest.mark.parametrize(("state", "status"), [("closed", 401), ("absent", 404)])
def test_rest_can_be_closed_or_absent(state, status):
    assert get(site(rest=state), "/wp-json/wp/v2/news-archive").status == status
    assert (b"api.w.org" in get(site(rest=state, gzip=False), site().truths()[0].url).body) is (state == "closed")


# On a socket


def test_the_server_answers_over_http_and_logs_what_it_was_asked():
    with running(theme="divi4") as replica:
        parts = urlsplit(replica.url)
        connection = HTTPConnection(parts.hostname, parts.port)
        connection.request("GET", "/robots.txt", headers={"User-Agent": "test"})
        assert b"Sitemap: " in connection.getresponse().read()
        connection.request("GET", "/news/feed/", headers={"Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        assert b"<rss" in gzip.decompress(answer.read())
        connection.request("HEAD", replica.site.truths()[0].url.removeprefix(replica.url))
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        connection.close()
        assert [(one.method, one.target, one.status) for one in replica.log][:2] == [
            ("GET", "/robots.txt", 200),
            ("GET", "/news/feed/", 200),
        ]
        assert replica.log[0].headers["user-agent"] == "test"
        assert replica.log[0].time.utcoffset() == timedelta(0)


def test_a_fault_answers_in_place_of_the_site():
    where = site(faults={"/news/feed/": lambda _: Answer(503, (("Retry-After", "7"),))})
    assert get(where, "/news/feed/").status == 503
    assert get(where, "/feed/").status == 200
