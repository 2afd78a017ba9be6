"""Which reader gives a body best: trafilatura on the page, on what the cuts leave, or the block reader.

``python -m tests.benchmarks.bodies`` prints the table of docs/decisions/0002-block-reader.md. A line counts as the reader
sees it: list marks, the bars between cells and the kind of white space do not count. Damaged articles are repaired in
every way alike, node by node and before reading.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime

import click
from lxml import html
from trafilatura import bare_extraction

from reex_crawler.extraction import body, fallback, reader
from reex_crawler.extraction.blocks import finish
from reex_crawler.extraction.document import Document, Mender, parse
from reex_crawler.extraction.plaintext import text_of
from reex_crawler.records import Page
from reex_crawler.site.profile import profile
from tests.replica import THEMES, Options, Site
from tests.replica.answer import Request
from tests.replica.truth import body_text

BASE = "http://127.0.0.1:8000"
_MARK = re.compile(r"^\s*(?:[-•*]|\d+\.)\s+")
_SPACE = re.compile(r"[\s|]+")


def trafilatura(markup: str, **options: bool) -> str:
    found = bare_extraction(markup, include_comments=False, include_tables=True, with_metadata=False, **options)
    return found.text or "" if found is not None and not isinstance(found, dict) else ""


def whole_page(doc: Document) -> str:
    return trafilatura(html.tostring(doc.tree, encoding="unicode"))


def whole_page_precise(doc: Document) -> str:
    return trafilatura(html.tostring(doc.tree, encoding="unicode"), favor_precision=True)


def _cut(doc: Document) -> str:
    tree = deepcopy(doc.tree)
    fallback.cut(tree)
    return html.tostring(tree, encoding="unicode")


def cut_page(doc: Document) -> str:
    return trafilatura(_cut(doc))


def cut_page_precise(doc: Document) -> str:
    return trafilatura(_cut(doc), favor_precision=True)


def cut_page_recall(doc: Document) -> str:
    return trafilatura(_cut(doc), favor_recall=True)


def container(doc: Document) -> str:
    place = body.find(doc)
    assert place is not None
    page = html.document_fromstring(
        f"<html><body><article>{html.tostring(place.element, encoding='unicode')}</article></body></html>"
    )
    fallback.cut(page)
    return trafilatura(html.tostring(page, encoding="unicode"), favor_recall=True)


def block_reader(doc: Document) -> str:
    place = body.find(doc)
    assert place is not None
    return text_of(finish(reader.read([place.element], doc.base), Mender(), "body"))


def fallback_road(doc: Document) -> str:
    own = replace(doc, tree=deepcopy(doc.tree))
    return text_of(finish(fallback.read(own), Mender(), "body"))


WAYS: dict[str, Callable[[Document], str]] = {
    "trafilatura, whole page": whole_page,
    "trafilatura, whole page, precision": whole_page_precise,
    "trafilatura, page after the cut": cut_page,
    "trafilatura, page after the cut, precision": cut_page_precise,
    "trafilatura, page after the cut, recall": cut_page_recall,
    "trafilatura, container after the cut, recall": container,
    "no layout: cut, repair, trafilatura, blocks": fallback_road,
    "block reader on the layout's container": block_reader,
}


def lines(text: str) -> list[str]:
    """What a reader sees, line by line."""
    seen = (_SPACE.sub(" ", _MARK.sub("", line)).strip() for line in text.split("\n"))
    return [line for line in seen if line]


def documents() -> list[tuple[Document, list[str]]]:
    """Every undamaged article of the replica in every theme, with the lines of its first page."""
    facts = profile(BASE)
    found = []
    for theme in THEMES:
        site = Site(Options(theme=theme, rest="closed", gzip=False), BASE)
        for post in site.posts:
            if not post.is_public or post.has_password or post.entry.damage:
                continue
            truth = post.truth
            answer = site.answer(Request(method="GET", target=truth.url.removeprefix(BASE)))
            page = Page(
                url=truth.url,
                final_url=truth.url,
                status=answer.status,
                headers=answer.headers,
                body=answer.body,
                fetched_at=datetime(2026, 2, 20, tzinfo=UTC),
            )
            heads = [*(["Highlights", *truth.highlights] if truth.highlights else [])]
            found.append((parse(page, facts), [*lines("\n".join(heads)), *lines(body_text(truth.parts[0]))]))
    return found


def main() -> None:
    read = documents()
    click.echo(f"{len(read)} pages of {len(THEMES)} themes\n")
    click.echo("| way | bodies exact | lines intact | foreign lines | ms a page |\n| --- | --- | --- | --- | --- |")
    for name, way in WAYS.items():
        exact = intact = foreign = total = 0
        started = time.process_time()
        answers = [lines(way(doc)) for doc, _ in read]
        cost = 1000 * (time.process_time() - started) / len(read)
        for got, (_, true) in zip(answers, read, strict=True):
            exact += got == true
            intact += sum(line in set(got) for line in true)
            foreign += sum(line not in set(true) for line in got)
            total += len(true)
        click.echo(f"| {name} | {exact / len(read):.1%} | {intact / total:.1%} | {foreign / total:.1%} | {cost:.1f} |")


if __name__ == "__main__":
    main()
