"""A progress bar on stderr: at a terminal only, and for what takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_SECONDS_UNSEEN = 2

Move = Callable[[int, int], None]
"""Says how much is done, and of how much."""


@contextmanager
def progress(doing: str, *, in_bytes: bool = False) -> Iterator[Move]:
    """What moves a bar that says what is being ``doing``; what is counted may be bytes."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    # Only a terminal needs rich, which is slow to import.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        DownloadColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    counted = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn(doing), BarColumn(), counted, TimeRemainingColumn())
    # What is written to a terminal meanwhile stands above the bar; what goes into a pipe must not come here.
    bar = Progress(*columns, console=Console(stderr=True), transient=True, redirect_stdout=sys.stdout.isatty())
    task = bar.add_task("")
    began = time.monotonic()

    def move(done: int, of: int) -> None:
        bar.update(task, completed=done, total=of)
        if time.monotonic() - began > _SECONDS_UNSEEN:
            bar.start()

    try:
        yield move
    finally:
        bar.stop()
