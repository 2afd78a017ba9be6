"""``python -m tests.wordpress``: the filled site on loopback, to look at in a browser or to crawl by hand. Ends with Ctrl-C.

A word from a setting chooses it: ``python -m tests.wordpress builder`` starts with the first setting that has "builder" in its name.
"""

from __future__ import annotations

import signal
import sys

from tests.wordpress.crawling import SETTINGS
from tests.wordpress.seed import seed
from tests.wordpress.server import wordpress


def main() -> None:
    wanted = " ".join(sys.argv[1:])
    setting = next((one for one in SETTINGS if wanted in str(one)), None)
    if setting is None:
        sys.exit("no such setting; there are:\n" + "\n".join(map(str, SETTINGS)))
    with wordpress() as site:
        site.php("fill.php", seed())
        site.php("switch.php", {"theme": setting.theme, "options": setting.options})
        sys.stdout.write(f"{setting}\nREEX_SITE_URL={site.url}\n")
        sys.stdout.flush()
        try:
            signal.pause()
        except KeyboardInterrupt:
            sys.stderr.write("\n")


if __name__ == "__main__":
    main()
