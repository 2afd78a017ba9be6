"""Imports point one way (docs/architecture.md): the arrows are read from the source and held here."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "reex_crawler"

# A room may import itself and the rooms named here.
PURE = {"errors", "records", "urls"}
ALLOWED = {
    "__init__": set(),
    "errors": set(),
    "records": {"errors"},
    "urls": {"errors", "records"},
    "config": PURE,
    "text": PURE,
    "site": PURE,
    "discovery": PURE | {"config", "text", "site"},
    "extraction": PURE | {"config", "text", "site"},
    "archive": PURE | {"config"},
    "storage": PURE | {"config", "discovery"},
    "reasons": PURE | {"storage"},
    "ingest": PURE | {"config", "text", "site", "discovery", "extraction", "archive", "storage", "__init__"},
    "replay": PURE | {"config", "text", "site", "discovery", "extraction", "archive", "storage", "ingest", "__init__"},
    "proof": PURE | {"config", "site", "archive", "storage", "replay"},
}
SHELL = {"settings", "archiving", "run_store", "spiders", "middlewares", "pipelines", "extensions", "commands"}
INNER = set(ALLOWED) | SHELL
ALLOWED |= {room: set(ALLOWED) | SHELL for room in SHELL}
ALLOWED |= {"cli": INNER, "__main__": INNER | {"cli"}}

SCRAPY_ROOMS = SHELL
SCRAPY_FILES = {"cli/crawl.py"}
SCRAPY_MODULES = {"scrapy", "twisted", "itemadapter"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Absolute names of everything a module imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def room(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_rooms_before_it(path: Path) -> None:
    assert room(path) in ALLOWED, f"{room(path)} has no place in the layout"
    targets = {name.split(".")[1] for name in imported(path) if name.startswith("reex_crawler.")}
    targets = {"__init__" if target.startswith("__") else target for target in targets}
    assert targets <= ALLOWED[room(path)] | {room(path)}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_scrapy_is_imported_in_the_shell_only(path: Path) -> None:
    if room(path) in SCRAPY_ROOMS or str(path.relative_to(PACKAGE)) in SCRAPY_FILES:
        return
    assert not {name.split(".")[0] for name in imported(path)} & SCRAPY_MODULES


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_config_reads_the_environment(path: Path) -> None:
    if room(path) in {"settings", "cli"}:
        # The two doors of the program hand os.environ to config.from_env and read nothing themselves.
        assert "environ[" not in path.read_text(encoding="utf-8")
        return
    assert not {name for name in imported(path) if name in {"os.environ", "os.getenv"}}
    assert "os.environ" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_site_is_named_in_its_own_room_only(path: Path) -> None:
    if room(path) == "site":
        return
    text = path.read_text(encoding="utf-8").lower()
    # config.py shows the site's address as the example in an error message.
    assert room(path) == "config" or "rareearthexchanges" not in text
    assert "et_pb_" not in text, "Divi's class names are site facts"
