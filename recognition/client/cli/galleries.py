"""What is there."""

from __future__ import annotations

import click

from recognition.client.answers import Category, Gallery
from recognition.client.cli.output import Columns
from recognition.client.cli.session import FAR, Session, with_session

GALLERIES: Columns[Gallery] = Columns(
    ("GALLERY", "NAME", "CATEGORIES", "REFERENCES", "TARGET FAR", "DOMAIN", "ENCODER"),
    lambda g: (
        *(g.slug, g.name, g.categories, g.references),
        *(f"{g.target_far:g}", g.domain, g.encoder.name),
    ),
)
CATEGORIES: Columns[Category] = Columns(
    ("CATEGORY", "NAME", "EXTERNAL ID", "REFERENCES", "PROMPTS"),
    lambda c: (c.slug, c.name, c.external_id or None, c.references, len(c.prompts)),
)


@click.command()
@with_session
def galleries(session: Session) -> None:
    """List the galleries that the key may see."""
    session.output.show(session.client.list_galleries(), GALLERIES)


@click.command()
@click.argument("name")
@click.option("--slug", help="The name in addresses; made of NAME where it is not given.")
@click.option("--target-far", type=FAR, help="The false-accept rate to decide at.")
@click.option(
    "--domain",
    type=click.Choice(["general", "faces", "drawings"]),
    help="What it recognises; general where it is not given.",
)
@with_session
def create_gallery(
    session: Session, name: str, slug: str | None, target_far: float | None, domain: str | None
) -> None:
    """Make a gallery called NAME."""
    made = session.client.create_gallery(name, slug=slug, target_far=target_far, domain=domain)
    session.output.show([made], GALLERIES)


@click.command()
@click.argument("gallery")
@with_session
def categories(session: Session, gallery: str) -> None:
    """List the categories of GALLERY."""
    session.output.show(session.client.list_categories(gallery), CATEGORIES)
