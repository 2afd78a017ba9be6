"""``reex``: the list of commands, and how every one of them ends."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from keyword import iskeyword

import click

from reex_crawler import __version__
from reex_crawler.cli.examples import examples
from reex_crawler.errors import ReexError

COMMANDS = (
    *("crawl", "status", "coverage", "why", "show", "cite", "parse"),
    *("verify", "reextract", "rebuild", "import", "export", "db"),
)
"""One module of ``reex_crawler.cli`` each, which holds a ``command``; after a Python keyword with an underscore."""

INTERRUPTED = 130
# As click itself ends where a pipe breaks while it writes.
BROKEN_PIPE = 1


class Commands(click.Group):
    """A group whose commands are imported when they are called, so that each starts as fast as it can."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a module."""
        if cmd_name not in COMMANDS:
            return None
        module = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name
        command: click.Command = import_module(f"reex_crawler.cli.{module}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it; an unknown name is answered with the nearest one."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            raise click.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from error


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples("reex crawl", "reex status", "reex show china-rare-earth-exports"),
)
@click.version_option(__version__, prog_name="reex")
def reex() -> None:
    """A complete, queryable archive of one news site: articles, authors and comment threads.

    REEX_SITE_URL, REEX_DATABASE_URL and REEX_ARCHIVE_DIR say which site, which database and which folder of raw
    answers. Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 some pages failed, 2 usage or
    configuration, 3 the site refused, 4 storage, 75 another run is at work, 130 interrupted.
    """


def main() -> None:
    """Run one command and exit; an error is one line that says what to try next, never a traceback."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; gives its exit code."""
    try:
        code = reex.main(arguments, prog_name="reex", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return error.exit_code
    except click.ClickException as error:
        return _failed(_said(error), error.exit_code)
    except click.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of the pipe has seen enough; what Python flushes at exit must have somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except ReexError as error:
        return _failed(str(error), error.exit_code)
    return code if isinstance(code, int) else 0


def _failed(said: str, code: int) -> int:
    click.echo(f"reex: error: {said}", err=True)
    return code


def _said(error: click.ClickException) -> str:
    """What click says of a wrong argument, on one line, and where to read on."""
    said = " ".join(error.format_message().split())
    if not isinstance(error, click.UsageError) or error.ctx is None:
        return said
    return f"{said}{'' if said.endswith(('.', '?')) else '.'} Try: {error.ctx.command_path} -h"
