from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.text.clean import clean_line

ANY = st.text(alphabet=st.characters() | st.sampled_from(" \t\n\r\f\xa0\u200b\ufeff\x00\x85\x1f\ud800\u0301e"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  two \t words\n", "two words"),
        ("no\xa0break \xa0 stays\xa0", "no\xa0break \xa0 stays"),
        ("\ufeff\u200b title \u200b", "title"),
        ("zero\u200bwidth", "zero\u200bwidth"),
        ("e\u0301", "é"),
        ("10³ is not 103, ﬁ is not fi, “so”", "10³ is not 103, ﬁ is not fi, “so”"),
        ("nul\x00 and \ud800", "nul\ufffd and \ufffd"),
        ("bell\x07 and \x9d", "bell and"),
        ("", ""),
    ],
)
def test_a_line_is_folded_as_a_browser_folds_it(text, expected):
    assert clean_line(text) == expected


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_line(clean_line(text)) == clean_line(text)


@given(ANY)
def test_what_is_clean_can_be_stored_anywhere(text):
    cleaned = clean_line(text)
    cleaned.encode("utf-8")
    assert "\x00" not in cleaned
    assert unicodedata.is_normalized("NFC", cleaned)


@given(ANY)
def test_a_line_stays_one(text):
    assert "\n" not in clean_line(text)
