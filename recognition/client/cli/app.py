"""The command ``oneshot`` with all its subcommands."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import Any

import click

from recognition.client.cli.bundles import export, import_bundle
from recognition.client.cli.enrol import enrol
from recognition.client.cli.galleries import categories, create_gallery, galleries
from recognition.client.cli.mcp import mcp
from recognition.client.cli.negatives import negatives
from recognition.client.cli.output import printable
from recognition.client.cli.recognise import identify, search, verify
from recognition.client.cli.work import confirm, evaluate, import_archive, report, undo
from recognition.client.errors import OneshotError


class Oneshot(click.Group):
    """What fails is told in one line, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        try:
            return super().invoke(ctx)
        except OneshotError as error:
            raise click.ClickException(printable(error.detail)) from error
        except UnicodeEncodeError as error:
            told = f"{error.object} is not UTF-8, which a name has to be."
            raise click.ClickException(printable(told)) from error
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(printable(f"{error.filename}: {error.strerror}")) from error


@click.group(cls=Oneshot, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="oneshot-recognition")
def main() -> None:
    """Recognise something after seeing it once, through a Oneshot service.

    The service's address and key come from ONESHOT_URL and ONESHOT_API_KEY, or from --url and
    --key of each command.
    """


COMMANDS = (
    galleries,
    create_gallery,
    categories,
    enrol,
    negatives,
    identify,
    verify,
    search,
    import_archive,
    confirm,
    undo,
    report,
    evaluate,
    export,
    import_bundle,
    mcp,
)
for command in COMMANDS:
    main.add_command(command)
