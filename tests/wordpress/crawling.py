"""The settings under which the site is crawled, and one crawl with how right its archive is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from tests.shell.running import scrapy
from tests.wordpress import archive, compare, truth
from tests.wordpress.server import WordPress

SETTINGS = (
    truth.Setting(theme="twentytwentyone", seo=True, rest=True),
    truth.Setting(theme="twentytwentyone", seo=False, rest=False),
    truth.Setting(theme="twentytwentytwo", seo=False, rest=True),
    truth.Setting(theme="twentytwentytwo", seo=True, rest=False, discussion="oldest page first"),
    truth.Setting(theme="twentytwentythree", seo=False, rest=False),
    truth.Setting(theme="twentytwentythree", seo=True, rest=True),
    truth.Setting(theme="divi-like", layout="builder", seo=True, rest=False, plain_marks=True),
    truth.Setting(theme="divi-like", layout="builder", seo=False, rest=False),
    truth.Setting(theme="divi-like", layout="builder", seo=False, rest=True, discussion="newest on top"),
    truth.Setting(theme="divi-like", layout="classic", seo=True, rest=True, discussion="flat"),
    truth.Setting(theme="divi-like", layout="classic", seo=False, rest=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """One crawl of the site by the real program."""

    setting: truth.Setting
    truth: truth.Truth
    database: Path
    archive: archive.Archive
    rates: dict[str, compare.Rate]
    exit_code: int
    log: str
    """What the crawl said, without Scrapy's own counts."""
    seconds: float


def crawl(setting: truth.Setting, site: WordPress, folder: Path) -> Crawled:
    """Switch the site to a setting and archive it into a fresh database in the folder."""
    site.php("switch.php", {"theme": setting.theme, "options": setting.options})
    true = truth.read(site.php("truth.php"))
    database = folder / "reex.db"
    started = time.monotonic()
    done = scrapy("crawl", "backfill", site=site.url, database=database)
    seconds = time.monotonic() - started
    log = done.stderr.partition("[scrapy.statscollectors]")[0]
    assert database.exists(), f"backfill ended with {done.returncode}:\n{log[-2000:]}"
    stored = archive.read(database)
    return Crawled(
        setting=setting,
        truth=true,
        database=database,
        archive=stored,
        rates=compare.rates(true, stored, setting),
        exit_code=done.returncode,
        log=log,
        seconds=seconds,
    )
