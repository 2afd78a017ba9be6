"""Whole pages of every kind of layout, written for these tests, each field of each held against what was agreed.

A case is a folder: ``page.html``, the bytes as received, and ``expected.json``, which a person has read.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from reex_crawler.extraction.article import extract
from tests.extraction.pages import SITE
from tests.factories import SITE_URL, make_page

CASES = Path(__file__).parent / "cases"
FIELDS = (
    *("post_id", "url", "slug", "title", "highlights", "body", "body_markdown", "body_html", "images", "links"),
    *("lead_image", "language", "word_count", "layout", "pending"),
)


@cache
def read(case: str) -> dict[str, Any]:
    """The article of a case as JSON would have it."""
    expected = json.loads((CASES / case / "expected.json").read_text("utf-8"))
    page = make_page(url=SITE_URL + expected["asked"], body=(CASES / case / "page.html").read_bytes())
    return json.loads(json.dumps(asdict(extract(page, SITE)), default=str))


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("case", sorted(folder.name for folder in CASES.iterdir()))
def test_the_field_is_what_the_page_says(case, field):
    expected = json.loads((CASES / case / "expected.json").read_text("utf-8"))
    assert read(case)[field] == expected[field]
