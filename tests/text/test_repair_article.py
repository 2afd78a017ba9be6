from __future__ import annotations

import re
from pathlib import Path

import pytest

from reex_crawler.text.repair import repair, repair_block

SAMPLE = Path(__file__).parents[3] / "shared" / "sample-article.txt"
DAMAGED = re.compile("[\u0e00-\u0e7f\ufffd\x80-\x9f]|wp:|â€|Ã")

ARTICLE = """Baltic magnet maker says Europe’s stockpile isn’t ready

The company announced on Tuesday that it is “no longer waiting for Brusselsโ€ and will order 1,200 tonnes of oxide itself. Analysts called the step โ€œoverdue,โ€ while the ministryโ€™s spokesman spoke of a โ€œmomentary dรฉtenteโ€โ€”a phrase that pleased nobody.
The plant in Narva remains the only one of its kind.ย\xa0 Its ownerโ€™s filings mention 25 ยฐC storage, 5 ยตm powder and a price of โ‚ฌ72 per kilo.
Nothing is wrong with this paragraph: “China’s list isn’t final,” said Šefčovič — “not yet.”
ยฉ!-- /wp:paragraph -->
The Thai word แร่หายาก means rare earth."""
MENDED = """Baltic magnet maker says Europe’s stockpile isn’t ready

The company announced on Tuesday that it is “no longer waiting for Brussels” and will order 1,200 tonnes of oxide itself. Analysts called the step “overdue,” while the ministry’s spokesman spoke of a “momentary détente”—a phrase that pleased nobody.
The plant in Narva remains the only one of its kind.\xa0 Its owner’s filings mention 25 °C storage, 5 µm powder and a price of €72 per kilo.
Nothing is wrong with this paragraph: “China’s list isn’t final,” said Šefčovič — “not yet.”

The Thai word แร่หายาก means rare earth."""


def test_an_article_damaged_in_places_comes_out_true():
    assert "\n".join(repair(line).text for line in ARTICLE.split("\n")) == MENDED


def test_the_collected_article_keeps_no_damaged_character():
    if not SAMPLE.exists():
        pytest.skip(f"the collected article is not part of the repository; put it at {SAMPLE.name} in ../shared")
    lines = SAMPLE.read_text("utf-8").split("\n")
    repaired = [repair(line) for line in lines]
    assert [one.text for one in repaired if DAMAGED.search(one.text)] == []
    assert [one.suspicions for one in repaired if one.suspicions] == []
    assert sum(one.text.count("”") for one in repaired) == sum(one.text.count("“") for one in repaired)
    for line, one in zip(lines, repaired, strict=True):
        if not DAMAGED.search(line):
            assert one.text == line


def test_the_collected_article_reads_as_its_author_wrote_it():
    if not SAMPLE.exists():
        pytest.skip(f"the collected article is not part of the repository; put it at {SAMPLE.name} in ../shared")
    text = "\n".join(repair(line).text for line in SAMPLE.read_text("utf-8").split("\n"))
    for words in (
        "“no longer considering imposing 100% tariffs on China” following",
        "a strategic pause—a temporary easing",
        "a “very substantive framework agreement,” cooling",
        "remains Asia-centric.\xa0 REEx reminds also of the world’s biggest China chokepoint—rare earth refining.",
        "assertions of a“comprehensive agreement” are premature",
        "“framework progress”—a phrase",
        "a momentary détente, not",
        "From Odisha’s Sands to Global Supply Chains: India’s Rare Earth Bet",
    ):
        assert words in text


def test_runs_of_a_paragraph_share_their_evidence():
    runs = ["He called it โ€œa ", "truce", ",โ€ nothing more. Perรบ agrees."]
    assert [one.text for one in repair_block(runs)] == ["He called it “a ", "truce", ",” nothing more. Perú agrees."]


def test_steps_belong_to_the_run_they_were_made_in():
    first, second, third = repair_block(["Chinaâ€™s", " list", " isnâ€™t"])
    assert [(step.before, step.after) for step in first.steps] == [("â€™", "’")]
    assert second.steps == ()
    assert [(step.codecs, step.before) for step in third.steps] == [("utf-8>windows-1252", "â€™")]


def test_a_piece_is_never_put_together_across_runs():
    assert [one.text for one in repair_block(["Chinaâ", "€™s"])] == ["Chinaâ", "€™s"]


def test_no_runs_give_no_results():
    assert repair_block([]) == ()


@pytest.mark.parametrize(
    ("text", "codecs"),
    [
        ("Chinaâ€™s", "utf-8>windows-1252"),
        ("Chinaโ€™s", "utf-8>windows-874"),
        ("ChinaÃ¢â‚¬â„¢s", "utf-8>windows-1252>utf-8>windows-1252"),
        ("China&acirc;&euro;&trade;s", "utf-8>windows-1252>html"),
        ("China鈥檚", "utf-8>gb18030"),
        ("<!-- wp:more -->", "wordpress-block-comment"),
    ],
)
def test_a_step_names_the_way_the_damage_came(text, codecs):
    assert [step.codecs for step in repair(text).steps] == [codecs]


@pytest.mark.parametrize(
    "text",
    [
        "the minersโ€ union",
        "“Whyâ€? he asked",
        "M\ufffdller",
        "it\x92s",
        "รngel said",
        "the letters Ã© alone",
        "Chinaâs rules",
        "he said 鈥? now",
        "moscow (ÐœÐ¾ÑÐºÐ²Ð°) said",
        "Î‘Î¸Î®Î½Î± said",
        "Ø§Ù„ØµÙŠÙ† said",
        "à¸£à¸²à¸„à¸² said",
        "ä¸\xadå›½ said",
        "itï¿½s here",
        "it๏ฟฝs here",
        "itÃ¯Â¿Â½s here",
        "it锟斤拷s here",
    ],
)
def test_damage_that_stays_is_suspected(text):
    repaired = repair(text)
    assert repaired.text == text
    assert repaired.suspicions
