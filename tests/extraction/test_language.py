"""The language of an article as a BCP 47 tag."""

from __future__ import annotations

import pytest

from reex_crawler.extraction.document import parse
from reex_crawler.extraction.language import language
from reex_crawler.extraction.sourced import Sourced
from tests.extraction.pages import SITE, document, json_ld
from tests.factories import make_page


@pytest.mark.parametrize(
    ("lang", "tag"),
    [
        ("en-US", "en-US"),
        ("EN_us", "en-US"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("th", "th"),
        ("de_DE_formal", "de-DE-formal"),
    ],
)
def test_the_page_s_own_language_is_spelled_as_usual(lang, tag):
    page = make_page(body=f"<html lang='{lang}'><body>x</body></html>".encode())
    assert language(parse(page, SITE)) == Sourced(tag, "html")


def test_json_ld_is_trusted_before_the_theme():
    assert language(document("x", head=json_ld({"@type": "Article", "inLanguage": "th-TH"}))) == Sourced(
        "th-TH", "json-ld"
    )


def test_open_graph_is_asked_last():
    assert language(document("x", head="<meta property='og:locale' content='en_GB'>")) == Sourced("en-GB", "og")


@pytest.mark.parametrize("locale", ["", "x", "english", "en US", "*"])
def test_what_is_no_tag_is_no_language(locale):
    assert language(document("x", head=f"<meta property='og:locale' content='{locale}'>")) is None
