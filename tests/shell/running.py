"""The programs as a user starts them: processes of their own, with an environment of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.shell import forking

ROOT = Path(__file__).resolve().parents[2]
_SCRATCH = tempfile.TemporaryDirectory()
# The polite second between two requests, and the patience with a failure, are for real sites; the ones here are ours.
HURRY = ("-s", "DOWNLOAD_DELAY=0", "-s", "REEX_RETRY_WAITS=0,0")


def scrapy(*arguments: str, site: str, database: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``scrapy`` in the project to its end."""
    command, *others = arguments
    return _run("scrapy", command, *HURRY, *others, site=site, database=database, **environ)


def reex(*arguments: str, site: str, database: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``reex`` to its end."""
    return _run("reex_crawler", *arguments, site=site, database=database, **environ)


def reex_crawl(*arguments: str, site: str, database: str | Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run ``reex crawl`` to its end."""
    return _run("reex_crawler", "crawl", *arguments, *HURRY, site=site, database=database, **environ)


def start_reex_crawl(*arguments: str, site: str, database: str | Path, **environ: str) -> subprocess.Popen[str]:
    """Start ``reex crawl``."""
    return _started("reex_crawler", "crawl", *arguments, *HURRY, site=site, database=database, **environ)


def start(*arguments: str, site: str, database: str | Path, **environ: str) -> subprocess.Popen[str]:
    """Start ``scrapy`` in the project; what is given goes before the hurry."""
    command, *others = arguments
    return _started("scrapy", command, *HURRY, *others, site=site, database=database, **environ)


def _run(module: str, *arguments: str, **given: Any) -> subprocess.CompletedProcess[str]:
    if not any(name.startswith("PYTHON") for name in given):
        return forking.run(module, arguments, _environ(**given))
    # Python itself reads these when it starts.
    process = _started(module, *arguments, **given)
    out, err = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _started(module: str, *arguments: str, **given: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=_environ(**given),
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _environ(*, site: str, database: str | Path, **environ: str) -> dict[str, str]:
    url = f"sqlite:///{database}" if isinstance(database, Path) else database
    # Where modules may not be compiled to files, each of some hundred processes would compile them anew.
    left_out = ("REEX_", "SCRAPY_", "PYTHONDONTWRITEBYTECODE")
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    own = {"REEX_SITE_URL": site, "REEX_DATABASE_URL": url, "REEX_ARCHIVE_DIR": archive_of(database)}
    return inherited | own | environ


def archive_of(database: str | Path) -> str:
    """Where the raw archive of a database is: beside its file; of a server's, which tests empty, a new folder."""
    if isinstance(database, Path):
        return str(database.with_name(f"{database.stem}-warc"))
    return tempfile.mkdtemp(dir=_SCRATCH.name)


def errors(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines of the log that are errors, without their time."""
    return [line.split("ERROR: ", 1)[1] for line in done.stderr.splitlines() if "ERROR: " in line]
