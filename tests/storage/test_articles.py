"""Which row a reading goes to, what it makes of it, and what it leaves alone."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from reex_crawler.records import (
    Article,
    Author,
    FieldRepair,
    FieldSuspicion,
    Image,
    Link,
    Outcome,
    Precision,
    Step,
    Suspicion,
    Taxonomy,
    Term,
)
from reex_crawler.storage import articles
from reex_crawler.storage.models import (
    ArticleRow,
    ArticleState,
    AuthorRow,
    Base,
    LinkRow,
    Origin,
    RepairRow,
    RevisionRow,
    TermRow,
)
from reex_crawler.storage.session import reading, transaction
from tests.factories import FETCHED_AT, SITE_URL, URL, make_article, make_comment, make_dated

LATER = FETCHED_AT + timedelta(days=1)
LAST = FETCHED_AT + timedelta(days=2)


def upsert(engine: Engine, article: Article, version: str = "1") -> Outcome:
    with transaction(engine) as session:
        return articles.upsert(session, article, extractor_version=version).outcome


def only(session: Session) -> ArticleRow:
    return session.scalars(select(ArticleRow)).one()


def count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def revisions(engine: Engine) -> list[tuple[str, Origin]]:
    with reading(engine) as session:
        return [(row.title, row.origin) for row in only(session).revisions]


def test_a_new_article_is_stored_with_every_field_as_it_was_read(engine: Engine) -> None:
    article = make_article()
    assert upsert(engine, article) is Outcome.NEW
    with reading(engine) as session:
        row = only(session)
        same = ("post_id", "url", "slug", "title", "body", "body_markdown", "body_html", "word_count", "language")
        for name in (*same, "lead_image", "layout", "sources", "thread_complete"):
            assert getattr(row, name) == getattr(article, name)
        assert row.highlights == list(article.highlights)
        assert (row.published_at, row.published_precision) == (article.published.at, Precision.SECOND)
        assert (row.modified_at, row.modified_raw) == (article.modified.at, article.modified.raw)
        assert (row.first_seen_at, row.last_seen_at) == (FETCHED_AT, FETCHED_AT)
        assert row.first_seen_at.tzinfo is UTC
        assert (row.state, row.conflict_with, row.extractor_version) == (ArticleState.LIVE, None, "1")
        author = row.authors[0]
        assert (author.name, author.slug, author.bio) == ("Daniel", "daniel", "Writes.")
        assert [(term.taxonomy, term.name) for term in row.terms] == [
            (Taxonomy.CATEGORY, "Supply Chain"),
            (Taxonomy.TAG, "MP Materials"),
        ]
        assert [(image.url, image.alt, image.caption) for image in row.images] == [
            (f"{SITE_URL}/magnet.jpg", "A magnet", "Magnet")
        ]
        assert [(link.url, link.text, link.internal) for link in row.links] == [
            ("https://other.example/", "paragraph", False)
        ]
    assert revisions(engine) == [("Magnets", Origin.SITE)]


def test_highlights_can_be_queried_as_json(engine: Engine) -> None:
    upsert(engine, make_article(highlights=("Erste “Zeile”", "第二")))
    each = {
        "sqlite": "SELECT value FROM articles, json_each(highlights)",
        "postgresql": "SELECT value FROM articles, jsonb_array_elements_text(highlights)",
    }
    with reading(engine) as session:
        assert session.execute(text(each[engine.dialect.name])).scalars().all() == ["Erste “Zeile”", "第二"]


def test_the_same_reading_again_is_unchanged_and_moves_only_last_seen(engine: Engine) -> None:
    upsert(engine, make_article())
    with reading(engine) as session:
        before = {column.name: getattr(only(session), column.name) for column in ArticleRow.__table__.columns}
    assert upsert(engine, make_article(LATER)) is Outcome.UNCHANGED
    with reading(engine) as session:
        after = {column.name: getattr(only(session), column.name) for column in ArticleRow.__table__.columns}
        assert after == before | {"last_seen_at": LATER}
        revision = only(session).revisions[0]
        assert (revision.first_seen_at, revision.last_seen_at) == (FETCHED_AT, LATER)


@pytest.mark.parametrize(
    "edit",
    [
        {"title": "Other magnets"},
        {"highlights": ("First point.",)},
        {"highlights": ()},
        {"body": "First paragraph."},
        {"authors": (Author(name="Erika", slug="erika"),)},
        {"terms": (Term(taxonomy=Taxonomy.CATEGORY, name="Supply Chain", slug="supply-chain"),)},
        {"lead_image": f"{SITE_URL}/other.jpg"},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_an_edit_of_what_the_site_says_is_a_revision(engine: Engine, edit: dict[str, object]) -> None:
    upsert(engine, make_article())
    assert upsert(engine, make_article(LATER, **edit)) is Outcome.REVISED
    assert upsert(engine, make_article(LAST, **edit)) is Outcome.UNCHANGED
    with reading(engine) as session:
        assert count(session, RevisionRow) == 2
        old, new = only(session).revisions
        assert (old.last_seen_at, new.first_seen_at, new.last_seen_at) == (FETCHED_AT, LATER, LAST)
        assert new.content_hash == only(session).content_hash


@pytest.mark.parametrize(
    "other",
    [
        {"body_markdown": "*First* paragraph."},
        {"body_html": "<p>First</p>"},
        {"word_count": 5},
        {"images": ()},
        {"links": (Link(url=f"{SITE_URL}/", text="home", internal=True),)},
        {"modified": make_dated(LATER)},
        {"language": "en"},
        {"slug": "magnets-2", "url": f"{SITE_URL}/news/magnets-2/"},
    ],
    ids=lambda other: next(iter(other)),
)
def test_what_is_no_edit_still_reaches_the_row(engine: Engine, other: dict[str, object]) -> None:
    upsert(engine, make_article())
    assert upsert(engine, make_article(LATER, **other)) is Outcome.UNCHANGED
    with reading(engine) as session:
        row = only(session)
        assert count(session, RevisionRow) == 1
        if "links" in other:
            assert [link.text for link in row.links] == ["home"]
        elif "images" in other:
            assert row.images == []
        elif "modified" in other:
            assert row.modified_at == LATER
        else:
            assert {name: getattr(row, name) for name in other} == other


def test_the_order_of_terms_is_the_themes_and_no_edit(engine: Engine) -> None:
    article = make_article()
    upsert(engine, article)
    assert upsert(engine, make_article(LATER, terms=article.terms[::-1])) is Outcome.UNCHANGED


def test_a_content_that_comes_back_is_a_revision_of_its_own(engine: Engine) -> None:
    upsert(engine, make_article())
    upsert(engine, make_article(LATER, title="Other magnets"))
    assert upsert(engine, make_article(LAST)) is Outcome.REVISED
    assert [title for title, _ in revisions(engine)] == ["Magnets", "Other magnets", "Magnets"]


def test_another_extractor_makes_no_edit_of_the_site(engine: Engine) -> None:
    upsert(engine, make_article())
    ours = make_article(LATER, body="First paragraph.\n\n- Second paragraph.")
    assert upsert(engine, ours, version="2") is Outcome.UNCHANGED
    assert revisions(engine) == [("Magnets", Origin.SITE), ("Magnets", Origin.EXTRACTOR)]
    with reading(engine) as session:
        assert (only(session).body, only(session).extractor_version) == (ours.body, "2")
    assert upsert(engine, replace(ours, title="Edited", capture=make_article(LAST).capture), "2") is Outcome.REVISED


def test_another_extractor_that_reads_the_same_makes_no_revision(engine: Engine) -> None:
    upsert(engine, make_article())
    assert upsert(engine, make_article(LATER), version="2") is Outcome.UNCHANGED
    assert len(revisions(engine)) == 1
    with reading(engine) as session:
        assert only(session).extractor_version == "2"


def test_a_layout_found_where_none_was_makes_no_edit_of_the_site(engine: Engine) -> None:
    upsert(engine, make_article(layout="trafilatura", body="First paragraph. Second paragraph."))
    assert upsert(engine, make_article(LATER)) is Outcome.UNCHANGED
    assert [origin for _, origin in revisions(engine)] == [Origin.SITE, Origin.EXTRACTOR]


def test_another_theme_hides_no_edit(engine: Engine) -> None:
    upsert(engine, make_article())
    assert upsert(engine, make_article(LATER, layout="block", title="Edited")) is Outcome.REVISED


def test_a_slug_change_is_the_same_article(engine: Engine) -> None:
    upsert(engine, make_article())
    moved = f"{SITE_URL}/news/neo-magnets/"
    assert upsert(engine, make_article(LATER, url=moved, slug="neo-magnets")) is Outcome.UNCHANGED
    with reading(engine) as session:
        assert (only(session).url, only(session).slug) == (moved, "neo-magnets")


def test_an_article_gets_its_post_id_later(engine: Engine) -> None:
    upsert(engine, make_article(post_id=None))
    assert upsert(engine, make_article(LATER)) is Outcome.UNCHANGED
    assert upsert(engine, make_article(LAST, post_id=None)) is Outcome.UNCHANGED
    with reading(engine) as session:
        assert only(session).post_id == 7855


def test_two_articles_without_post_id_are_told_apart_by_address(engine: Engine) -> None:
    upsert(engine, make_article(post_id=None))
    assert upsert(engine, make_article(post_id=None, url=f"{SITE_URL}/news/other/")) is Outcome.NEW


def test_another_post_id_at_a_known_address_is_another_article(engine: Engine) -> None:
    upsert(engine, make_article())
    assert upsert(engine, make_article(LATER, post_id=9000, title="New here")) is Outcome.NEW
    with reading(engine) as session:
        old, new = session.scalars(select(ArticleRow).order_by(ArticleRow.id)).all()
        assert (old.post_id, old.title, old.conflict_with) == (7855, "Magnets", None)
        assert (new.post_id, new.title, new.conflict_with) == (9000, "New here", old.id)
    assert upsert(engine, make_article(LAST, post_id=None, title="New here")) is Outcome.UNCHANGED
    with reading(engine) as session:
        assert articles.find(session, URL).post_id == 9000


def test_an_article_that_moves_to_the_address_of_another_does_not_merge_with_it(engine: Engine) -> None:
    taken = f"{SITE_URL}/news/taken/"
    upsert(engine, make_article(post_id=None, url=taken, title="First here"))
    upsert(engine, make_article())
    assert upsert(engine, make_article(LATER, url=taken)) is Outcome.UNCHANGED
    with reading(engine) as session:
        rows = session.scalars(select(ArticleRow).order_by(ArticleRow.id)).all()
        assert [(row.post_id, row.url, row.title) for row in rows] == [
            (None, taken, "First here"),
            (7855, taken, "Magnets"),
        ]


def test_articles_of_the_same_title_and_second_stay_two(engine: Engine) -> None:
    upsert(engine, make_article(post_id=1, url=f"{SITE_URL}/news/a/"))
    assert upsert(engine, make_article(post_id=2, url=f"{SITE_URL}/news/a-2/")) is Outcome.NEW


def test_an_absent_fact_erases_nothing_and_is_no_edit(engine: Engine) -> None:
    upsert(engine, make_article())
    bare = {"published": None, "modified": None, "authors": (), "terms": (), "lead_image": None, "language": None}
    assert upsert(engine, make_article(LATER, **bare, post_id=None, slug=None, sources={})) is Outcome.UNCHANGED
    with reading(engine) as session:
        row = only(session)
        assert (row.published_at, row.modified_at) == (make_article().published.at, make_article().modified.at)
        assert [author.slug for author in row.authors] == ["daniel"]
        assert len(row.terms) == 2
        assert (row.lead_image, row.language, row.slug) == (f"{SITE_URL}/lead.jpg", "en-US", "magnets")
        assert row.sources == make_article().sources
    assert len(revisions(engine)) == 1


def test_an_author_keeps_bio_and_page_where_a_reading_lacks_them(engine: Engine) -> None:
    upsert(engine, make_article())
    upsert(engine, make_article(LATER, authors=(Author(name="Daniel"),)))
    with reading(engine) as session:
        author = session.scalars(select(AuthorRow)).one()
        assert (author.slug, author.bio, author.url) == ("daniel", "Writes.", f"{SITE_URL}/author/daniel/")


def test_the_exact_time_outlives_a_day_that_means_the_same(engine: Engine) -> None:
    exact = datetime(2026, 1, 2, 9, 30, 15, tzinfo=UTC)
    denver_day = make_dated(datetime(2026, 1, 2, 7, 0, tzinfo=UTC), Precision.DAY)
    upsert(engine, make_article(published=denver_day, sources={"published": "markup"}))
    upsert(engine, make_article(LATER, published=make_dated(exact), sources={"published": "rest"}))
    upsert(engine, make_article(LAST, published=denver_day, sources={"published": "markup"}))
    with reading(engine) as session:
        row = only(session)
        assert (row.published_at, row.published_precision) == (exact, Precision.SECOND)
        assert row.sources["published"] == "rest"


def test_another_day_replaces_an_exact_time(engine: Engine) -> None:
    upsert(engine, make_article())
    other = make_dated(datetime(2026, 1, 5, 7, 0, tzinfo=UTC), Precision.DAY)
    upsert(engine, make_article(LATER, published=other))
    with reading(engine) as session:
        assert (only(session).published_at, only(session).published_precision) == (other.at, Precision.DAY)


def test_terms_learnt_from_a_better_source_are_no_edit_and_stay(engine: Engine) -> None:
    category = make_article().terms[:1]
    upsert(engine, make_article(terms=category, sources={"terms": "markup"}))
    assert upsert(engine, make_article(LATER, sources={"terms": "rest"})) is Outcome.UNCHANGED
    assert upsert(engine, make_article(LAST, terms=category, sources={"terms": "markup"})) is Outcome.UNCHANGED
    with reading(engine) as session:
        assert [term.slug for term in only(session).terms] == ["supply-chain", "mp-materials"]
        assert only(session).sources["terms"] == "rest"


def test_terms_changed_in_one_source_are_an_edit(engine: Engine) -> None:
    upsert(engine, make_article(sources={"terms": "rest"}))
    changed = (Term(taxonomy=Taxonomy.CATEGORY, name="Policy", slug="policy"),)
    assert upsert(engine, make_article(LATER, terms=changed, sources={"terms": "rest"})) is Outcome.REVISED


def test_another_name_is_an_edit_whichever_source_tells_it(engine: Engine) -> None:
    upsert(engine, make_article(sources={"terms": "rest", "authors": "rest"}))
    changed = (Term(taxonomy=Taxonomy.CATEGORY, name="Policy", slug="policy"),)
    assert upsert(engine, make_article(LATER, terms=changed, sources={"terms": "markup"})) is Outcome.REVISED
    erika = {"authors": (Author(name="Erika"),), "terms": changed, "sources": {"terms": "markup"}}
    assert upsert(engine, make_article(LAST, **erika)) is Outcome.REVISED
    with reading(engine) as session:
        assert [term.name for term in only(session).terms] == ["Policy", "MP Materials"]


def test_authors_and_terms_are_shared_between_articles(engine: Engine) -> None:
    for number in range(3):
        upsert(engine, make_article(post_id=number, url=f"{SITE_URL}/news/{number}/"))
    with reading(engine) as session:
        assert (count(session, AuthorRow), count(session, TermRow)) == (1, 2)


def test_namesakes_are_told_apart_by_slug(engine: Engine) -> None:
    pair = (Author(name="Daniel", slug="daniel"), Author(name="Daniel", slug="daniel-2"))
    upsert(engine, make_article(authors=pair))
    with reading(engine) as session:
        assert [author.slug for author in only(session).authors] == ["daniel", "daniel-2"]


def test_a_bare_name_gets_its_slug_later(engine: Engine) -> None:
    upsert(engine, make_article(authors=(Author(name="Daniel"),)))
    upsert(engine, make_article(LATER))
    with reading(engine) as session:
        assert session.scalars(select(AuthorRow)).one().slug == "daniel"


def test_a_byline_named_twice_is_one(engine: Engine) -> None:
    upsert(engine, make_article(authors=(Author(name="Daniel"), Author(name="Daniel"), Author(name="Erika"))))
    with reading(engine) as session:
        assert [author.name for author in only(session).authors] == ["Daniel", "Erika"]


def test_a_tag_and_a_category_of_one_name_are_two(engine: Engine) -> None:
    terms = tuple(Term(taxonomy=taxonomy, name="Lynas", slug="lynas") for taxonomy in Taxonomy)
    upsert(engine, make_article(terms=terms))
    with reading(engine) as session:
        assert count(session, TermRow) == 2


def test_repairs_and_suspicions_are_those_of_the_text_as_it_is_now(engine: Engine) -> None:
    step = Step(codecs="utf-8>windows-874", before="â€œ", after="“")
    repairs = (FieldRepair("body", step), FieldRepair("comment:17", step))
    doubt = (FieldSuspicion("title", Suspicion("Ã", "lonely lead")),)
    comment = make_comment(17)
    upsert(engine, make_article(repairs=repairs, suspicions=doubt, comments=(comment,)))
    with reading(engine) as session:
        row = only(session)
        assert [(one.field, one.codecs, one.before, one.after) for one in row.repairs] == [
            ("body", "utf-8>windows-874", "â€œ", "“"),
            ("comment:17", "utf-8>windows-874", "â€œ", "“"),
        ]
        assert [(one.field, one.text, one.reason) for one in row.suspicions] == [("title", "Ã", "lonely lead")]
    upsert(engine, make_article(LATER, thread_complete=False))
    with reading(engine) as session:
        assert [one.field for one in only(session).repairs] == ["comment:17"]
    upsert(engine, make_article(LAST, comments=(comment,)))
    with reading(engine) as session:
        assert count(session, RepairRow) == 0


def test_an_older_reading_goes_into_the_history_and_leaves_the_article(engine: Engine) -> None:
    upsert(engine, make_article(LATER, title="Today"))
    assert upsert(engine, make_article(FETCHED_AT, title="Yesterday")) is Outcome.REVISED
    assert upsert(engine, make_article(FETCHED_AT, title="Yesterday")) is Outcome.UNCHANGED
    with reading(engine) as session:
        row = only(session)
        assert (row.title, row.first_seen_at, row.last_seen_at) == ("Today", FETCHED_AT, LATER)
    assert [title for title, _ in revisions(engine)] == ["Yesterday", "Today"]


def test_an_older_reading_of_the_same_content_makes_it_older(engine: Engine) -> None:
    upsert(engine, make_article(LATER))
    assert upsert(engine, make_article(FETCHED_AT)) is Outcome.UNCHANGED
    with reading(engine) as session:
        assert [one.first_seen_at for one in only(session).revisions] == [FETCHED_AT]


def test_an_article_seen_again_is_live(engine: Engine) -> None:
    upsert(engine, make_article())
    with transaction(engine) as session:
        only(session).state = ArticleState.MISSING
    upsert(engine, make_article(LATER))
    with reading(engine) as session:
        assert only(session).state is ArticleState.LIVE


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b", "\udfff"])
def test_what_no_database_can_hold_becomes_a_replacement_character(engine: Engine, bad: str) -> None:
    everywhere = make_article(
        title=bad,
        body=bad,
        highlights=(bad,),
        authors=(Author(name=bad, bio=bad),),
        terms=(Term(taxonomy=Taxonomy.TAG, name=bad),),
        images=(Image(url=URL, alt=bad),),
        sources={"title": bad},
        comments=(make_comment(body=bad, author_name=bad),),
        repairs=(FieldRepair("title", Step(bad, bad, bad)),),
    )
    assert upsert(engine, everywhere) is Outcome.NEW
    assert upsert(engine, everywhere) is Outcome.UNCHANGED
    with reading(engine) as session:
        row = only(session)
        held = bad.translate({0: "\ufffd", 0xD800: "\ufffd", 0xDFFF: "\ufffd"})
        assert (row.title, row.highlights, row.authors[0].name, row.comments[0].body) == (held, [held], held, held)
        assert row.comments[0].versions == []


def test_a_thousand_links_are_stored(engine: Engine) -> None:
    links = tuple(Link(url=f"https://other.example/{n}?{'x' * 4000}", text=str(n), internal=False) for n in range(1000))
    upsert(engine, make_article(links=links))
    with reading(engine) as session:
        assert count(session, LinkRow) == 1000


def test_an_article_is_found_by_url_slug_post_id_and_our_id(engine: Engine) -> None:
    upsert(engine, make_article())
    with reading(engine) as session:
        for key in (URL, "magnets", "7855", str(only(session).id)):
            assert articles.find(session, key) is only(session)
        assert articles.find(session, "nothing") is None


def test_a_transaction_that_fails_writes_nothing(engine: Engine) -> None:
    def store_and_fail() -> None:
        with transaction(engine) as session:
            articles.upsert(session, make_article(comments=(make_comment(),)), extractor_version="1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        store_and_fail()
    with reading(engine) as session:
        assert [count(session, table) for table in (ArticleRow, AuthorRow, RevisionRow)] == [0, 0, 0]


def test_two_writers_that_meet_the_same_new_author_share_one_row(engine: Engine) -> None:
    first, second = (
        make_article(post_id=1, url=f"{SITE_URL}/news/1/"),
        make_article(post_id=2, url=f"{SITE_URL}/news/2/"),
    )
    with ThreadPoolExecutor() as other:
        with transaction(engine) as session:
            articles.upsert(session, first, extractor_version="1")
            waiting = other.submit(upsert, engine, second)
        assert waiting.result() is Outcome.NEW
    with reading(engine) as session:
        assert (count(session, ArticleRow), count(session, AuthorRow), count(session, TermRow)) == (2, 1, 2)
