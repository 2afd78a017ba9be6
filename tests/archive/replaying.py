"""Programs of others that open the archive: pywb as a server on loopback, Chromium as the reader, and two checkers.

``make test-replay`` installs them. Where they are missing, a test that wants them says so.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import lxml.html

PROGRAMS = Path(sys.prefix) / "replay" / "bin"
CHROMIUM = "chromium"
_PATIENCE_SECONDS = 120

# As pywb's own program starts its server, but on a port that is free, which is told when it can be asked.
_SERVE = """\
from gevent.monkey import patch_all; patch_all()
from pywb.apps.frontendapp import FrontEndApp
from pywb.utils.geventserver import GeventServer, RequestURIWSGIHandler
server = GeventServer(FrontEndApp(), port=0, hostname="127.0.0.1", handler_class=RequestURIWSGIHandler)
print(server.port, flush=True)
server.join()
"""


def missing() -> str | None:
    """What of it is not installed, and how to have it; none where all is there."""
    if not (PROGRAMS / "pywb").exists():
        return f"there is no pywb in {PROGRAMS}: make test-replay"
    if shutil.which(CHROMIUM) is None:
        return f"there is no {CHROMIUM}: tests/install.sh {CHROMIUM}"
    return None


def ran(program: str, *arguments: str, folder: Path | None = None, given: str | None = None) -> str:
    """What one of the programs prints; fails with all that it said where it fails."""
    done = subprocess.run(
        [str(PROGRAMS / program), *arguments], cwd=folder, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def pywb(wacz: Path, folder: Path) -> Iterator[str]:
    """Serve a WACZ file with pywb, whose collections are in ``folder``; gives the URL that a capture's is put behind."""
    ran("wb-manager", "init", "reex", folder=folder)
    ran("wb-manager", "add", "--unpack-wacz", "reex", str(wacz), folder=folder)
    # The page itself, not in a frame of pywb's.
    (folder / "config.yaml").write_text("framed_replay: false\n")
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [PROGRAMS / "python", "-c", _SERVE], cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
        )
    with server:
        try:
            assert server.stdout is not None
            port = server.stdout.readline().strip()
            assert port, (folder / "log").read_text()
            yield f"http://127.0.0.1:{port}/reex"
        finally:
            server.terminate()


def seen(url: str) -> str:
    """The text of a page after a browser loaded it and ran its scripts, without white space. It reaches loopback only."""
    with tempfile.TemporaryDirectory(prefix="reex-chromium-") as profile:
        options = (
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
            *("--disable-component-update", f"--user-data-dir={profile}"),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        )
        done = subprocess.run(
            [CHROMIUM, *options, "--dump-dom", url], capture_output=True, check=False, timeout=_PATIENCE_SECONDS
        )
    assert done.returncode == 0, done.stderr.decode()
    page = lxml.html.fromstring(done.stdout.decode())
    for element in page.xpath("//script | //style | //noscript"):
        element.drop_tree()
    return squeezed(page.text_content())


def squeezed(text: str) -> str:
    """A text without white space, which markup and browsers put where they like."""
    return re.sub(r"\s+", "", text)
