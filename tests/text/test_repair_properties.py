from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reex_crawler.text.repair import repair, repair_block
from tests.text.damage import WAYS, Damage, again, misread, partly_true
from tests.text.score import SENTENCES, SINGLE

CODECS = sorted(SINGLE.values())
LIKELY_IN_DAMAGE = "âÃÂ€™œ\x9d\x80\x99โรยฉ\xa0“”’—вЂГ©鈥檚‚Äô├⌐&;acirc <!-wp:>?\ufffd aZ"


MARKS = "“”‘’–—…™€"


def untouched(text: str) -> Damage:
    return Damage(text=text, stretches=tuple((char, char) for char in text), lost=False)


@given(st.text() | st.text(alphabet=LIKELY_IN_DAMAGE))
@settings(max_examples=400, deadline=None)
def test_repair_is_idempotent_and_never_fails(text):
    once = repair(text).text
    assert repair(once).text == once


@given(st.text(alphabet=LIKELY_IN_DAMAGE))
@settings(max_examples=300, deadline=None)
def test_a_repair_without_steps_changed_nothing(text):
    repaired = repair(text)
    assert (repaired.text != text) == bool(repaired.steps)


@given(st.lists(st.text(alphabet=LIKELY_IN_DAMAGE), max_size=5))
@settings(max_examples=300, deadline=None)
def test_as_many_results_come_out_as_runs_went_in(runs):
    assert len(repair_block(runs)) == len(runs)


@given(st.sampled_from(SENTENCES), st.sampled_from(CODECS), st.sampled_from(WAYS))
@settings(max_examples=300, deadline=None)
def test_repair_of_damage_is_idempotent_and_its_steps_tell_all(sentence, codec, way):
    damaged = misread(sentence, codec, way).text
    repaired = repair(damaged)
    assert repair(repaired.text).text == repaired.text
    assert len(repaired.text) == len(damaged) + sum(len(step.after) - len(step.before) for step in repaired.steps)


@given(
    st.lists(st.sampled_from([f"{one} " for one in SENTENCES]), min_size=2, max_size=6),
    st.sampled_from(["cp874", "cp1252", "latin_1"]),
    st.data(),
)
@settings(max_examples=200, deadline=None)
def test_a_paragraph_damaged_in_some_sentences_gets_its_marks_back_and_nothing_wrong(sentences, codec, data):
    damages = [misread(one, codec, "c1") if data.draw(st.booleans()) else untouched(one) for one in sentences]
    result = repair("".join(one.text for one in damages)).text
    allowed = tuple((true, true if true in MARKS else seen) for one in damages for true, seen in one.stretches)
    assert partly_true(result, Damage(text="", stretches=allowed, lost=False))


@given(
    st.sampled_from(SENTENCES), st.sampled_from(["cp874", "cp1252", "latin_1"]), st.sampled_from(["cp874", "cp1252"])
)
@settings(max_examples=200, deadline=None)
def test_two_layers_are_undone_whole(sentence, inner, outer):
    assert repair(again(misread(sentence, inner, "c1"), outer, "c1").text).text == sentence


@given(
    st.text(alphabet=st.characters(codec="ascii"), max_size=200).filter(
        lambda text: "wp:" not in text and "&" not in text
    )
)
def test_ascii_is_returned_as_it_is(text):
    assert repair(text).text is text


@pytest.mark.parametrize("size", [1, 20_000])
def test_long_chains_of_damage_are_no_trouble(size):
    repair("Ã©" * size + "โ€" * size + "<!-- wp:" * 50)
