"""Which of a page's elements speak of its own article: the same for its dates, its authors and its terms."""

from __future__ import annotations

import pytest

from reex_crawler.extraction import dates, people, terms
from tests.extraction.pages import document
from tests.factories import SITE_URL

FACTS = f"""<time class="entry-date published" datetime="{{}}-01-01T00:00:00+00:00">x</time>
<span class="byline">by <a rel="author" href="{SITE_URL}/author/zed/">{{}}</a></span>
<a rel="tag" href="{SITE_URL}/tag/other/">{{}}</a>"""
OWN, OTHER = FACTS.format("2025", "Ann", "Dy"), FACTS.format("2019", "Zed", "Other")
LINKED = f'<h3><a href="{SITE_URL}/news/another/">Another</a></h3>{OTHER}'
TEXT = '<div class="entry-content"><p>Text.</p></div>'


def told(body: str) -> tuple[int | None, tuple[str, ...], tuple[str, ...]]:
    doc = document(body)
    published, authors, named = dates.published(doc, None), people.authors(doc, None), terms.terms(doc, None)
    return (
        published.value.at.year if published else None,
        tuple(author.name for author in authors.value) if authors else (),
        tuple(term.name for term in named.value) if named else (),
    )


ARTICLE = f"<article class='post-41'><h1>Magnets</h1>{{}}{TEXT}{{}}</article>"


@pytest.mark.parametrize(
    "page",
    [
        f"{ARTICLE.format(OWN, '')}<div class='more-stories'><div class='card'>{OTHER}</div></div>",
        f"<main><h1>Magnets</h1>{OWN}{TEXT}</main><div class='more-stories'>{OTHER}</div>",
        f"<div class='ticker'><div>{LINKED}</div></div>{ARTICLE.format(OWN, '')}",
        ARTICLE.format("", f"<footer>{OWN}</footer><div class='more'><div>{LINKED}</div></div>"),
        f"<div class='hero'><h1>Magnets</h1>{OWN}</div>{ARTICLE.format('', '').replace('<h1>Magnets</h1>', '')}{OTHER}",
        f"<h1>Magnets</h1>{OWN}<div class='et_pb_post_content'><p>Text.</p></div><div class='more'><div>{LINKED}</div></div>",
        f"<main class='post-41'><h1>Magnets</h1>{OWN}<div class='page-content'><p>Text.</p></div></main><div>{OTHER}</div>",
    ],
    ids=["after-article", "after-main", "ticker-before", "card-inside", "hero-before", "no-container", "no-layout"],
)
def test_only_what_stands_in_the_article_or_at_its_head_is_its_own(page):
    assert told(page) == (2025, ("Ann",), ("Dy",))
    assert told(page.replace(OWN, "")) == (None, (), ())


def test_links_to_the_articles_beside_this_one_do_not_make_its_foot_a_card():
    nav = f'<nav class="post-navigation"><a href="{SITE_URL}/news/another/">Another</a></nav>'
    assert told(ARTICLE.format("", f"<footer>{OWN}{nav}</footer>")) == (2025, ("Ann",), ("Dy",))
