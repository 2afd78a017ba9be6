"""The running site, one crawl for each setting, and the table of exact rates at the end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.wordpress.crawling import SETTINGS, Crawled, crawl
from tests.wordpress.seed import seed
from tests.wordpress.server import WordPress, wordpress

_CRAWLED = pytest.StashKey[list[Crawled]]()


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
    request.config.stash.setdefault(_CRAWLED, []).append(result)
    return result


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print how many of each fact are exactly right."""
    results = config.stash.get(_CRAWLED, [])
    if not results:
        return
    terminalreporter.section("exactly right on the real WordPress (%)")
    terminalreporter.write_line(f"{'':52}" + "".join(f"{name:>11}" for name in results[0].rates) + f"{'seconds':>9}")
    for one in results:
        shares = "".join(f"{100 * rate.share:>11.2f}" for rate in one.rates.values())
        terminalreporter.write_line(f"{one.setting!s:52}{shares}{one.seconds:>9.1f}")
    articles, comments = len(results[0].truth.articles), results[0].rates["comments"].of
    terminalreporter.write_line(f"{articles} articles and {comments} visible comments or more in each line")
