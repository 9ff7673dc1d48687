"""What the service does in the background."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from recognition.client.cli.output import Cell, Columns
from recognition.client.cli.session import FAR, Session, with_session
from recognition.client.operations.jobs import RowStatus
from recognition.client.reading import as_object
from recognition.client.work import Job, JobRow

JOBS: Columns[Job] = Columns(
    ("JOB", "STATE", "ENROLLED", "SKIPPED", "FAILED", "TOTAL"),
    lambda job: (job.id, job.state, job.enrolled, job.skipped, job.failed, job.total),
)
ROWS: Columns[JobRow] = Columns(
    ("FILE", "CATEGORY", "STATUS", "REFERENCE", "REASON"),
    lambda row: (row.path, row.category, row.status, row.reference, row.detail or None),
)


@click.command("import")
@click.argument("gallery")
@click.argument("archive")
@click.option("--create", is_flag=True, help="Make categories that do not exist.")
@click.option("--dry-run", is_flag=True, help="Show the plan, and enrol nothing.")
@click.option("--encoding", help="Of the names in ARCHIVE, where it does not say.")
@click.option("--no-wait", is_flag=True, help="Do not wait for the job to end.")
@with_session
def import_archive(
    session: Session,
    gallery: str,
    archive: str,
    create: bool,
    dry_run: bool,
    encoding: str | None,
    no_wait: bool,
) -> None:
    """Enrol ARCHIVE (zip, tar.gz), which has a folder for each category.

    The exit status is 1 if the job fails or any file is not enrolled, and 2 if its plan rests on a
    guess and waits to be confirmed.
    """
    job = session.client.start_import(
        gallery, archive, create=create, dry_run=dry_run, encoding=encoding
    )
    if not no_wait:
        job = _with_bar(session, gallery, job)
    _show(session, job)
    if job.planned and not dry_run:
        click.echo(f"Nothing is enrolled yet: oneshot confirm {gallery} {job.id}", err=True)
        raise click.exceptions.Exit(2)
    if job.finished and not job.planned and (job.failed or not job.succeeded):
        raise click.ClickException(job.detail or f"{job.failed} files were not enrolled.")


@click.command()
@click.argument("gallery")
@click.argument("job")
@click.option("--encoding", help="Read the archive's names anew in this one.")
@with_session
def confirm(session: Session, gallery: str, job: str, encoding: str | None) -> None:
    """Let the import JOB go on, whose plan waits to be confirmed."""
    confirmed = session.client.confirm_job(gallery, job, encoding=encoding)
    ended = _with_bar(session, gallery, confirmed)
    session.output.show([ended], JOBS)
    if ended.failed or not ended.succeeded:
        raise click.ClickException(ended.detail or f"{ended.failed} files were not enrolled.")


@click.command()
@click.argument("gallery")
@click.argument("job")
@with_session
def undo(session: Session, gallery: str, job: str) -> None:
    """Take back all that the import JOB enrolled."""
    session.output.show([session.client.undo_job(gallery, job)], JOBS)


@click.command()
@click.argument("gallery")
@click.argument("job")
@click.option("--status", type=click.Choice(get_args(RowStatus)), help="Files of this status only.")
@with_session
def report(session: Session, gallery: str, job: str, status: RowStatus | None) -> None:
    """Say what became of each file of the import JOB."""
    session.output.show(session.client.list_job_rows(gallery, job, status=status), ROWS)


@click.command()
@click.argument("gallery")
@click.argument("archive", required=False)
@click.option("--alone", is_flag=True, help="Measure ARCHIVE by itself, in episodes.")
@click.option("--far", type=FAR, help="The false-accept rate. [default: the gallery's]")
@click.option("--seed", type=int, help="Of what is drawn at random.")
@click.option("--shots", type=int, help="References of each class of ARCHIVE alone.")
@click.option("--episodes", type=int, help="Episodes of ARCHIVE alone.")
@with_session
def evaluate(
    session: Session,
    gallery: str,
    archive: str | None,
    alone: bool,
    far: float | None,
    seed: int | None,
    shots: int | None,
    episodes: int | None,
) -> None:
    """Measure how well GALLERY recognises.

    By its own references, or by ARCHIVE (zip, tar.gz), which has a folder for each category.
    """
    started = session.client.start_evaluation(
        gallery, archive, alone=alone, far=far, seed=seed, shots=shots, episodes=episodes
    )
    with _bar() as bar:
        task = bar.add_task("Evaluating", total=None)
        ended = session.client.wait_for_evaluation(
            gallery,
            started.id,
            on_progress=lambda seen: bar.update(task, completed=seen.done, total=seen.total),
        )
    if not ended.succeeded:
        raise click.ClickException(ended.detail or f"The evaluation has {ended.state}.")
    if session.output.as_json:
        session.output.line(as_object(ended))
    else:
        session.output.table(("MEASURE", "VALUE"), _measures(ended.results or {}))


def _show(session: Session, job: Job) -> None:
    """A job or, while nothing is enrolled yet, its plan."""
    if not job.planned or session.output.as_json:
        session.output.show([job], JOBS)
        return
    session.output.table(("PLAN", ""), [("job", job.id), *_measures(job.plan or {})])


def _with_bar(session: Session, gallery: str, job: Job) -> Job:
    with _bar() as bar:
        task = bar.add_task("Importing", total=None)
        return session.client.wait_for_job(
            gallery,
            job.id,
            on_progress=lambda seen: bar.update(task, completed=seen.done, total=seen.total),
        )


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _measures(results: Mapping[str, object], within: str = "") -> list[tuple[Cell, Cell]]:
    """Numbers and names of nested results, one a row; curves are left to ``--json``."""
    rows: list[tuple[Cell, Cell]] = []
    for name, value in results.items():
        if isinstance(value, Mapping):
            rows += _measures(value, f"{within}{name}.")
        elif isinstance(value, str | int | float) or value is None:
            rows.append((f"{within}{name}", value))
    return rows
