"""``reex import``: what other programs captured of the site, taken into the archive."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from reex_crawler.cli.common import configuration
from reex_crawler.cli.examples import examples
from reex_crawler.cli.progress import Move, progress
from reex_crawler.replay.importing import Imported, import_files
from reex_crawler.site.profile import profile
from reex_crawler.storage.exclusive import exclusive


@click.command(
    "import",
    epilog=examples("reex import mirror.warc.gz", "reex import crawl.wacz CC-MAIN-20240301-00012.warc.gz"),
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
def command(*, files: tuple[Path, ...]) -> int:
    """Take in what others captured of the site: WARC files (.warc, .warc.gz) and WACZ files.

    Every answer of the site is copied into REEX_ARCHIVE_DIR, and every article in them is stored as of the time of its
    capture, so that its history can begin before the first crawl. Comment pages and listings serve the pages captured
    within a day of them: give files that belong together in one command. The same file again changes nothing.

    What is damaged is named with file and offset and left out; the exit code is 4 then, and 2 for a missing file.
    """
    config = configuration()
    site = profile(config.site_url)
    with exclusive(config.database_url) as bind, ExitStack() as stack:
        bars: dict[str, Move] = {}

        def move(doing: str, done: int, of: int) -> None:
            if doing not in bars:
                stack.close()
                bars[doing] = stack.enter_context(progress(doing, in_bytes=doing == "copying"))
            bars[doing](done, of)

        done = import_files(bind, config.archive_dir, site, files, operator=config.contact, progress=move)
    _write(done)
    return done.exit_code


def _write(done: Imported) -> None:
    for line in done.missing:
        click.echo(line, err=True)
    for line in done.damage:
        click.echo(f"damaged: {line}", err=True)
    for line in done.failed:
        click.echo(f"failed: {line}", err=True)
    answers = done.answers
    known = f", {answers.known:,} known before" if answers.known else ""
    click.echo(f"{done.files:,} files: {answers.taken:,} answers taken{known}, {answers.elsewhere:,} of other sites")
    told = [f"{count:,} {outcome}" for outcome, count in sorted(done.pages.items())]
    told += [f"{done.read_before:,} read before"] if done.read_before else []
    click.echo(f"pages of articles: {', '.join(told) or 'none'}; {done.comments:,} new comments")
    if done.passed_over:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in done.passed_over.most_common())
        click.echo(f"passed over: {reasons}")
