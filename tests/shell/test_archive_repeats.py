"""An answer that repeats an earlier one names the record that holds the body, and is read with it."""

from __future__ import annotations

from pathlib import Path

from reex_crawler.archive.reader import RESPONSE, REVISIT, Archive, Raw
from tests.shell.running import archive_of, reex, scrapy
from tests.shell.site import Answer, running

BUSY = "busy, come back later"


def test_what_repeats_a_repeated_answer_is_read_with_the_body_of_the_first(tmp_path: Path) -> None:
    database = tmp_path / "reex.db"
    # Each try of each crawl gives the same, and only the last of them has a row of its own when the next crawl begins.
    with running({"/robots.txt": Answer(status=404)}, otherwise=Answer(BUSY, 503)) as site:
        for _ in range(3):
            scrapy("crawl", "latest", site=site.url, database=database)
        asked = sorted({path for path in site.asked if path != "/robots.txt"})
        shown = [reex("show", path, "--raw", site=site.url, database=database).stdout for path in asked]
        checked = reex("verify", site=site.url, database=database)
    assert asked
    assert shown == [BUSY] * len(asked)
    assert checked.returncode == 0, checked.stdout
    archive = Archive(Path(archive_of(database)))
    found = [one for name in archive.files() for one in archive.records(name) if isinstance(one, Raw)]
    kinds = {one.record_id: one.kind for one in found}
    assert {kinds[one.refers_to] for one in found if one.kind == REVISIT} == {RESPONSE}
    assert sum(BUSY.encode() in one.block for one in found) == 1
