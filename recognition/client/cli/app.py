from __future__ import annotations

from typing import Any

import click

from recognition.client.cli.bundles import export, import_bundle
from recognition.client.cli.enrol import enrol
from recognition.client.cli.galleries import categories, create_gallery, galleries
from recognition.client.cli.negatives import negatives
from recognition.client.cli.output import printable
from recognition.client.cli.recognise import identify, search, verify
from recognition.client.cli.work import evaluate, import_archive, report
from recognition.client.errors import OneshotError


class Oneshot(click.Group):
    """What fails is told in one line, with exit status 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except OneshotError as error:
            raise click.ClickException(printable(error.detail)) from error
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
    report,
    evaluate,
    export,
    import_bundle,
)
for command in COMMANDS:
    main.add_command(command)
