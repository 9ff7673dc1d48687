"""A deployment of its own, with a database and a data folder, whose processes are real ones."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GALLERY = "stress"


@dataclass(frozen=True)
class Deployment:
    database_url: str
    folder: Path

    @property
    def notes(self) -> Path:
        return self.folder / "notes"

    def create(self) -> None:
        self.notes.mkdir(parents=True)
        self.finish(self.start("create"))

    def start(self, role: str, *options: object) -> subprocess.Popen[str]:
        command = ("-m", "tests.stress.process", role, self.notes, GALLERY, *options)
        return subprocess.Popen(
            [sys.executable, *map(str, command)],
            cwd=ROOT,
            env={
                **os.environ,
                "DATABASE_URL": self.database_url,
                "ONESHOT_DATA_DIR": str(self.folder / "data"),
                "OMP_NUM_THREADS": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, process: subprocess.Popen[str], timeout: float = 900) -> str:
        """What it printed; an error if it failed."""
        out, err = process.communicate(timeout=timeout)
        assert process.returncode == 0, f"{process.args}\n{out}\n{err}"
        return out.strip()

    def let_go(self) -> None:
        """Readers and snapshot writers end after their next turn."""
        (self.notes / "done").touch()
