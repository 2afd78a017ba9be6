"""The article for whose sake the project exists: every field and the comment right, no damaged character left."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from reex_crawler.extraction.article import extract
from reex_crawler.records import Page, Precision
from reex_crawler.site.profile import profile
from tests.replica import sample as replica
from tests.replica.sample import sample
from tests.replica.truth import body_text

# Thai letters (no word of the article is Thai), C1 controls, lost characters, and what is left of the editor.
_DAMAGED = re.compile("[\u0e00-\u0e7f\u0080-\u009f\ufffd]|wp:paragraph|-->")

pytestmark = pytest.mark.skipif(
    not replica.PATH.exists(),
    reason=f"the sample is not at hand: no {replica.PATH.name} in {replica.PATH.parent.name}/",
)


def read(theme: str, *, seo: bool):
    """The sample's truth, and the article as the program reads it from the page."""
    made = sample(theme, seo=seo)
    answer = made.answer()
    page = Page(
        url=made.truth.url,
        final_url=made.truth.url,
        status=answer.status,
        headers=answer.headers,
        body=answer.body,
        fetched_at=datetime(2025, 11, 6, 12, 0, tzinfo=UTC),
    )
    return made.truth, extract(page, profile())


@pytest.fixture(
    params=[("divi4", False), ("divi4", True), ("divi4-classic", False)], ids=lambda value: f"{value[0]}-seo-{value[1]}"
)
def setup(request):
    return request.param


def test_every_field_of_the_sample_is_exact(setup):
    theme, seo = setup
    truth, article = read(theme, seo=seo)
    assert article.post_id == truth.post_id
    assert article.url == truth.url
    assert article.title == truth.title
    assert article.highlights == truth.highlights
    assert article.body == body_text(truth.body)
    assert [author.name for author in article.authors] == [author.name for author in truth.authors]
    if theme == "divi4" or seo:
        assert article.authors[0].bio == truth.authors[0].bio
    if seo:
        assert (article.published.at, article.published.precision) == (truth.published, Precision.SECOND)
    else:
        # The page gives the day, which began at six in UTC while Denver kept daylight saving time.
        assert (article.published.at, article.published.precision) == (
            datetime(2025, 10, 27, 6, 0, tzinfo=UTC),
            Precision.DAY,
        )


def test_the_one_comment_of_the_sample_is_exact(setup):
    theme, seo = setup
    truth, article = read(theme, seo=seo)
    (expected,) = truth.comments
    (comment,) = article.comments
    assert (comment.comment_id, comment.parent_id) == (expected.comment_id, None)
    assert (comment.author_name, comment.author_url, comment.by_article_author) == (expected.author_name, None, False)
    assert comment.body == expected.text
    assert timedelta(0) <= expected.posted - comment.posted.at < timedelta(minutes=1)
    assert article.thread_complete


def test_no_damaged_character_is_left_in_any_field_of_the_sample(setup):
    theme, seo = setup
    _, article = read(theme, seo=seo)
    fields = asdict(article)
    # These two say what was damaged.
    del fields["repairs"], fields["suspicions"]
    assert _DAMAGED.findall(json.dumps(fields, default=str, ensure_ascii=False)) == []


def test_each_repair_of_the_sample_is_recorded(setup):
    theme, seo = setup
    _, article = read(theme, seo=seo)
    assert {repair.field for repair in article.repairs} >= {"body"}
    assert all("874" in repair.step.codecs for repair in article.repairs if "โ€" in repair.step.before)
