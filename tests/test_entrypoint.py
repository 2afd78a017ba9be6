"""The script that the image starts, run by sh as the image runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from scrapy.settings import Settings
from scrapy.spiderloader import SpiderLoader
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from tests import postgres
from tests.image import ENTRYPOINT

# Programs of that name, of which the entrypoint finds these first. Each writes down how it was called.
REEX = """\
#!/bin/sh
echo "reex $*" >>"$CALLS"
read -r code <"$CODES" || exit 0
sed -i 1d "$CODES"
exit "$code"
"""
SLEEP = """\
#!/bin/sh
echo "sleep $*" >>"$CALLS"
"""
WAITING = """\
#!{python}
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(print("stopped") or 130))
print("started", flush=True)
signal.pause()
"""


@dataclass(frozen=True)
class Container:
    """A folder for what a container would have: its programs and its /tmp."""

    folder: Path

    def program(self, name: str, source: str) -> None:
        path = self.folder / "bin" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(source.replace("{python}", sys.executable))
        path.chmod(0o755)

    def exits(self, *codes: int) -> None:
        """How ``reex`` ends, call by call."""
        (self.folder / "codes").write_text("".join(f"{code}\n" for code in codes))

    def calls(self) -> list[str]:
        return (self.folder / "calls").read_text().splitlines()

    def environ(self, **more: str) -> dict[str, str]:
        return {
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "TMPDIR": str(self.folder),
            "CALLS": str(self.folder / "calls"),
            "CODES": str(self.folder / "codes"),
            "REEX_SCHEDULE": "30m",
        } | more

    def run(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["sh", ENTRYPOINT, *arguments], env=self.environ(**environ), capture_output=True, text=True, check=False
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(["sh", ENTRYPOINT, *arguments], env=self.environ(), stdout=subprocess.PIPE, text=True)


@pytest.fixture
def container(tmp_path: Path) -> Container:
    made = Container(tmp_path)
    made.program("reex", REEX)
    made.program("sleep", SLEEP)
    made.exits()
    return made


def spiders() -> list[str]:
    found: list[str] = SpiderLoader.from_settings(Settings({"SPIDER_MODULES": ["reex_crawler.spiders"]})).list()
    return found


@pytest.mark.parametrize("spider", spiders())
def test_the_name_of_a_spider_is_a_crawl(container: Container, spider: str) -> None:
    assert container.run(spider, "-a", "since=2025-01-01").returncode == 0
    assert container.calls() == [f"reex crawl {spider} -a since=2025-01-01"]


@pytest.mark.parametrize("arguments", [("status", "--json"), ("show", "17"), ("db", "check"), ("--version",), ()])
def test_anything_else_is_a_command_of_reex(container: Container, arguments: tuple[str, ...]) -> None:
    assert container.run(*arguments).returncode == 0
    assert container.calls() == [" ".join(["reex", *arguments]).ljust(5)]


def test_an_argument_with_spaces_stays_one(container: Container) -> None:
    container.program("reex", '#!/bin/sh\nprintf "%s\\n" "$@"\n')
    assert container.run("show", "two words", "*").stdout.splitlines() == ["show", "two words", "*"]


def test_the_exit_code_of_a_command_is_that_of_the_container(container: Container) -> None:
    container.exits(75)
    assert container.run("backfill").returncode == 75


def test_a_command_takes_the_place_of_the_script_and_so_gets_its_signals(container: Container) -> None:
    container.program("reex", WAITING)
    with container.start("backfill") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "stopped\n"
    assert process.returncode == 130


def test_the_schedule_crawls_and_pauses_whatever_a_crawl_ended_with_and_ends_on_a_wrong_setting(
    container: Container,
) -> None:
    container.exits(0, 1, 3, 4, 5, 75, 2)
    done = container.run("schedule", REEX_SCHEDULE="6h")
    assert done.returncode == 2
    assert container.calls() == ["reex crawl", "sleep 6h"] * 6 + ["reex crawl"]


@pytest.mark.parametrize("pause", ["", "0m", "30", "30s", "half an hour", "-5m", "5m 1h", "*/30 * * * *", "1m\n"])
def test_a_schedule_that_is_no_pause_is_refused_before_anything_is_asked(container: Container, pause: str) -> None:
    done = container.run("schedule", REEX_SCHEDULE=pause)
    assert done.returncode == 2
    assert done.stderr.startswith(f"reex: error: REEX_SCHEDULE is not a pause: '{pause}'")
    assert "such as 30m" in done.stderr
    assert not (container.folder / "calls").exists()


@contextmanager
def scheduled(container: Container) -> Iterator[subprocess.Popen[str]]:
    with container.start("schedule") as process:
        try:
            yield process
        finally:
            process.terminate()


def test_sigterm_during_a_crawl_ends_the_crawl_and_then_the_schedule(container: Container) -> None:
    container.program("reex", WAITING)
    with scheduled(container) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "stopped\n"
    assert process.returncode == 0


def test_sigterm_during_the_pause_ends_the_schedule_at_once(container: Container) -> None:
    container.program("sleep", WAITING)
    with scheduled(container) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "stopped\n"
    assert process.returncode == 0
    assert container.calls() == ["reex crawl"]


@pytest.mark.parametrize("code", [0, 1, 75])
def test_the_container_is_healthy_after_a_crawl_that_needs_nobody(container: Container, code: int) -> None:
    container.exits(code, 2)
    container.program("sleep", f'#!/bin/sh\nsh "{ENTRYPOINT}" healthy && echo healthy\n')
    assert container.run("schedule").stdout == "healthy\n"


@pytest.mark.parametrize("code", [3, 4, 5])
def test_the_container_is_unhealthy_after_a_crawl_that_needs_somebody(container: Container, code: int) -> None:
    container.exits(code, 2)
    container.program("sleep", f'#!/bin/sh\nsh "{ENTRYPOINT}" healthy || echo "status $?"\n')
    assert container.run("schedule").stdout == f"the last crawl ended with exit code {code}\nstatus 1\n"


def test_a_container_that_has_not_crawled_yet_is_healthy(container: Container) -> None:
    assert container.run("healthy").returncode == 0


@pytest.fixture
def guarded(postgres_server: URL, tmp_path: Path) -> Iterator[tuple[URL, Path]]:
    """A database over TCP whose owner has a password full of what a password file must escape, and its file."""
    password, owner = r"pa:ss\wo rd'$#", f"owner_{uuid.uuid4().hex}"
    quoted = password.replace("'", "''")
    superuser = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with superuser.connect() as connection, postgres.database(postgres_server) as url:
        connection.exec_driver_sql(f"CREATE ROLE {owner} LOGIN PASSWORD '{quoted}'")
        connection.execute(text(f"ALTER DATABASE {url.database} OWNER TO {owner}"))
        kept = tmp_path / "postgres_password"
        kept.write_text(f"{password}\n")
        # URL.set() takes None for "as it was".
        yield postgres.over_tcp(url)._replace(username=owner, password=None), kept
    with superuser.connect() as connection:
        connection.execute(text(f"DROP ROLE {owner}"))
    superuser.dispose()


def test_the_password_comes_from_a_file_and_reaches_the_database(
    container: Container, guarded: tuple[URL, Path], tmp_path: Path
) -> None:
    url, kept = guarded
    container.program("reex", f'#!/bin/sh\nexec {sys.executable} -m reex_crawler "$@"\n')
    environ = {"REEX_DATABASE_URL": str(url), "PGPASSFILE": str(tmp_path / "pgpass")}
    refused = container.run("db", "upgrade", **environ)
    done = container.run("db", "upgrade", POSTGRES_PASSWORD_FILE=str(kept), **environ)
    assert refused.returncode == 4, refused.stderr
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "pgpass").stat().st_mode & 0o777 == 0o600


def test_a_password_file_that_cannot_be_read_is_one_clear_line(container: Container, tmp_path: Path) -> None:
    done = container.run("status", POSTGRES_PASSWORD_FILE=str(tmp_path / "none"), PGPASSFILE=str(tmp_path / "pgpass"))
    assert done.returncode == 2
    assert "reex: error: POSTGRES_PASSWORD_FILE cannot be read" in done.stderr
    assert not (container.folder / "calls").exists()
