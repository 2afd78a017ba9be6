"""The running site, one crawl for each setting, and the table of exact rates at the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.shell.running import scrapy
from tests.wordpress import archive, compare, truth
from tests.wordpress.seed import seed
from tests.wordpress.server import WordPress, wordpress

SETTINGS = (
    truth.Setting(theme="twentytwentyone", seo=True, rest=True),
    truth.Setting(theme="twentytwentyone", seo=False, rest=False),
    truth.Setting(theme="twentytwentytwo", seo=False, rest=True),
    truth.Setting(theme="twentytwentytwo", seo=True, rest=False),
    truth.Setting(theme="twentytwentythree", seo=False, rest=False),
    truth.Setting(theme="twentytwentythree", seo=True, rest=True),
    truth.Setting(theme="divi-like", layout="builder", seo=True, rest=False, plain_marks=True),
    truth.Setting(theme="divi-like", layout="builder", seo=False, rest=False),
    truth.Setting(theme="divi-like", layout="builder", seo=False, rest=True),
    truth.Setting(theme="divi-like", layout="classic", seo=True, rest=True),
    truth.Setting(theme="divi-like", layout="classic", seo=False, rest=False),
)

_RATES = pytest.StashKey[dict[str, "Crawled"]]()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """One crawl of the site by the real program, and how right its archive is."""

    setting: truth.Setting
    truth: truth.Truth
    database: Path
    archive: archive.Archive
    rates: dict[str, compare.Rate]
    seconds: float


@pytest.fixture(scope="session")
def site() -> Iterator[WordPress]:
    """WordPress, filled. Where it cannot be had, every test that wants it fails with the reason."""
    with wordpress() as running:
        running.php("fill.php", seed())
        yield running


@pytest.fixture(scope="session", params=SETTINGS, ids=str)
def crawled(request: pytest.FixtureRequest, site: WordPress, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """A fresh archive of the site as it stands under one setting."""
    setting: truth.Setting = request.param
    site.php("switch.php", {"theme": setting.theme, "options": setting.options})
    true = truth.read(site.php("truth.php"))
    database = tmp_path_factory.mktemp("archive") / "reex.db"
    started = time.monotonic()
    done = scrapy("crawl", "backfill", site=site.url, database=database, REEX_ARCHIVE_DIR=str(database.parent / "warc"))
    seconds = time.monotonic() - started
    assert done.returncode == 0, f"backfill ended with {done.returncode}:\n{done.stderr[-4000:]}"
    stored = archive.read(database)
    result = Crawled(
        setting=setting,
        truth=true,
        database=database,
        archive=stored,
        rates=compare.rates(true, stored, setting),
        seconds=seconds,
    )
    request.config.stash.setdefault(_RATES, {})[str(setting)] = result
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how many of each fact are exactly right."""
    measured = config.stash.get(_RATES, {})
    if not measured:
        return
    names = list(next(iter(measured.values())).rates)
    terminalreporter.section("exactly right on the real WordPress (%)")
    terminalreporter.write_line(f"{'':44}" + "".join(f"{name:>11}" for name in names) + f"{'seconds':>9}")
    for name, one in measured.items():
        shares = "".join(f"{100 * one.rates[field].share:>11.2f}" for field in names)
        terminalreporter.write_line(f"{name:44}{shares}{one.seconds:>9.1f}")
    last = next(reversed(measured.values()))
    count = len(last.truth.articles), last.rates["comments"].of
    terminalreporter.write_line(f"{count[0]} articles and {count[1]} visible comments each")
