"""What the commands share: the configuration, the archive, and the two ways a result is written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text
from sqlalchemy.orm import Session

from reex_crawler.config import Config, from_env
from reex_crawler.site.profile import DEFAULT_SITE_URL
from reex_crawler.storage.schema import check
from reex_crawler.storage.session import make_engine, reading

json_option = click.option("--json", "as_json", is_flag=True, help="Write one JSON object instead.")


def configuration() -> Config:
    """The configuration of this process; raises ``ConfigError``."""
    return from_env(os.environ, default_site_url=DEFAULT_SITE_URL)


@contextmanager
def archive(config: Config) -> Iterator[Session]:
    """A session that reads the database; raises ``StorageError`` where there is none or of another version."""
    engine = make_engine(config.database_url, make_folder=False)
    try:
        check(engine)
        with reading(engine) as session:
            yield session
    finally:
        engine.dispose()


def write_json(value: Any) -> None:
    """One JSON document on stdout: letters as they are, instants in ISO 8601."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def write_rows(rows: Iterable[Sequence[object]], *, columns: Sequence[str], title: str | None = None) -> None:
    """A table at a terminal; in a pipe one line a row, its cells parted by tabs."""
    console = Console()
    texts = [[shown(cell) for cell in row] for row in rows]
    if not console.is_terminal:
        for row in texts:
            click.echo("\t".join(" ".join(cell.split()) for cell in row))
        return
    table = Table(*columns, title=title, title_justify="left", title_style="bold", header_style="dim")
    for row in texts:
        table.add_row(*(Text(cell) for cell in row))
    console.print(table)


def heading(text: str) -> None:
    """A line that parts what stands above it from what follows."""
    click.echo("\n" + click.style(text, bold=True))


def shown(value: object) -> str:
    """A value as a person reads it: instants in UTC, nothing for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    return str(value)


def _plain(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    message = f"no JSON for {type(value).__name__}"
    raise TypeError(message)
