"""The same call for many files, some at a time."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import click
from rich.console import Console
from rich.progress import track

from recognition.client.cli.output import Columns, Output, complain, note
from recognition.client.errors import OneshotError
from recognition.client.reading import as_object

T = TypeVar("T")

files_argument = click.argument("files", nargs=-1, required=True)
parallel_option = click.option(
    "--parallel",
    type=click.IntRange(1, 64),
    default=4,
    show_default=True,
    help="Files to send at the same time.",
)


@dataclass(frozen=True, slots=True)
class Answered(Generic[T]):
    file: str
    answer: T

    def as_object(self) -> dict[str, Any]:
        return {"file": self.file, **as_object(self.answer)}


@dataclass(frozen=True, slots=True)
class Failed:
    file: str
    error: OneshotError | OSError

    @property
    def reason(self) -> str:
        error = self.error
        return error.detail if isinstance(error, OneshotError) else error.strerror or str(error)

    def as_object(self) -> dict[str, Any]:
        error = self.error
        refusal = {"code": "file_unreadable", "detail": self.reason}
        if isinstance(error, OneshotError):
            refusal |= {"code": error.code, "request_id": error.request_id or ""}
        return {"file": self.file, "error": refusal}


def for_each_file(
    output: Output,
    files: Sequence[str],
    call: Callable[[str], T],
    columns: Columns[T],
    *,
    parallel: int,
) -> None:
    """Show the answers in the order of the files.

    An error does not stop the other files, but makes the exit status 1. It stands on standard
    error or, as JSON, in the line of its file.
    """
    answered: list[Answered[T]] = []
    failed: list[Failed] = []
    for outcome in _progress(_outcomes(files, call, parallel), len(files)):
        if output.as_json:
            output.line(outcome.as_object())
        if isinstance(outcome, Failed):
            failed.append(outcome)
        else:
            answered.append(outcome)
    if not output.as_json:
        rows = [(each.file, *columns.row(each.answer)) for each in answered]
        output.table(("FILE", *columns.names), rows)
        for done in answered:
            for sentence in columns.notes(done.answer):
                note(f"{done.file}: {sentence}")
        for each in failed:
            complain(f"{each.file}: {each.reason}")
    if failed:
        raise click.exceptions.Exit(1)


def _outcomes(
    files: Sequence[str], call: Callable[[str], T], parallel: int
) -> Iterator[Answered[T] | Failed]:
    def attempt(file: str) -> Answered[T] | Failed:
        try:
            return Answered(file, call(file))
        except (OneshotError, OSError) as error:
            return Failed(file, error)

    pool = ThreadPoolExecutor(parallel)
    try:
        yield from pool.map(attempt, files)
    finally:
        pool.shutdown(cancel_futures=True)


def _progress(outcomes: Iterator[T], total: int) -> Iterator[T]:
    """A bar while somebody waits for several files."""
    console = Console(stderr=True)
    hidden = total == 1 or not sys.stderr.isatty()
    yield from track(outcomes, "", total=total, console=console, transient=True, disable=hidden)
