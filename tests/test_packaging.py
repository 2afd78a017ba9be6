"""The wheel: built from what the Dockerfile copies, installed on its own, and used from outside the repository."""

from __future__ import annotations

import email
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import zipfile
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from reex_crawler import __version__
from tests.image import ROOT, Stage, stages
from tests.replica import running
from tests.shell.running import HURRY


@pytest.fixture(scope="module")
def building() -> Stage:
    [found] = [stage for stage in stages() if stage.name == "wheel"]
    return found


@pytest.fixture(scope="module")
def wheel(building: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build stage of the Dockerfile makes, from the files that it copies and by the command that it runs."""
    context, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for source in building.sources():
        path = ROOT / source
        if path.is_dir():
            shutil.copytree(path, context / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, context / source)
    [command] = [value for value in building.values("RUN") if value.startswith("pip wheel ")]
    arguments = [str(target) if word == "/dist" else word for word in shlex.split(command)[1:]]
    finished([sys.executable, "-m", "pip", *arguments, "--no-index"], folder=context)
    [built] = target.glob("*.whl")
    return built


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel, and a folder to work in that knows nothing of the repository."""

    python: Path
    folder: Path

    def reex(self, *arguments: str, **environ: str) -> str:
        return finished([str(self.python.with_name("reex")), *arguments], folder=self.folder, **environ)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    finished([sys.executable, "-m", "venv", "--without-pip", str(folder / "venv")], folder=folder)
    python = folder / "venv" / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "--quiet"]
    finished([*pip, "install", "--no-index", "--no-deps", str(wheel)], folder=folder)
    # The libraries are those that the tests run with, so that nothing is downloaded. They stand behind the wheel on the
    # path, and the .pth files among them, one of which leads to the repository, are not read from there.
    [packages] = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    (folder / "work").mkdir()
    return Installed(python, folder / "work")


def finished(command: list[str], *, folder: Path, **environ: str) -> str:
    """What a command that must succeed says, in an environment that says nothing of this program or of Python."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REEX_", "SCRAPY_", "PYTHON"))}
    done = subprocess.run(command, cwd=folder, env=kept | environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_wheel_carries_the_package_with_its_migrations_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    outside = {name for name in names if not re.match(r"reex_crawler(-[^/]+\.dist-info)?/", name)}
    assert outside == set()
    for folder, prefix in ((ROOT / "reex_crawler", "reex_crawler"), (ROOT / "migrations", "reex_crawler/migrations")):
        for path in folder.rglob("*.py"):
            assert f"{prefix}/{path.relative_to(folder)}" in names
    assert "reex_crawler/py.typed" in names


def test_every_library_that_the_wheel_asks_for_is_pinned_at_a_version_it_allows(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        required = email.message_from_bytes(archive.read(name)).get_all("Requires-Dist", [])
    pins = [line.split("==") for line in (ROOT / "constraints.txt").read_text().splitlines() if "==" in line]
    pinned = {canonicalize_name(name): version for name, version in pins}
    for requirement in map(Requirement, required):
        for extra in ("", "dev"):
            if requirement.marker is None or requirement.marker.evaluate({**default_environment(), "extra": extra}):
                assert pinned[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_the_installed_program_says_which_it_is(installed: Installed) -> None:
    where = "import reex_crawler; print(reex_crawler.__file__)"
    file = finished([str(installed.python), "-c", where], folder=installed.folder)
    assert Path(file).is_relative_to(installed.python.parents[1])
    assert installed.reex("--version") == f"reex, version {__version__}\n"


def test_the_installed_program_makes_its_database(installed: Installed, tmp_path: Path) -> None:
    said = installed.reex("db", "upgrade", REEX_DATABASE_URL=f"sqlite:///{tmp_path}/new.db")
    assert said.endswith("is now up to date\n")
    with closing(sqlite3.connect(tmp_path / "new.db")) as connection:
        [(version,)] = connection.execute("SELECT version_num FROM alembic_version")
    assert version == max(path.name[:13] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))


def test_the_installed_program_archives_the_site(installed: Installed) -> None:
    with running() as replica:
        arguments = ("-a", "max_articles=3", *HURRY)
        report = installed.reex("crawl", "backfill", *arguments, REEX_SITE_URL=replica.url)
        known = {truth.post_id for truth in replica.site.truths()}
    with closing(sqlite3.connect(installed.folder / "data" / "reex.db")) as connection:
        stored = {post_id for (post_id,) in connection.execute("SELECT post_id FROM articles")}
    assert len(stored) == 3
    assert stored <= known
    assert "backfill" in report
