from __future__ import annotations

from pathlib import Path

import click

from recognition.client.answers import Enrolment
from recognition.client.cli.files import files_argument, for_each_file, parallel_option
from recognition.client.cli.output import Columns
from recognition.client.cli.session import Session, with_session

COLUMNS: Columns[Enrolment] = Columns(
    ("CATEGORY", "REFERENCE", "WARNINGS"),
    lambda e: (e.category, e.id, " ".join(warning.detail for warning in e.warnings) or None),
)


@click.command()
@click.argument("gallery")
@files_argument
@click.option("--category", help="Slug or external id. [default: the name of each file's folder]")
@click.option("--create", is_flag=True, help="Make categories that do not exist.")
@parallel_option
@with_session
def enrol(
    session: Session,
    gallery: str,
    files: tuple[str, ...],
    category: str | None,
    create: bool,
    parallel: int,
) -> None:
    """Add FILES to GALLERY as examples of a category, searchable at once."""

    def send(file: str) -> Enrolment:
        shown = category or Path(file).resolve().parent.name
        return session.client.enrol(gallery, file, category=shown, create=create)

    for_each_file(session.output, files, send, COLUMNS, parallel=parallel)
