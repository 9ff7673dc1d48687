"""``oneshot enrol``."""

from __future__ import annotations

import errno
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
        shown = category or _folder(file)
        return session.client.enrol(gallery, file, category=shown, create=create)

    for_each_file(session.output, files, send, COLUMNS, parallel=parallel)


def _folder(file: str) -> str:
    """The name of the folder that a file lies in. Raises OSError for one that is not UTF-8, which
    is the name of no category.
    """
    name = Path(file).resolve().parent.name
    try:
        name.encode()
    except UnicodeEncodeError:
        told = "the name of its folder is not UTF-8, so it names no category: give --category"
        raise OSError(errno.EILSEQ, told, file) from None
    return name
