"""A text while it is being repaired: what was replaced, where in the original, and through which codecs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from reex_crawler.records import Step


@dataclass(frozen=True, slots=True)
class Edit:
    """One stretch of a text and what takes its place. Offsets belong to the text the edit is made in."""

    start: int
    end: int
    after: str
    codecs: str


@dataclass(slots=True)
class Draft:
    """The text nodes of a paragraph as one text. A later edit may change what an earlier one put there."""

    runs: Sequence[str]
    original: str = field(init=False)
    text: str = field(init=False)
    edits: list[Edit] = field(default_factory=list)
    """In offsets of the original, ordered, never touching two runs."""

    def __post_init__(self) -> None:
        self.original = "".join(self.runs)
        self.text = self.original

    def replace(self, edits: Iterable[Edit]) -> bool:
        """Make edits given in offsets of ``text``, ordered and apart; whether any was made."""
        made = [merged for merged in map(self._in_original, edits) if self._within_one_run(merged)]
        if not made:
            return False
        kept = [old for old in self.edits if not any(new.start <= old.start and old.end <= new.end for new in made)]
        self.edits = sorted(kept + made, key=lambda edit: (edit.start, edit.end))
        self._render()
        return True

    def forget(self, codecs: str) -> None:
        """Take back every edit made through these codecs alone."""
        self.edits = [edit for edit in self.edits if edit.codecs != codecs]
        self._render()

    def results(self) -> list[tuple[str, tuple[Step, ...]]]:
        """Each run as it is now, and the steps made in it: edits that adjoin are one step."""
        ends = list(accumulate(map(len, self.runs)))
        return [self._result(end - len(run), end) for run, end in zip(self.runs, ends, strict=True)]

    def _result(self, start: int, end: int) -> tuple[str, tuple[Step, ...]]:
        parts: list[str] = []
        steps: list[Step] = []
        done = start
        joins = False
        for edit in self.edits:
            if not (start <= edit.start and edit.end <= end) or edit.start == end:
                continue
            parts += self.original[done : edit.start], edit.after
            step = Step(edit.codecs, self.original[edit.start : edit.end], edit.after)
            if joins and edit.start == done and steps[-1].codecs == edit.codecs:
                last = steps.pop()
                step = Step(edit.codecs, last.before + step.before, last.after + step.after)
            steps.append(step)
            done, joins = edit.end, True
        parts.append(self.original[done:end])
        return "".join(parts), tuple(steps)

    def _render(self) -> None:
        parts: list[str] = []
        done = 0
        for edit in self.edits:
            parts += self.original[done : edit.start], edit.after
            done = edit.end
        parts.append(self.original[done:])
        self.text = "".join(parts)

    def _in_original(self, new: Edit) -> Edit:
        """The edit in offsets of the original, together with the earlier edits it touches."""
        start, end, before, after = new.start, new.end, "", ""
        earlier: list[str] = []
        shift = 0
        for old in self.edits:
            first = old.start + shift
            last = first + len(old.after)
            if first < new.end and last > new.start:
                before = old.after[: max(0, new.start - first)] or before
                after = old.after[len(old.after) - max(0, last - new.end) :]
                start, end = min(start, first), max(end, last)
                if old.codecs not in earlier:
                    earlier.append(old.codecs)
            shift += len(old.after) - (old.end - old.start)
        return Edit(
            start=self._offset(start, at_end=False),
            end=self._offset(end, at_end=True),
            after=before + new.after + after,
            codecs=">".join([new.codecs, *earlier]),
        )

    def _offset(self, position: int, *, at_end: bool) -> int:
        """Where a position of ``text`` that lies inside no edit stands in the original."""
        shift = 0
        for old in self.edits:
            first = old.start + shift
            last = first + len(old.after)
            if last < position or (last == position and (at_end or last > first)):
                shift += len(old.after) - (old.end - old.start)
            else:
                break
        return position - shift

    def _within_one_run(self, edit: Edit) -> bool:
        return all(end <= edit.start or edit.end <= end for end in accumulate(map(len, self.runs)))
