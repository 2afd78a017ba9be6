from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.urls import absolute, last_segment, normalise, on_site, origin, same_origin

paths = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=40).map(lambda text: "/" + text.lstrip("/"))
references = st.text(max_size=60)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.COM", "https://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:8080/a", "http://example.com:8080/a"),
        ("http://127.0.0.1:80/", "http://127.0.0.1/"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://example.com/news/fe%e2%82%81/", "https://example.com/news/fe%E2%82%81/"),
        ("https://example.com/news/fe₁/", "https://example.com/news/fe%E2%82%81/"),
        ("https://example.com/a#comments", "https://example.com/a"),
        ("https://example.com/a?b=%c3%a9", "https://example.com/a?b=%C3%A9"),
        ("https://example.com./a", "https://example.com/a"),
    ],
)
def test_one_address_has_one_spelling(url: str, expected: str) -> None:
    assert normalise(url) == expected


@given(paths)
def test_normalising_twice_changes_nothing(path: str) -> None:
    once = normalise("https://example.com" + path)
    assert normalise(once) == once


@pytest.mark.parametrize(
    "url", ["", "example.com", "ftp://example.com/", "http://", "http://[::1", "http://a:99999/", "data:,x"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        origin(url)
    assert not same_origin(url, "https://example.com")


@given(references)
def test_any_reference_of_a_page_resolves_or_is_nothing(reference: str) -> None:
    url = absolute(reference, "https://example.com/news/a/")
    assert url is None or normalise(url)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://example.com/a", "https://EXAMPLE.com:443/b", True),
        ("http://example.com/", "https://example.com/", False),
        ("https://example.com:8443/", "https://example.com/", False),
        ("https://forum.example.com/", "https://example.com/", False),
        ("https://example.com@evil.test/", "https://example.com/", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(one: str, other: str, same: bool) -> None:  # noqa: FBT001 (a table's column)
    assert same_origin(one, other) is same


def test_the_slug_is_the_last_segment_decoded() -> None:
    assert last_segment("https://example.com/news/fe%e2%82%81-magnets/?a=b") == "fe₁-magnets"
    assert last_segment("https://example.com/") is None


@pytest.mark.parametrize(
    ("url", "base", "expected"),
    [
        ("http://news.example/a?b#c", "https://news.example", "https://news.example/a?b"),
        ("https://www.news.example", "https://news.example", "https://news.example/"),
        ("https://news.example/a", "http://www.news.example", "http://www.news.example/a"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080", "http://127.0.0.1:8080/a"),
        ("http://127.0.0.1:8081/a", "http://127.0.0.1:8080", None),
        ("http://127.0.0.1/a", "http://127.0.0.1:8080", None),
        ("https://other.example/", "https://news.example", None),
        ("https://shop.news.example/", "https://news.example", None),
        ("dns:news.example", "https://news.example", None),
        ("https://[bad/", "https://news.example", None),
    ],
)
def test_an_address_is_spelt_as_the_site_spells_it(url: str, base: str, expected: str | None) -> None:
    assert on_site(url, base) == expected


@given(st.lists(st.sampled_from([*"/.?#;:@&=~- é[]A1", "..", "//", "%41", "x.example"]), max_size=8).map("".join))
def test_an_absolute_url_is_resolved_as_any_reference_is(rest):
    url, base = f"https://a.example{rest}", "https://b.example/news/"
    try:
        origin(expected := urljoin(base, url.strip()))
    except ValueError:
        expected = None
    assert absolute(url, base) == expected
