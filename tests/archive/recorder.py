"""An extension of Scrapy that writes down every answer as the spider has it, for comparison with the archive."""

from __future__ import annotations

import os
import pickle
from pathlib import Path
from typing import Any, Self

from scrapy import signals
from scrapy.crawler import Crawler

from reex_crawler.spiders.fetching import to_page

SETTING = 'EXTENSIONS={"tests.archive.recorder.Recorder": 1}'
FILE = "RECORDED_PAGES"


class Recorder:
    """Appends the ``Page`` of every answer that comes out of the middlewares to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        made = cls(Path(os.environ[FILE]))
        crawler.signals.connect(made.received, signals.response_received)
        return made

    def received(self, response: Any) -> None:
        with self._path.open("ab") as file:
            pickle.dump(to_page(response), file)


def recorded(path: Path) -> list[Any]:
    """The pages of a file."""
    found = []
    with path.open("rb") as file:
        while file.peek(1):
            found.append(pickle.load(file))
    return found
