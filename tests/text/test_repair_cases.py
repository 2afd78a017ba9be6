from __future__ import annotations

import json
from pathlib import Path

import pytest

from reex_crawler.text.repair import repair

CASES = Path(__file__).parent / "cases"


def cases(name: str) -> list:
    return [pytest.param(case, id=case["label"]) for case in json.loads((CASES / f"{name}.json").read_text("utf-8"))]


@pytest.mark.parametrize("case", cases("wild") + cases("synthetic"))
def test_damage_is_mended(case):
    repaired = repair(case["text"])
    assert repaired.text == case["expect"]
    assert repaired.steps
    assert repaired.suspicions == ()


@pytest.mark.parametrize("case", cases("negative"))
def test_what_is_not_certain_stays(case):
    repaired = repair(case["text"])
    assert repaired.text == case["text"]
    assert repaired.steps == ()


@pytest.mark.parametrize("case", cases("negative"))
@pytest.mark.parametrize("around", ["The ministry said {} was one of them.", "It isn’t — {} — “so”."])
def test_what_is_not_certain_stays_inside_an_english_sentence(case, around):
    text = around.replace("{}", case["text"])
    assert repair(text).text == text


@pytest.mark.parametrize("case", cases("known_failures"))
@pytest.mark.xfail(strict=True, reason="what the lost bytes were is not certain")
def test_a_known_failure_is_mended(case):
    assert repair(case["text"]).text == case["expect"]


@pytest.mark.parametrize("case", cases("known_failures"))
def test_a_known_failure_is_left_as_it_is(case):
    assert repair(case["text"]).text == case["text"]
