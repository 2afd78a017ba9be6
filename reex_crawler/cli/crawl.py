"""``reex crawl``: the line in a crontab. Runs spiders one after the other and reports on one page."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from traceback import format_exception_only
from typing import TYPE_CHECKING

import click

from reex_crawler.cli.common import archive, configuration, write_rows
from reex_crawler.cli.examples import examples
from reex_crawler.cli.report import Facts, one_line, read_facts, report
from reex_crawler.config import Config
from reex_crawler.errors import StorageError, UsageError
from reex_crawler.reasons import ALREADY_RUNNING, OTHER_SITE, STORAGE_ERROR, most_serious

if TYPE_CHECKING:
    from scrapy.settings import Settings

    from reex_crawler.spiders.in_turn import Crawled

# What one mail can hold; the log has them all.
_ERRORS = 10


def _minutes(_ctx: click.Context, _param: click.Parameter, value: float | None) -> float | None:
    if value is not None and not (math.isfinite(value) and value > 0):
        message = f"{value:g} is no time. Give minutes, more than 0"
        raise click.BadParameter(message)
    return value


@click.command(
    epilog=examples(
        "reex crawl",
        "reex crawl backfill -a since=2025-01-01 -a max_articles=500 --max-minutes 50",
        "reex crawl latest recheck -a days=30 --log-file crawl.log",
        "reex crawl --dry-run",
    )
)
@click.argument("spiders", nargs=-1, metavar="[SPIDER]...")
@click.option("-a", "arguments", multiple=True, metavar="NAME=VALUE", help="An argument for each spider that takes it.")
@click.option("-s", "settings", multiple=True, metavar="NAME=VALUE", help="A setting of Scrapy or of this program.")
@click.option(
    "--max-minutes", type=float, callback=_minutes, help="When time is up, end with the page or listing in hand."
)
@click.option("--dry-run", is_flag=True, help="Read the listings, show what would be asked, and store nothing.")
@click.option("--log-file", type=click.Path(dir_okay=False), help="Append the log to this file.")
@click.option("-v", "--verbose", is_flag=True, help="Write the log to stderr.")
def command(  # noqa: PLR0913 - each is an option of the command
    *,
    spiders: tuple[str, ...],
    arguments: tuple[str, ...],
    settings: tuple[str, ...],
    max_minutes: float | None,
    dry_run: bool,
    log_file: str | None,
    verbose: bool,
) -> int:
    """Bring the archive up to date: `latest`, or the spiders that are named, one after the other.

    Creates or upgrades the database first. Only one run at a time works on a database; another leaves at once with
    exit code 75. At the end one page says what was found, what failed and what is due next.
    """
    configuration()
    # Scrapy takes half a second to import, which neither the help nor a wrong option need wait for.
    from reex_crawler import settings as project  # noqa: PLC0415
    from reex_crawler.spiders import in_turn  # noqa: PLC0415

    made = in_turn.make_settings(settings, LOG_ENABLED=verbose, REEX_DRY_RUN=dry_run)
    tasks = in_turn.make_tasks(spiders or ("latest",), arguments, made)
    with _logging(made, log_file, errors=not verbose):
        done = in_turn.crawl(tasks, made, max_minutes=max_minutes)
        code = most_serious(crawled.exit_code for crawled in done)
        if dry_run:
            _show_plan(done)
        elif any(crawled.reason not in {ALREADY_RUNNING, OTHER_SITE} for crawled in done):
            config = project.config(made)
            parts = [(crawled, _facts(config, crawled)) for crawled in done]
            click.echo("\n".join(report(parts, tasks[len(done) :], code)))
    return code


def _show_plan(done: Sequence[Crawled]) -> None:
    rows = [visit for crawled in done for visit in crawled.planned]
    write_rows(rows, columns=("address", "why"))
    requests = sum(crawled.stats.get("downloader/request_count", 0) for crawled in done)
    click.echo(f"{len(rows)} article pages would be asked; {requests} requests were made to learn that", err=True)


def _facts(config: Config, crawled: Crawled) -> Facts | None:
    """What the database tells of a run; nothing of one that did not begin, or lost its database on the way."""
    if crawled.run_id is None or crawled.reason == STORAGE_ERROR:
        return None
    try:
        with archive(config) as session:
            return read_facts(session, crawled.run_id, datetime.now(UTC))
    except StorageError as error:
        click.echo(f"reex: what run {crawled.run_id} stored cannot be read back: {error}", err=True)
        return None


class _Errors(logging.Handler):
    """Each error as one line on stderr, the first ones only; what led to it stands in the log."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self._seen = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Write the first line of an error. Whatever stands for stderr now: a progress bar puts itself there."""
        self._seen += 1
        if self._seen <= _ERRORS:
            click.echo(one_line(f"reex: error: {_first_line(record)}"), err=True)
        elif self._seen == _ERRORS + 1:
            click.echo("reex: more errors are in the log: --log-file", err=True)


def _first_line(record: logging.LogRecord) -> str:
    what, *_ = record.getMessage().splitlines() or [record.name]
    error = record.exc_info[1] if record.exc_info else None
    if error is None or str(error) in what:
        return what
    return f"{what}: {' '.join(''.join(format_exception_only(error)).split())}"


@contextmanager
def _logging(settings: Settings, log_file: str | None, *, errors: bool) -> Iterator[None]:
    """Errors on stderr, and the log in a file; Scrapy itself writes it to stderr where that is wanted.

    The file is opened anew when it was rotated. Raises ``UsageError`` where it cannot be opened.
    """
    handlers: list[logging.Handler] = [_Errors()] if errors else []
    with ExitStack() as stack:
        if log_file is not None:
            try:
                handlers.append(WatchedFileHandler(log_file, encoding="utf-8"))
            except OSError as error:
                message = f"the log file {log_file} cannot be written: {error.strerror}"
                raise UsageError(message, hint="Give another with --log-file") from error
            handlers[-1].setFormatter(logging.Formatter(settings["LOG_FORMAT"], settings["LOG_DATEFORMAT"]))
            handlers[-1].setLevel(settings["LOG_LEVEL"])
        for handler in handlers:
            logging.root.addHandler(handler)
            stack.callback(handler.close)
            stack.callback(logging.root.removeHandler, handler)
        yield
