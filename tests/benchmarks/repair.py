"""How long the repair takes on clean and damaged text. Run ``python -m tests.benchmarks.repair``."""

from __future__ import annotations

import timeit

import click

from reex_crawler.text.gate import may_be_damaged
from reex_crawler.text.repair import repair

_SIZE = 5_000
_REPEAT = 7

CLEAN = {
    "English, ASCII": "China controls most of the world's refining capacity, and prices rose again last week. ",
    "English": "“China’s rules aren’t clear,” he said — the ministry’s list isn’t final, and prices rose 5 % again. ",
    "English, adjoining": "“China’s rules aren’t clear”—“so,” he said — the ministry’s list isn’t ‘final’”, and prices rose… ",
    "French": "« La Chine contrôle l’essentiel des capacités », a déclaré le président à Paris — l’été dernier, déjà. ",
    "German": "„Die Übersicht über Größe und Förderung fehlt“, sagte Müller – für Europa ist das gefährlich. ",
    "Portuguese": "“A mineração não é a solução”, disse João Gonçalves em São Paulo — às vezes, sim. ",
    "Polish": "„Łódź i Śląsk będą źródłem magnesów”, powiedział minister – to może być ważne dla gospodarki. ",
    "Czech": "„Příliš žluťoučký kůň úpěl ďábelské ódy,“ řekl Šefčovič – dodávky z Číny jsou nejisté. ",
    "Turkish": "Türkiye’nin nadir toprak elementleri “stratejik” sayılıyor; Eskişehir’de üretim başlıyor. ",
    "Vietnamese": "Việt Nam có trữ lượng đất hiếm lớn thứ hai thế giới, theo “Bộ Tài nguyên” — ông Nguyễn nói. ",
    "Russian": "Россия планирует увеличить добычу редкоземельных металлов — об этом сообщил «Росатом» в среду. ",
    "Ukrainian": "Україна підписала угоду про корисні копалини — “це шанс”, сказав міністр у Києві. ",
    "Greek": "Η Ελλάδα εξετάζει τα κοιτάσματα σπάνιων γαιών – “είναι μια ευκαιρία”, είπε ο υπουργός. ",
    "Arabic": "قالت الصين إنها ستفرض قيودًا على صادرات المعادن النادرة، “اعتبارًا من” الشهر المقبل. ",
    "Hebrew": "סין הודיעה על הגבלות חדשות על יצוא מתכות נדירות – “החל מהחודש הבא”, נמסר. ",
    "Thai": "จีนประกาศควบคุมการส่งออกแร่หายาก “ตั้งแต่เดือนหน้า” ตามที่กระทรวงพาณิชย์แจ้งไว้ – รายงานจากปักกิ่ง ",
    "Chinese": "中国宣布对稀土出口实施新的管制措施,“自下月起生效”——商务部发言人周四在北京表示。",
    "Japanese": "中国は希土類の輸出に新たな規制を導入すると発表した――「来月から施行」と商務省は述べた。",
    "Korean": "중국은 희토류 수출에 대한 새로운 규제를 발표했다 – “다음 달부터 시행”이라고 밝혔다. ",
    "Hindi": "चीन ने दुर्लभ मृदा के निर्यात पर नए प्रतिबंध की घोषणा की – “अगले महीने से”। ",
}


def _fill(text: str) -> str:
    return (text * (_SIZE // len(text) + 1))[:_SIZE]


def _microseconds(function: object, text: str) -> float:
    timer = timeit.Timer(lambda: function(text))  # type: ignore[operator]
    number, _ = timer.autorange()
    return min(timer.repeat(_REPEAT, max(1, number // 4))) / max(1, number // 4) * 1e6


def main() -> None:
    """Print microseconds for 5,000 characters of each language, and for a damaged article."""
    click.echo(f"{'text':20} {'gate':>8} {'repair':>9}  microseconds for {_SIZE:,} characters")
    for name, text in CLEAN.items():
        filled = _fill(text)
        click.echo(f"{name:20} {_microseconds(may_be_damaged, filled):8.1f} {_microseconds(repair, filled):9.1f}")
    for codec in ("cp874", "cp1252", "cp1251"):
        damaged = _fill(CLEAN["English"].encode().decode(codec, errors="ignore"))
        click.echo(
            f"damaged, {codec:9} {_microseconds(may_be_damaged, damaged):8.1f} {_microseconds(repair, damaged):9.1f}"
        )


if __name__ == "__main__":
    main()
