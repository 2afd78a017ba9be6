from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.extraction import terms
from reex_crawler.records import Listed, Taxonomy, Term
from tests.extraction.pages import document, json_ld
from tests.factories import SITE_URL, URL, make_listed

LINKS = f"""<footer class="entry-footer"><span class="cat-links"><a href="{SITE_URL}/category/supply-chain/" rel="category tag">Supply Chain</a></span>
<span class="tags-links"><a href="{SITE_URL}/tag/mp-materials/" rel="tag">MP Materials</a></span></footer>"""
CHAIN = Term(
    taxonomy=Taxonomy.CATEGORY, name="Supply Chain", slug="supply-chain", url=f"{SITE_URL}/category/supply-chain/"
)
MP = Term(taxonomy=Taxonomy.TAG, name="MP Materials", slug="mp-materials", url=f"{SITE_URL}/tag/mp-materials/")


def read(body: str = "", *, head: str = "", listed: Listed | None = None) -> tuple[str, tuple[Term, ...]] | None:
    found = terms.terms(document(body, head=head), listed)
    return (found.source, found.value) if found else None


def article(**fields: object) -> str:
    return json_ld({"@type": "NewsArticle", "@id": f"{URL}#article", **fields})


def category(name: str, **known: str) -> Term:
    return Term(taxonomy=Taxonomy.CATEGORY, name=name, **known)


def tag(name: str, **known: str) -> Term:
    return Term(taxonomy=Taxonomy.TAG, name=name, **known)


def test_a_page_without_terms_has_none():
    assert read("<p>Text.</p>") is None


def test_json_ld_gives_names_and_the_links_their_slugs_and_addresses():
    head = article(articleSection=["Supply Chain"], keywords=["MP Materials", "Gallium"])
    assert read(head=head) == ("json-ld", (category("Supply Chain"), tag("MP Materials"), tag("Gallium")))
    assert read(LINKS, head=head) == ("json-ld", (CHAIN, MP, tag("Gallium")))


def test_links_of_the_theme_tell_both_kinds_by_their_address():
    assert read(LINKS) == ("markup", (CHAIN, MP))
    block = LINKS.replace('<span class="cat-links">', '<div class="taxonomy-category wp-block-post-terms">').replace(
        "</span>", "</div>"
    )
    assert read(block.replace(' rel="category tag"', "")) == ("markup", (CHAIN, MP))


def test_a_child_category_is_known_by_the_end_of_its_address():
    found = read(f'<a rel="category tag" href="{SITE_URL}/category/metals/rare-earths/">Rare Earths</a>')
    assert found is not None
    assert found[1][0].slug == "rare-earths"


def test_a_source_that_names_all_and_more_wins_for_its_kind_alone():
    head = article(articleSection="Supply Chain", keywords=["Neodymium"])
    second = f'<a href="{SITE_URL}/category/policy/" rel="category tag">Policy</a>'
    assert read(LINKS + second, head=head) == (
        "markup+json-ld",
        (CHAIN, category("Policy", slug="policy", url=f"{SITE_URL}/category/policy/"), tag("Neodymium")),
    )


def test_meta_elements_are_read():
    head = (
        '<meta property="article:section" content="Supply Chain"><meta property="article:tag" content="MP Materials">'
        '<meta property="article:tag" content="Gallium">'
    )
    assert read(head=head) == ("meta", (category("Supply Chain"), tag("MP Materials"), tag("Gallium")))


def test_keywords_in_one_text_count_only_where_nothing_else_names_tags():
    head = article(articleSection="Supply Chain", keywords="magnets, best magnets")
    assert read(head=head) == (
        "json-ld+json-ld-keywords",
        (category("Supply Chain"), tag("magnets"), tag("best magnets")),
    )
    assert read(LINKS, head=head) == ("json-ld+markup", (CHAIN, MP))


def test_rest_knows_all():
    listed = make_listed(source="rest", terms=(CHAIN, MP))
    assert read(LINKS, head=article(articleSection=["Other"]), listed=listed) == ("rest", (CHAIN, MP))


def test_the_articles_classes_give_the_slug_of_a_name():
    head = article(articleSection=["R&D", "Supply Chain"], keywords=["China’s Exports"])
    body = '<article class="post-41 news-archive category-rd category-supply-chain tag-chinas-exports tag-other"></article>'
    assert read(body, head=head) == (
        "json-ld",
        (
            category("R&D", slug="rd"),
            category("Supply Chain", slug="supply-chain"),
            tag("China’s Exports", slug="chinas-exports"),
        ),
    )
    of_another = body.replace("post-41", "post-7")
    assert read(of_another, head=head) == (
        "json-ld",
        (category("R&D"), category("Supply Chain"), tag("China’s Exports")),
    )


def fed(*names: str) -> Listed:
    return make_listed(terms=tuple(category(name) for name in names))


def test_the_terms_of_a_feed_are_left_out_where_nothing_tells_their_kind():
    assert read(listed=fed("Supply Chain", "Gallium")) is None


def test_the_terms_of_a_feed_are_sorted_by_what_the_page_knows():
    head = '<meta property="article:tag" content="Gallium">'
    assert read(head=head, listed=fed("Supply Chain", "Gallium")) == (
        "feed+meta",
        (category("Supply Chain"), tag("Gallium")),
    )
    by_class = '<article class="post-41 category-7 tag-gallium"></article>'
    assert read(by_class, listed=fed("Supply Chain", "Gallium")) == (
        "feed",
        (category("Supply Chain"), tag("Gallium", slug="gallium")),
    )


def test_what_a_feed_adds_to_printed_categories_is_a_tag():
    printed = LINKS.partition('<span class="tags-links">')[0] + "</footer>"
    assert read(printed, listed=fed("Supply Chain", "Gallium")) == ("markup+feed", (CHAIN, tag("Gallium")))


@pytest.mark.parametrize(
    "place",
    [
        '<div class="entry-content">{}</div>',
        '<div class="et_pb_post_content">{}</div>',
        '<aside class="widget-area"><div class="tagcloud">{}</div></aside>',
        '<p class="wp-block-tag-cloud">{}</p>',
        '<article class="post-7">{}</article>',
        '<div class="et_pb_blog_grid_wrapper">{}</div>',
        "<nav>{}</nav>",
        '<footer class="wp-block-template-part">{}</footer>',
    ],
)
def test_terms_of_anything_but_the_article_are_not_its_own(place):
    assert read(place.format(LINKS)) is None


@pytest.mark.parametrize("href", ["https://elsewhere.example/tag/x/", "/tags/", "/news/x/", "javascript:tag/x/", ""])
def test_links_that_are_no_terms_of_the_site_are_none(href):
    assert read(f'<a rel="tag" href="{href}">x</a>') is None


def test_names_that_differ_in_case_or_spaces_are_one_term():
    head = article(keywords=["MP  materials", "MP Materials"])
    assert read(LINKS, head=head) == ("markup+json-ld", (CHAIN, tag("MP materials", slug="mp-materials", url=MP.url)))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=6),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["@id", "name", "@type"]), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_no_json_ld_at_all_is_an_error(value):
    found = read(
        LINKS, head=article(articleSection=value, keywords=value, author=value, datePublished=value, url=value)
    )
    assert found is not None


def test_a_term_named_twice_stands_at_its_first_place():
    found = read(head=article(keywords=["Tin", "Lead", "tin", "Zinc"]))
    assert found == ("json-ld", (tag("Tin"), tag("Lead"), tag("Zinc")))


def test_a_name_is_spelled_as_it_was_typed_where_a_source_has_it_so():
    printed = f'<a rel="category tag" href="{SITE_URL}/category/chinas-grip/">China’s Grip</a>'
    known = category("China's Grip", slug="chinas-grip", url=f"{SITE_URL}/category/chinas-grip/")
    assert read(printed, listed=fed("China's Grip")) == ("markup", (known,))
