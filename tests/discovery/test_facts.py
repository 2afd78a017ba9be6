from __future__ import annotations

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.discovery.facts import dump, load
from reex_crawler.records import Author, Dated, Listed, ListedComment, Precision, Taxonomy, Term
from tests.factories import make_dated, make_listed

ids = st.integers(1, 2**63 - 1)
texts = st.text(max_size=20)
dates = st.builds(
    Dated,
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001 (hypothesis)
        lambda at: at.replace(microsecond=0)
    ),
    st.sampled_from(Precision),
    texts,
)
maybe_text, maybe_date, maybe_id = st.none() | texts, st.none() | dates, st.none() | ids
comments = st.builds(
    ListedComment,
    comment_id=ids,
    post_id=maybe_id,
    article_url=maybe_text,
    parent_id=maybe_id | st.just(0),
    posted=maybe_date,
    author_name=maybe_text,
    author_url=maybe_text,
)
listings = st.builds(
    Listed,
    url=texts,
    source=st.sampled_from(["feed", "sitemap", "rest"]),
    listed_in=texts,
    post_id=maybe_id,
    title=maybe_text,
    published=maybe_date,
    modified=maybe_date,
    authors=st.lists(st.builds(Author, name=texts, slug=maybe_text, url=maybe_text, bio=maybe_text), max_size=2).map(
        tuple
    ),
    terms=st.lists(
        st.builds(Term, taxonomy=st.sampled_from(Taxonomy), name=texts, slug=maybe_text, url=maybe_text), max_size=2
    ).map(tuple),
    comment_count=st.none() | st.integers(0, 10_000),
    content_html=maybe_text,
    thread=st.none() | st.lists(comments, max_size=3).map(tuple),
)


@given(listings)
def test_what_is_loaded_from_the_json_of_a_listing_is_the_listing(listed):
    facts = json.loads(json.dumps(dump(listed)))
    loaded = load(listed.url, listed.source, listed.listed_in, facts)
    assert loaded == listed
    assert dump(loaded) == facts


def test_what_a_listing_does_not_say_takes_no_room():
    assert dump(make_listed()) == {}
    listed = make_listed(title="Magnets", published=make_dated(), authors=(Author(name="Daniel"),))
    assert dump(listed) == {
        "title": "Magnets",
        "published": {"at": "2026-01-02T09:30:15+00:00", "precision": "second", "raw": "2026-01-02T09:30:15+00:00"},
        "authors": [{"name": "Daniel"}],
    }


def test_no_thread_and_an_empty_one_stay_apart_as_do_no_parent_and_the_root():
    assert dump(make_listed(thread=())) == {"thread": []}
    thread = (ListedComment(comment_id=1), ListedComment(comment_id=2, parent_id=0))
    assert dump(make_listed(thread=thread)) == {"thread": [{"comment_id": 1}, {"comment_id": 2, "parent_id": 0}]}


def test_facts_that_another_version_added_are_passed_over():
    facts = {"title": "x", "mood": "calm", "authors": [{"name": "Daniel", "badge": 7}]}
    one = make_listed()
    assert load(one.url, one.source, one.listed_in, facts) == make_listed(title="x", authors=(Author(name="Daniel"),))
