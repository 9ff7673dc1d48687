"""What writers were told, as readers in other processes see it.

Each writer appends to a file of its own, a line once the database has acknowledged: `+ id row`
for an enrolment, `- id row` for a removal; `~ id row` before it asks for the removal. `row` is the
vector's row among all vectors.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path


class Notes:
    """A writer's file. A line is one write, which a killed process does or does not do."""

    def __init__(self, folder: Path, name: str) -> None:
        self._file = os.open(folder / f"{name}.notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def enrolled(self, embedding: int, row: int) -> None:
        os.write(self._file, f"+ {embedding} {row}\n".encode())

    def removing(self, embedding: int, row: int) -> None:
        os.write(self._file, f"~ {embedding} {row}\n".encode())

    def removed(self, embedding: int, row: int) -> None:
        os.write(self._file, f"- {embedding} {row}\n".encode())


@dataclass
class Acknowledged:
    """All notes so far; `read` goes on from where it was."""

    folder: Path
    enrolled: dict[int, int] = field(default_factory=dict)
    removing: set[int] = field(default_factory=set)
    removed: dict[int, int] = field(default_factory=dict)
    _offsets: dict[Path, int] = field(default_factory=dict)

    def read(self) -> Acknowledged:
        for path in self.folder.glob("*.notes"):
            with path.open("rb") as file:
                file.seek(self._offsets.get(path, 0))
                lines = file.read()
            whole = lines[: lines.rfind(b"\n") + 1]
            self._offsets[path] = self._offsets.get(path, 0) + len(whole)
            for line in whole.decode().splitlines():
                self._note(*line.split())
        return self

    def present(self) -> set[int]:
        """Acknowledged, and nobody has asked to remove them."""
        return self.enrolled.keys() - self.removing

    def _note(self, sign: str, embedding: str, row: str) -> None:
        if sign == "+":
            self.enrolled[int(embedding)] = int(row)
        elif sign == "~":
            self.removing.add(int(embedding))
        else:
            self.removed[int(embedding)] = int(row)
