"""How much generated damage the repair mends. Run ``python -m tests.text.score`` for the table."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from reex_crawler.text.repair import repair
from tests.text.damage import WAYS, Damage, again, as_entities, misread, misread_wide, partly_true, undefined

SENTENCES: list[str] = json.loads((Path(__file__).parent / "sentences.json").read_text("utf-8"))

SINGLE = {
    "windows-874": "cp874",
    "windows-1252": "cp1252",
    "latin-1": "latin_1",
    "windows-1250": "cp1250",
    "windows-1251": "cp1251",
    "windows-1253": "cp1253",
    "windows-1254": "cp1254",
    "windows-1255": "cp1255",
    "windows-1256": "cp1256",
    "windows-1257": "cp1257",
    "windows-1258": "cp1258",
    "iso-8859-2": "iso8859_2",
    "mac-roman": "mac_roman",
    "cp437": "cp437",
    "cp850": "cp850",
    "koi8-r": "koi8_r",
    "cp866": "cp866",
}
WIDE = {"gbk": "gbk", "gb18030": "gb18030", "big5": "cp950", "shift_jis": "cp932", "euc-kr": "cp949"}


@dataclass(frozen=True)
class Score:
    """What became of the sentences one kind of damage touched."""

    kind: str
    whole: int
    """Damaged sentences that kept every byte."""
    exact: int
    """Of those, mended to the letter."""
    lossy: int
    """Damaged sentences that lost bytes."""
    closing_lost: int
    """Closing quotation marks that lost a byte in them."""
    closing_restored: int
    wrong: tuple[tuple[str, str], ...]
    """Texts in which something was made neither true nor left as it was, with the result."""
    missed: tuple[tuple[str, str], ...]

    @property
    def share(self) -> float:
        return self.exact / self.whole if self.whole else 1.0

    @property
    def closing_share(self) -> float:
        return self.closing_restored / self.closing_lost if self.closing_lost else 1.0


def kinds() -> dict[str, Callable[[str], Damage]]:
    """Every kind of damage by name."""
    found: dict[str, Callable[[str], Damage]] = {}
    for name, codec in SINGLE.items():
        for way in WAYS if undefined(codec) else WAYS[:1]:
            found[f"{name} {way}"] = lambda text, codec=codec, way=way: misread(text, codec, way)
    for name, codec in WIDE.items():
        for errors in ("replace", "ignore"):
            found[f"{name} {errors}"] = lambda text, codec=codec, errors=errors: misread_wide(text, codec, errors)
    for inner, outer in (
        ("cp1252", "cp1252"),
        ("latin_1", "latin_1"),
        ("cp874", "cp874"),
        ("cp1252", "cp874"),
        ("cp874", "cp1252"),
        ("latin_1", "cp1252"),
        ("cp1252", "latin_1"),
    ):
        for way in ("c1", "fill"):
            found[f"{inner} under {outer} {way}"] = lambda text, inner=inner, outer=outer, way=way: again(
                misread(text, inner, way), outer, way
            )
    for codec in ("cp1252", "cp874"):
        for way in ("c1", "fill"):
            found[f"{codec} {way} as entities"] = lambda text, codec=codec, way=way: as_entities(
                misread(text, codec, way)
            )
    return found


def score(kind: str, sentences: Iterable[str]) -> Score:
    """Damage the sentences, mend them, compare."""
    make = kinds()[kind]
    whole = exact = lossy = closing_lost = closing_restored = 0
    wrong, missed = [], []
    for sentence in sentences:
        damage = make(sentence)
        if damage.text == sentence:
            continue
        result = repair(damage.text).text
        if damage.lost:
            lossy += 1
            closing = {seen for true, seen in damage.stretches if true == "”"}
            if closing and misread_lost(damage):
                closing_lost += sentence.count("”")
                closing_restored += result.count("”")
        else:
            whole += 1
            exact += result == sentence
            if result != sentence:
                missed.append((damage.text, result))
        if result != sentence and not partly_true(result, damage):
            wrong.append((damage.text, result))
    return Score(kind, whole, exact, lossy, closing_lost, closing_restored, tuple(wrong), tuple(missed))


def misread_lost(damage: Damage) -> bool:
    """Whether the closing marks lost a byte."""
    return any(true == "”" and len(seen) < 3 for true, seen in damage.stretches)


def main() -> None:
    wanted = sys.argv[1:]
    click.echo(
        f"{'kind':34} {'whole':>6} {'exact':>6} {'share':>7} {'lossy':>6} {'lost ”':>7} {'back':>6} {'wrong':>6}"
    )
    for kind in kinds():
        if wanted and not any(word in kind for word in wanted):
            continue
        got = score(kind, SENTENCES)
        click.echo(
            f"{kind:34} {got.whole:6} {got.exact:6} {got.share:7.1%} {got.lossy:6} {got.closing_lost:7} {got.closing_restored:6} {len(got.wrong):6}"
        )
        if wanted:
            for damaged, result in got.missed:
                click.echo(f"   missed {damaged!r} -> {result!r}")
        for damaged, result in got.wrong[:20]:
            click.echo(f"   WRONG {damaged!r} -> {result!r}")


if __name__ == "__main__":
    main()
