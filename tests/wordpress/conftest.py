"""The running site, one crawl for each setting, and the table of exact rates at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wordpress.crawling import SETTINGS, Crawled, crawl
from tests.wordpress.seed import seed
from tests.wordpress.server import WordPress, wordpress

Row = tuple[str, dict[str, float], float, int, int]
"""Setting, share of each fact that is exactly right, seconds, articles, comments."""
_ROWS = pytest.StashKey[list[Row]]()


@pytest.fixture(scope="session")
def site() -> Iterator[WordPress]:
    """WordPress, filled. Where it cannot be had, every test that wants it fails with the reason."""
    with wordpress() as running:
        running.php("fill.php", seed())
        yield running


@pytest.fixture(scope="session", params=SETTINGS, ids=str)
def crawled(request: pytest.FixtureRequest, site: WordPress, tmp_path_factory: pytest.TempPathFactory) -> Crawled:
    """A fresh archive of the site as it stands under one setting."""
    result = crawl(request.param, site, tmp_path_factory.mktemp("archive"))
    shares = {name: rate.share for name, rate in result.rates.items()}
    row = (str(result.setting), shares, result.seconds, len(result.truth.articles), result.rates["comments"].of)
    request.config.stash.setdefault(_ROWS, []).append(row)
    return result


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the rows of a worker to whoever prints them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["rows"] = session.config.stash.get(_ROWS, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node) -> None:
    """Take the rows of a worker that is done."""
    node.config.stash.setdefault(_ROWS, []).extend(getattr(node, "workeroutput", {}).get("rows", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how many of each fact are exactly right."""
    names = [str(setting) for setting in SETTINGS]
    rows = sorted(config.stash.get(_ROWS, []), key=lambda row: names.index(row[0]))
    if not rows:
        return
    terminalreporter.section("exactly right on the real WordPress (%)")
    terminalreporter.write_line(f"{'':52}" + "".join(f"{name:>11}" for name in rows[0][1]) + f"{'seconds':>9}")
    for setting, shares, seconds, *_ in rows:
        shown = "".join(f"{100 * share:>11.2f}" for share in shares.values())
        terminalreporter.write_line(f"{setting:52}{shown}{seconds:>9.1f}")
    *_, articles, comments = rows[0]
    terminalreporter.write_line(f"{articles} articles and {comments} visible comments or more in each line")
