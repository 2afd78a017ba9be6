"""Runs of marked text in the syntax of a language that opens and closes its marks, such as HTML or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reex_crawler.extraction.blocks import Mark, Run


@dataclass(frozen=True, slots=True)
class Span:
    """A mark that covers a stretch of runs, and the characters outside of its two ends."""

    mark: Mark
    around: tuple[Mark, ...]
    """The marks it stands in, the outermost first."""
    first: str
    """The first character inside; none where another mark starts before it."""
    before: str
    after: str
    touches: bool
    """Whether another mark ends where this one starts, or starts where it ends."""


def write(
    runs: Sequence[Run], text: Callable[[Run], str], opening: Callable[[Span], str], closing: Callable[[Span], str]
) -> str:
    """The runs in order, with every mark opened and closed so that marks nest."""
    if not any(run.marks for run in runs):
        return "".join(map(text, runs))
    parts: list[str] = []
    opened: list[tuple[Span, int]] = []
    for number, run in enumerate(runs):
        while opened and opened[-1][1] <= number:
            parts.append(closing(opened.pop()[0]))
        for depth in range(len(opened), len(run.marks)):
            end = number + 1
            while end < len(runs) and runs[end].marks[: depth + 1] == run.marks[: depth + 1]:
                end += 1
            span = _span(runs, depth, number, end)
            parts.append(opening(span))
            opened.append((span, end))
        parts.append(text(run))
    while opened:
        parts.append(closing(opened.pop()[0]))
    return "".join(parts)


def _span(runs: Sequence[Run], depth: int, start: int, end: int) -> Span:
    left = runs[start - 1] if start else Run("")
    right = runs[end] if end < len(runs) else Run("")
    run = runs[start]
    return Span(
        mark=run.marks[depth],
        around=run.marks[:depth],
        first=run.text[:1] if len(run.marks) == depth + 1 else "",
        before=left.text[-1:],
        after=right.text[:1],
        touches=len(left.marks) > depth or len(right.marks) > depth,
    )
