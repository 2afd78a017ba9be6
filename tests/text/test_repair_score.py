"""The promises of docs/repair.md, held over generated damage (``python -m tests.text.score`` prints the table)."""

from __future__ import annotations

import pytest

from tests.text.score import SENTENCES, kinds, score

EXACT = 1.0
FLOORS = {
    "windows-874": EXACT,
    "windows-1252": EXACT,
    "latin-1": EXACT,
    "cp1252": EXACT,
    "latin_1": EXACT,
    "cp874": EXACT,
    "windows-1250": 0.99,
    "windows-1251": 0.98,
    "windows-1253": 0.98,
    "windows-1254": 0.99,
    "windows-1255": 0.96,
    "windows-1256": 0.99,
    "windows-1257": 0.99,
    "windows-1258": 0.99,
    "iso-8859-2": 0.90,
    "mac-roman": 0.96,
    "cp437": 0.96,
    "cp850": 0.96,
    "koi8-r": 0.96,
    "cp866": 0.96,
    "gbk": 0.85,
    "gb18030": 0.85,
    "shift_jis": 0.85,
    "big5": 0.80,
    "euc-kr": 0.80,
}
LOST_CLOSING_QUOTES = 0.995


def test_the_sentences_are_many_and_varied():
    assert len(SENTENCES) > 300
    assert all(char in "".join(SENTENCES) for char in "“”‘’–—…éü©™€°²µ×\xa0")


@pytest.mark.parametrize("kind", kinds())
def test_generated_damage_is_mended_and_nothing_made_wrong(kind):
    result = score(kind, SENTENCES)
    assert result.wrong == ()
    assert result.share >= FLOORS[kind.split()[0]], result.missed


def test_lost_closing_quotes_of_the_samples_kind_are_restored():
    result = score("windows-874 fill", SENTENCES)
    assert result.closing_lost > 90
    assert result.closing_share >= LOST_CLOSING_QUOTES
