"""``reex show --raw``: the bytes of an archived answer."""

from __future__ import annotations

import sys

import click
from sqlalchemy.orm import Session

from reex_crawler.archive.reader import Archive
from reex_crawler.cli import capture
from reex_crawler.cli.common import shown
from reex_crawler.config import Config
from reex_crawler.proof.bodies import proven
from reex_crawler.site.profile import profile


def write_raw(session: Session, config: Config, key: str, at: str | None) -> None:
    """Write the body of a capture to stdout when its digests are proven.

    Raises ``UsageError`` where there is no such capture, ``StorageError`` where the archive does not hold it.
    """
    found = capture.of_anything(session, key, at, profile(config.site_url))
    page = proven(session, Archive(config.archive_dir), found)
    where = f"{found.record.file} at byte {found.record.offset:,}"
    click.echo(f"{page.final_url}, status {page.status}, of {shown(found.at)}, from {where}", err=True)
    sys.stdout.buffer.write(page.body)
