from __future__ import annotations

import itertools

import pytest

from reex_crawler.text.repair import repair, repair_block
from tests.text.genuine import genuine_strings


@pytest.fixture(scope="module")
def strings() -> list[str]:
    return genuine_strings()


def test_translations_of_other_people_are_neither_changed_nor_suspected(strings):
    assert len(strings) > 100_000
    touched = [text for text in strings if (repaired := repair(text)).steps or repaired.suspicions]
    assert touched == []


def test_translations_as_paragraphs_of_several_runs_are_not_changed(strings):
    beyond_ascii = (text for text in strings if not text.isascii())
    for runs in _batches(beyond_ascii, 12):
        assert [one.text for one in repair_block(runs)] == list(runs)


def _batches(items, size):
    while batch := list(itertools.islice(items, size)):
        yield batch
