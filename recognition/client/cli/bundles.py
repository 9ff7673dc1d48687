"""Galleries that move between services."""

from __future__ import annotations

import click

from recognition.client.cli.galleries import GALLERIES
from recognition.client.cli.session import Session, with_session


@click.command()
@click.argument("gallery")
@click.argument("file")
@with_session
def export(session: Session, gallery: str, file: str) -> None:
    """Write GALLERY to FILE as a bundle."""
    session.client.export_gallery(gallery, file)


@click.command()
@click.argument("file")
@with_session
def import_bundle(session: Session, file: str) -> None:
    """Make a gallery of the bundle FILE."""
    session.output.show([session.client.import_gallery(file)], GALLERIES)
