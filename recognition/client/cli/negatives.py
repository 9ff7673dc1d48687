"""Photos of things that are not in a gallery."""

from __future__ import annotations

import click

from recognition.client.answers import KeptNegative, Negative
from recognition.client.cli.files import files_argument
from recognition.client.cli.output import Columns, complain
from recognition.client.cli.session import Session, with_session
from recognition.client.reading import as_object

AT_A_TIME = 100
"""Photos that the service takes in one call."""

KEPT: Columns[KeptNegative] = Columns(("FILE", "NEGATIVE"), lambda k: (k.file, k.id))
KNOWN: Columns[Negative] = Columns(
    ("NEGATIVE", "WIDTH", "HEIGHT", "GIVEN"),
    lambda n: (n.id, n.width, n.height, n.created_at.isoformat(timespec="minutes")),
)


@click.group()
def negatives() -> None:
    """Photos of things that are not in a gallery, by which it learns what chance looks like."""


@negatives.command()
@click.argument("gallery")
@files_argument
@click.option("--force", is_flag=True, help="Keep also flawed photos and look-alikes.")
@with_session
def add(session: Session, gallery: str, files: tuple[str, ...], force: bool) -> None:
    """Give FILES to GALLERY as photos of other things."""
    failed = False
    for start in range(0, len(files), AT_A_TIME):
        some = files[start : start + AT_A_TIME]
        added = session.client.add_negatives(gallery, *some, force=force)
        if session.output.as_json:
            session.output.line(as_object(added))
        else:
            session.output.show(added.kept, KEPT)
            for refused in added.refused:
                complain(f"{refused.file}: {refused.detail}")
            for doubtful in added.doubtful:
                complain(
                    f"{doubtful.file}: it looks like {doubtful.name!r}, so it was not kept. "
                    "If it is something else, give it again with --force."
                )
        failed = failed or bool(added.refused or added.doubtful)
    if failed:
        raise click.exceptions.Exit(1)


@negatives.command("list")
@click.argument("gallery")
@with_session
def list_(session: Session, gallery: str) -> None:
    """List the photos of other things that GALLERY knows."""
    session.output.show(session.client.list_negatives(gallery), KNOWN)


@negatives.command()
@click.argument("gallery")
@click.argument("ids", nargs=-1, required=True)
@with_session
def remove(session: Session, gallery: str, ids: tuple[str, ...]) -> None:
    """Remove those with these IDS from GALLERY."""
    for each in ids:
        session.client.delete_negative(gallery, each)


@negatives.command()
@click.argument("gallery")
@click.confirmation_option(prompt="Remove all photos of other things for good?")
@with_session
def clear(session: Session, gallery: str) -> None:
    """Remove all of GALLERY's."""
    session.client.delete_negatives(gallery)
