from __future__ import annotations

import pytest

from reex_crawler.extraction import people
from reex_crawler.records import Author, Listed
from tests.extraction.pages import document, json_ld
from tests.factories import SITE_URL, URL, make_listed

DANIEL = f"{SITE_URL}/author/daniel/"
BIO = "Collects rocks. Writes about magnets."
BLURB = """<div class="et_pb_module et_pb_blurb"><div class="et_pb_blurb_content"><div class="et_pb_blurb_container">
<h4 class="et_pb_module_header"><span>By Daniel</span></h4><div class="et_pb_blurb_description"><p>Collects rocks.
 Writes about magnets.</p></div></div></div></div>"""
BYLINE = f'<p class="post-meta"> by <span class="author vcard"><a href="{DANIEL}" title="Posts by Daniel" rel="author">Daniel</a></span></p>'


def authors(body: str = "", *, listed: Listed | None = None, head: str = "") -> tuple[str, tuple[Author, ...]] | None:
    found = people.authors(document(body, head=head), listed)
    return (found.source, found.value) if found else None


def article(author: object, *nodes: dict[str, object]) -> str:
    return json_ld({"@type": "NewsArticle", "@id": f"{URL}#article", "author": author}, *nodes)


def names(body: str = "", **over: str) -> tuple[str, ...]:
    found = people.authors(document(body, **over), None)
    return tuple(author.name for author in found.value) if found else ()


def test_a_page_that_names_nobody_has_no_authors():
    assert authors("<p>Text by the window.</p>") is None


def test_a_reference_is_followed_into_the_graph():
    person = {"@type": "Person", "@id": "#p", "name": "Daniel", "description": BIO, "url": DANIEL}
    known = Author(name="Daniel", slug="daniel", url=DANIEL, bio=BIO)
    assert authors(head=article({"@id": "#p"}, person)) == ("json-ld", (known,))
    assert authors(head=article({"name": "Daniel", "@id": "#p"}, person)) == ("json-ld", (known,))


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Daniel", ("Daniel",)),
        ({"@type": "Person", "name": "Daniel"}, ("Daniel",)),
        ([{"name": "Daniel"}, {"name": "Zoë"}], ("Daniel", "Zoë")),
        ([{"name": "Daniel"}, {"name": " daniel "}], ("Daniel",)),
        (["Daniel", 7, None, {}, {"name": ["Zoë", "Z."]}], ("Daniel", "Zoë")),
        ({"@type": "Person", "name": "J. B. O&#8217;Sullivan"}, ("J. B. O’Sullivan",)),
    ],
)
def test_every_shape_of_a_json_ld_author_is_read(author, expected):
    assert names(head=article(author)) == expected


def test_the_author_box_of_divi_gives_the_biography():
    assert authors(BLURB, head=article("Daniel")) == ("json-ld", (Author(name="Daniel", bio=BIO),))
    assert authors(BLURB) == ("author-box", (Author(name="Daniel", bio=BIO),))


def test_the_biography_that_a_reader_sees_goes_before_that_of_machines():
    person = {"@type": "Person", "name": "Daniel", "description": "Short.", "url": DANIEL}
    listed = make_listed(source="rest", authors=(Author(name="Daniel", bio="Other."),))
    assert authors(BLURB, head=article(person), listed=listed) == (
        "rest",
        (Author(name="Daniel", slug="daniel", url=DANIEL, bio=BIO),),
    )


def test_a_blurb_that_is_no_author_box_names_nobody():
    assert authors(BLURB.replace("By Daniel", "Our services")) is None
    assert authors(BLURB.replace("By Daniel", "Bypass roads")) is None
    assert authors(f'<div class="et_pb_post_content">{BLURB}</div>') is None


def test_the_link_of_a_byline_gives_slug_and_address():
    assert authors(BYLINE) == ("markup", (Author(name="Daniel", slug="daniel", url=DANIEL),))
    assert authors(BYLINE, head='<meta name="author" content="Daniel">') == (
        "meta",
        (Author(name="Daniel", slug="daniel", url=DANIEL),),
    )


def test_a_less_trusted_source_that_names_all_and_more_wins():
    both = f"{BYLINE} and <a rel='author' href='{SITE_URL}/author/zoe/'>Zoë</a>"
    listed = make_listed(source="rest", authors=(Author(name="Zoë", slug="zoe", bio="Reports."),))
    assert authors(both, listed=listed) == (
        "markup",
        (
            Author(name="Daniel", slug="daniel", url=DANIEL),
            Author(name="Zoë", slug="zoe", url=f"{SITE_URL}/author/zoe/", bio="Reports."),
        ),
    )
    other = make_listed(source="rest", authors=(Author(name="Editor"),))
    assert authors(both, listed=other) == ("rest", (Author(name="Editor"),))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<span class="byline">By <a href="/author/ann/" rel="author">Ann</a>, <a href="/author/bo/" rel="author">Bo</a></span>',
            ("Ann", "Bo"),
        ),
        ('<span class="byline"> By <span class="author vcard">Ann</span></span>', ("Ann",)),
        ('<div class="wp-block-post-author-name"><a href="/author/ann/">Ann</a></div>', ("Ann",)),
        ('<div class="wp-block-post-author-name">Ann</div>', ("Ann",)),
        ('<span class="byline">Written by Ann Byfield</span>', ("Ann Byfield",)),
        ('<span class="byline">Byron Baker</span>', ("Byron Baker",)),
        (
            '<a href="/author/ann/" rel="author"><img alt="Ann"></a><a href="/author/ann/" rel="author">Ann</a>',
            ("Ann",),
        ),
        ('<a class="author-link" href="/author/ann/" rel="author">View all posts by Ann</a>', ()),
        ('<a href="/author/ann/" rel="author">More articles from Ann</a>', ()),
    ],
)
def test_bylines_of_themes_are_read(body, expected):
    assert names(f'<article class="post-41">{body}</article>') == expected


@pytest.mark.parametrize(
    "place",
    [
        '<div class="entry-content">{}</div>',
        '<article class="post-7">{}</article>',
        '<div class="et_pb_blog_grid_wrapper">{}</div>',
        '<div class="widget">{}</div>',
        '<section id="comment-wrap">{}</section>',
        '<ul class="wp-block-post-template">{}</ul>',
    ],
)
def test_bylines_of_anything_but_the_article_are_not_its_own(place):
    assert authors(place.format(BYLINE)) is None


def test_a_commenter_is_no_author():
    assert authors('<div class="comment-author vcard"><b class="fn">Bo</b></div>') is None


@pytest.mark.parametrize(
    "box",
    [
        '<div class="author-bio"><h2 class="author-title">By Daniel</h2><p class="author-description"> Writes. </p><a class="author-link" href="{0}" rel="author">View all of Daniel&#039;s posts.</a></div>',
        '<div class="author-info"><h2 class="author-title"><span class="author-heading">Author:</span> Daniel</h2><p class="author-bio">Writes. <a class="author-link" href="{0}" rel="author">View all posts by Daniel</a></p></div>',
        '<div class="wp-block-post-author"><div class="wp-block-post-author__content"><p class="wp-block-post-author__name"><a href="{0}">Daniel</a></p><p class="wp-block-post-author__bio">Writes.</p></div></div>',
        '<div class="et_pb_blurb"><h4 class="et_pb_module_header"><a href="{0}">By Daniel</a></h4><div class="et_pb_blurb_description"><p>Writes.</p></div></div>',
    ],
)
def test_author_boxes_of_themes_give_name_address_and_biography(box):
    found = authors(box.format(DANIEL))
    assert found is not None
    assert found[1] == (Author(name="Daniel", slug="daniel", url=DANIEL, bio="Writes."),)


def test_a_biography_that_stands_alone_is_that_of_the_only_author():
    lone = '<div class="wp-block-post-author-biography">Writes.</div>'
    assert authors(lone, head=article("Daniel")) == ("json-ld", (Author(name="Daniel", bio="Writes."),))
    two = authors(lone, head=article(["Daniel", "Zoë"]))
    assert two == ("json-ld", (Author(name="Daniel"), Author(name="Zoë")))


def test_an_empty_biography_is_none():
    assert authors(BLURB.replace("Collects rocks.\n Writes about magnets.", "")) == (
        "author-box",
        (Author(name="Daniel"),),
    )


def test_a_biography_keeps_its_paragraphs():
    blurb = BLURB.replace("Collects rocks.\n", "Collects rocks.</p><p>")
    assert authors(blurb) == ("author-box", (Author(name="Daniel", bio="Collects rocks.\n\nWrites about magnets."),))


def test_an_organisation_is_the_author_only_where_nobody_else_is():
    firm = {"@type": "Organization", "name": "The Desk", "url": SITE_URL}
    assert authors(head=article(firm)) == ("json-ld-organization", (Author(name="The Desk", url=SITE_URL),))
    assert names(BYLINE, head=article(firm)) == ("Daniel",)
    assert names(head=article([firm, {"@type": "Person", "name": "Daniel"}])) == ("Daniel",)


def test_plain_meta_elements_are_read():
    label = '<meta name="twitter:label1" content="Written by"><meta name="twitter:data1" content="Daniel">'
    assert authors(head=label) == ("meta", (Author(name="Daniel"),))
    assert authors(head=label.replace("Written by", "Reading time")) is None
    assert authors(head='<meta property="article:author" content="https://social.example/daniel">') is None


def test_a_feed_is_asked_last():
    assert authors(listed=make_listed(authors=(Author(name="Daniel"),))) == ("feed", (Author(name="Daniel"),))
    assert names(BYLINE) == ("Daniel",)


def test_an_author_page_elsewhere_has_no_slug():
    person = {"@type": "Person", "name": "Daniel", "url": "https://elsewhere.example/author/daniel/"}
    assert authors(head=article(person)) == (
        "json-ld",
        (Author(name="Daniel", url="https://elsewhere.example/author/daniel/"),),
    )


def test_damage_in_a_name_or_biography_is_repaired_and_recorded_once():
    damaged = {"@type": "Person", "name": "Daniel", "description": "Says it â€œhelpsâ€\x9d them; donâ€™t ask."}
    doc = document("", head=article(damaged))
    found = people.authors(doc, None)
    assert found is not None
    assert found.value[0].bio == "Says it “helps” them; don’t ask."
    assert {repair.field for repair in doc.mender.repairs} == {"authors"}


def test_a_name_is_spelled_as_it_was_typed_where_a_source_has_it_so():
    printed = '<span class="byline"><a rel="author" href="/author/siobhan/">Siobhán O’Brien</a></span>'
    known = Author(name="Siobhán O'Brien", slug="siobhan", url=f"{SITE_URL}/author/siobhan/")
    assert authors(printed, listed=make_listed(authors=(Author(name="Siobhán O'Brien"),))) == ("markup", (known,))
    assert names(printed) == ("Siobhán O’Brien",)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            'by <a href="/author/ann/">Ann</a> in <a rel="category tag" href="/category/news/">News</a>, <a href="#comments">3 comments</a>',
            ("Ann",),
        ),
        (
            '<span>by</span> <span><a href="/author/ann/">Ann</a></span> on <span class="post_date">October 27, 2025</span> <a href="#comments" rel="nofollow">3 comments</a>',
            ("Ann",),
        ),
        (
            'by Jane Doe | <span class="published">Oct 27, 2025</span> | <a rel="category tag" href="/category/news/">News</a>',
            ("Jane Doe",),
        ),
        ("By Jane Doe on October 27, 2025", ("Jane Doe",)),
        ("By Jane Doe, October 27, 2025", ("Jane Doe",)),
        ("Jane Doe · 3 min read", ("Jane Doe",)),
        ("News | By Jane Doe", ("Jane Doe",)),
        ("Posted by <span>Ann</span><span>Oct 27, 2025</span>", ("Ann",)),
        ('Jane Doe <a href="/about/">About us</a>', ("Jane Doe",)),
        ('By <a href="/team/ann/">Ann</a> and <a href="/team/bo/">Bo</a>', ("Ann", "Bo")),
        ("By <time>October 27, 2025</time>", ()),
        ('<span itemprop="author"><meta itemprop="name" content="Ann"></span>', ("Ann",)),
    ],
)
def test_what_else_stands_in_a_byline_is_no_name(line, expected):
    assert names(f'<article class="post-41"><div class="byline">{line}</div></article>') == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Jane Doe and John Smith", ("Jane Doe", "John Smith")),
        ("By Jane Doe &amp; John Smith", ("Jane Doe", "John Smith")),
        ("By Jane Doe, John Smith and Ann Lee", ("Jane Doe", "John Smith", "Ann Lee")),
        ("Ludwig van Beethoven and J. B. O’Sullivan", ("Ludwig van Beethoven", "J. B. O’Sullivan")),
        ("By Smith and Co", ("Smith and Co",)),
        ("By Anders and Anders", ("Anders and Anders",)),
        ("By Jane Doe, Senior Editor and John Smith", ("Jane Doe, Senior Editor and John Smith",)),
        ("By Jane Doe, New York", ("Jane Doe, New York",)),
    ],
)
def test_one_text_is_two_people_only_where_it_joins_full_names(line, expected):
    assert names(f'<span class="byline">{line}</span>') == expected


@pytest.mark.parametrize("site", ["Rare Earth Exchanges", "Rare Earth Exchanges™", "REEx"])
def test_the_site_is_no_person_where_anybody_is_named(site):
    meta = f'<meta name="author" content="{site}">'
    assert names(BYLINE, head=meta) == ("Daniel",)
    assert names(BYLINE, head=article({"@type": "Person", "name": site})) == ("Daniel",)
    assert names(head=f'{meta}<meta name="parsely-author" content="Daniel">') == ("Daniel",)
    assert names(head=meta) == (site,)
    listed = make_listed(source="rest", authors=(Author(name=site),))
    found = people.authors(document(BYLINE), listed)
    assert found is not None
    assert [author.name for author in found.value] == ["Daniel"]


def test_a_site_that_stands_for_its_one_writer_has_that_author():
    person = {"@type": ["Person", "Organization"], "@id": "#p", "name": "Daniel"}
    assert names(BYLINE.replace("Daniel", "Other"), head=article({"@id": "#p"}, person)) == ("Daniel",)
