from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reex_crawler.text.clean import clean_line, clean_text

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


def test_text_keeps_its_lines_and_at_most_one_blank_one():
    assert clean_text("\r\n a  b \r\n\n\n\n c\xa0\n- d\n") == "a b\n\nc\n- d"


@given(ANY)
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_text(clean_text(text)) == clean_text(text)


@given(ANY)
def test_what_is_clean_can_be_stored_anywhere(text):
    for cleaned in (clean_line(text), clean_text(text)):
        cleaned.encode("utf-8")
        assert "\x00" not in cleaned
        assert unicodedata.is_normalized("NFC", cleaned)


@given(ANY)
def test_a_line_stays_one(text):
    assert "\n" not in clean_line(text)
