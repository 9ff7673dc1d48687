"""Answers on standard output: a table for people, or JSON lines for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from recognition.client.reading import as_object

T = TypeVar("T")

Cell = str | int | float | None

STYLES = {
    "match": "green",
    "yes": "green",
    "ambiguous": "yellow",
    "unknown": "yellow",
    "no": "red",
}
UNLIMITED = 100_000


@dataclass(frozen=True, slots=True)
class Columns(Generic[T]):
    """How answers of one kind are rows of a table, and what is told of them below it."""

    names: Sequence[str]
    row: Callable[[T], Sequence[Cell]]
    notes: Callable[[T], Sequence[str]] = lambda answer: ()


@dataclass(frozen=True, slots=True)
class Output:
    as_json: bool

    def show(self, answers: Iterable[T], columns: Columns[T]) -> None:
        """One row or one line an answer; lines are written as the answers come."""
        if self.as_json:
            for answer in answers:
                self.line(as_object(answer))
        else:
            self.table(columns.names, [columns.row(answer) for answer in answers])

    def table(self, names: Sequence[str], rows: Sequence[Sequence[Cell]]) -> None:
        if not rows:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name, cells in zip(names, zip(*rows, strict=True), strict=True):
            numeric = any(isinstance(cell, int | float) for cell in cells)
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for row in rows:
            table.add_row(*map(_text, row))
        # A pipe has no width: nothing is wrapped there, so that a line stays a row.
        Console(width=None if sys.stdout.isatty() else UNLIMITED).print(table)

    def line(self, value: Mapping[str, Any]) -> None:
        text = json.dumps(value, default=_plain, ensure_ascii=False)
        if not _can_be_written(text):
            text = json.dumps(value, default=_plain)
        click.echo(text)


def complain(sentence: str) -> None:
    """One line on standard error."""
    click.echo(f"Error: {printable(sentence)}", err=True)


def note(sentence: str) -> None:
    """One line on standard error, of what is no error."""
    click.echo(f"Note: {printable(sentence)}", err=True)


def printable(text: str) -> str:
    """Without control characters, by which a name could take over the terminal."""
    return "".join(character if character.isprintable() else "�" for character in text)


def _can_be_written(text: str) -> bool:
    """Not so a file name that is no UTF-8, nor what the terminal's encoding does not have."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _text(cell: Cell) -> Text:
    if cell is None:
        return Text("-", style="dim")
    value = f"{cell:.3f}" if isinstance(cell, float) else printable(str(cell))
    return Text(value, style=STYLES.get(value, ""))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is not JSON")
