"""What can be wrong with the command line of ``reex crawl``; whole runs are in tests/shell."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Reex


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("nope", ("there is no spider 'nope'", "Known are backfill, latest, recheck")),
        ("latest nope", ("there is no spider 'nope'", "Known are")),
        ("backfill -a since=2025-02-30", ("since=2025-02-30 is no day",)),
        ("backfill -a until=soon", ("until=soon is no day",)),
        ("backfill -a since=2025-03-01 -a until=2025-02-01", ("since=2025-03-01 is after until=2025-02-01",)),
        ("backfill -a max_articles=-1", ("max_articles=-1", "greater than 0")),
        ("backfill -a colour=red", ("there is no argument 'colour'", "It takes")),
        ("backfill latest -a colour=red", ("there is no argument 'colour'", "It takes")),
        ("recheck -a days=many", ("days=many", "integer")),
        ("backfill -a since", ("-a since is no pair", "-a NAME=VALUE")),
        ("-s LOG_LEVEL", ("-s LOG_LEVEL is no pair", "-s NAME=VALUE")),
        ("-s REEX_SITE_URL=nowhere", ("REEX_SITE_URL is not a web address: 'nowhere'",)),
        ("--max-minutes 0", ("'--max-minutes': 0 is no time", "more than 0")),
        ("--max-minutes -5", ("'--max-minutes': -5 is no time",)),
        ("--max-minutes nan", ("'--max-minutes': nan is no time",)),
        ("--max-minutes soon", ("'--max-minutes'",)),
        ("--log-file /dev/null/crawl.log", ("the log file /dev/null/crawl.log cannot be written", "Not a directory")),
        ("--frequently", ("No such option",)),
    ],
)
def test_what_is_wrong_is_said_before_anything_starts(
    reex: Reex, tmp_path: Path, arguments: str, said: tuple[str, ...]
) -> None:
    database = tmp_path / "reex.db"
    done = reex("crawl", *arguments.split(), REEX_DATABASE_URL=f"sqlite:///{database}")
    assert (done.code, done.out) == (2, "")
    assert all(words in done.err for words in said)
    assert "Traceback" not in done.err
    assert not database.exists()
