"""Questions about images."""

from __future__ import annotations

import click

from recognition.client.answers import Identification, Result, Verification
from recognition.client.boxes import Regions, box_text
from recognition.client.cli.files import files_argument, for_each_file, parallel_option
from recognition.client.cli.output import Cell, Columns
from recognition.client.cli.session import FAR, Session, with_session

far_option = click.option(
    "--far",
    type=FAR,
    help="The false-accept rate to decide at instead of the gallery's.",
)


def _identified(answer: Identification) -> tuple[Cell, ...]:
    best = answer.candidates[0] if answer.candidates else None
    return (
        answer.decision,
        best.category if best else None,
        best.score if best else None,
        answer.threshold.score,
        answer.confidence if answer.calibrated else None,
        _said(answer),
    )


def _verified(answer: Verification) -> tuple[Cell, ...]:
    accepted = "yes" if answer.accepted else "no"
    return accepted, answer.score, answer.threshold.score, _said(answer)


def _said(answer: Identification | Verification) -> str:
    """The answer in a sentence, with what would settle it."""
    return " ".join([answer.sentence, *(each.detail for each in answer.help[:1])])


def _warnings(answer: Identification | Verification) -> list[str]:
    return [warning.detail for warning in answer.warnings]


def _notes(answer: Identification) -> list[str]:
    """Where there are regions, what each shows, before what speaks against trusting it."""
    told = [
        f"{each.box.x},{each.box.y},{each.box.width},{each.box.height}: {each.sentence}"
        for each in answer.regions
    ]
    return [*told, *_warnings(answer)]


IDENTIFIED: Columns[Identification] = Columns(
    ("DECISION", "BEST", "SCORE", "THRESHOLD", "CONFIDENCE", "ANSWER"), _identified, _notes
)
VERIFIED: Columns[Verification] = Columns(
    ("ACCEPTED", "SCORE", "THRESHOLD", "ANSWER"), _verified, _warnings
)
FOUND: Columns[Result] = Columns(
    ("REFERENCE", "CATEGORY", "NAME", "SIMILARITY"),
    lambda result: (result.reference, result.category, result.name, result.similarity),
)


@click.command()
@click.argument("gallery")
@files_argument
@click.option("--top-k", type=click.IntRange(min=1), help="Candidates to name.")
@far_option
@click.option("--together", is_flag=True, help="FILES are views of one thing: one answer.")
@click.option("--all", "every", is_flag=True, help="Name all that is found in each, by its box.")
@click.option("--box", help="The part that is meant: x,y,width,height in pixels.")
@parallel_option
@with_session
def identify(
    session: Session,
    gallery: str,
    files: tuple[str, ...],
    top_k: int | None,
    far: float | None,
    together: bool,
    every: bool,
    box: str | None,
    parallel: int,
) -> None:
    """Say what each of FILES shows. A confidence is shown only where it is calibrated."""

    regions: Regions | None = "all" if every else None
    try:
        box_text(box)
    except ValueError as error:
        raise click.UsageError(str(error)) from None

    def send(*views: str) -> Identification:
        return session.client.identify(
            gallery, *views, top_k=top_k, far=far, box=box, regions=regions
        )

    if together:
        session.output.show([send(*files)], IDENTIFIED)
    else:
        for_each_file(session.output, files, send, IDENTIFIED, parallel=parallel)


@click.command()
@click.argument("gallery")
@click.argument("category")
@files_argument
@far_option
@parallel_option
@with_session
def verify(
    session: Session,
    gallery: str,
    category: str,
    files: tuple[str, ...],
    far: float | None,
    parallel: int,
) -> None:
    """Say whether each of FILES shows CATEGORY."""

    def send(file: str) -> Verification:
        return session.client.verify(gallery, file, category=category, far=far)

    for_each_file(session.output, files, send, VERIFIED, parallel=parallel)


@click.command()
@click.argument("gallery")
@click.argument("file", required=False)
@click.option("--text", help="Search by a description instead of an image.")
@click.option("--limit", type=click.IntRange(min=1), help="References to find.")
@click.option("--category", "within", multiple=True, help="Search within; may be repeated.")
@with_session
def search(
    session: Session,
    gallery: str,
    file: str | None,
    text: str | None,
    limit: int | None,
    within: tuple[str, ...],
) -> None:
    """Find the references nearest to FILE or to a text."""
    if (file is None) == (text is None):
        raise click.UsageError("Give either FILE or --text.")
    found = session.client.search(gallery, file, text=text, limit=limit, categories=within or None)
    session.output.show(found.results, FOUND)
