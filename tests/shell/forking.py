"""A Python that imports the libraries once and forks a process for each program it is given.

Importing Scrapy, SQLAlchemy and their like takes longer than most of the runs under test. Each program is still run
as ``python -m``, in a process of its own with an environment of its own, which imports all of this project anew.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from tempfile import NamedTemporaryFile

_ROOT = Path(__file__).resolve().parents[2]
_LIBRARIES = (
    "alembic.command",
    "click",
    "ftfy",
    "itemadapter.adapter",
    "nh3",
    "protego",
    "queuelib",
    "rich.console",
    "scrapy.cmdline",
    "scrapy.core.downloader.contextfactory",
    "scrapy.core.downloader.handlers.http11",
    "sqlalchemy.dialects.sqlite",
    "sqlalchemy.orm",
    "sqlite3",
    "trafilatura",
)

_idle: list[subprocess.Popen[str]] = []


def run(module: str, arguments: Sequence[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, in the project. Several may run at once."""
    server = _idle.pop() if _idle else _started(environ)
    assert server.stdout
    with NamedTemporaryFile("r") as out, NamedTemporaryFile("r") as err:
        job = {"argv": [module, *arguments], "environ": dict(environ), "out": out.name, "err": err.name}
        print(json.dumps(job), file=server.stdin, flush=True)
        code = int(server.stdout.readline())
        _idle.append(server)
        return subprocess.CompletedProcess(job["argv"], code, out.read(), err.read())


def _started(environ: Mapping[str, str]) -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.shell.forking"],
        env=environ,
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    # It ends when nothing more can be asked of it.
    atexit.register(server.communicate)
    return server


def _serve() -> str:
    """Answer each job with its exit code; returns in the forked processes, with the module that each is to run."""
    for line in sys.stdin:
        job = json.loads(line)
        if not (forked := os.fork()):
            return _become(**job)
        _, status = os.waitpid(forked, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
    sys.exit()


def _become(*, argv: list[str], environ: dict[str, str], out: str, err: str) -> str:
    for number, path, mode in ((0, os.devnull, "r"), (1, out, "w"), (2, err, "w")):
        with Path(path).open(mode) as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environ)
    sys.argv = argv
    return argv[0]


if __name__ == "__main__":
    for name in _LIBRARIES:
        import_module(name)
    # What is there already never becomes garbage: no forked process need look at it, which would copy it.
    gc.freeze()
    runpy.run_module(_serve(), run_name="__main__", alter_sys=True)
