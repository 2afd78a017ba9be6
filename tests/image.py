"""The Dockerfile as data: its stages, and the files of the repository that each of them copies."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from dockerfile_parse import DockerfileParser

ROOT = Path(__file__).resolve().parents[1]
ENTRYPOINT = ROOT / "docker" / "entrypoint.sh"


@dataclass
class Stage:
    """``steps`` are pairs of instruction and value, in order, without the FROM."""

    base: str
    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def values(self, instruction: str) -> list[str]:
        return [value for name, value in self.steps if name == instruction]

    def sources(self) -> list[str]:
        """What COPY and bind mounts take out of the repository."""
        found: list[str] = []
        for value in self.values("COPY"):
            words = shlex.split(value)
            if not any(word.startswith("--from=") for word in words):
                found += [word for word in words if not word.startswith("--")][:-1]
        for value in self.values("RUN"):
            mounts = re.findall(r"--mount=(\S+)", value)
            options = [dict(pair.partition("=")[::2] for pair in mount.split(",")) for mount in mounts]
            found += [option["source"] for option in options if option["type"] == "bind" and "from" not in option]
        return found


def stages() -> list[Stage]:
    parsed = DockerfileParser(fileobj=BytesIO((ROOT / "Dockerfile").read_bytes())).structure
    found: list[Stage] = []
    for step in parsed:
        instruction, value = step["instruction"], step["value"]
        if instruction == "FROM":
            base, _, name = value.partition(" AS ")
            found.append(Stage(base, name))
        elif instruction != "COMMENT":
            found[-1].steps.append((instruction, value))
    return found
