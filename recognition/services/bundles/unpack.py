"""A stranger's bundle, taken apart in a process of its own that the system bounds.

However its archive, its manifest or its array were made, reading them takes nothing of the process
that answers requests.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from django.conf import settings

from recognition.core.errors import ArchiveError, InvalidBundle
from recognition.core.types import Matrix
from recognition.services.bundles.manifest import Manifest
from recognition.services.bundles.read_bundle import bundle_limits
from recognition.services.bundles.unpack_child import IMAGES, PARTS, ROWS

MEMORY = 4_000_000_000
"""Address space. Libraries take 1 GB of it, and a manifest of four million values less than 3."""

SECONDS = 120
"""Of processor time; a bundle of 2 GB takes a tenth of it."""

_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A bundle's parts in a folder, each checked. ``size`` is that of its images, in bytes."""

    folder: Path
    categories: int
    references: int
    size: int
    bad_vectors: str

    def manifest(self) -> Manifest:
        """Return what the bundle says of itself; ask for it once there is room for so much."""
        parts: Manifest = json.loads((self.folder / PARTS).read_text())
        return parts

    def vectors(self) -> Matrix:
        """Return the embeddings ``(n, d)`` that the manifest refers to. Raises InvalidBundle."""
        if self.bad_vectors:
            raise InvalidBundle(self.bad_vectors)
        rows: Matrix = np.load(self.folder / ROWS)
        return rows

    def images(self, names: Collection[str]) -> Iterator[tuple[str, bytes]]:
        """Give the images of those names, in the archive's order."""
        kept = json.loads((self.folder / IMAGES).read_text())
        for number, name in enumerate(kept):
            if name in names:
                yield name, (self.folder / str(number)).read_bytes()


@contextmanager
def unpacked(bundle: IO[bytes]) -> Iterator[Unpacked]:
    """Take a bundle apart for as long as the block runs. Raises ArchiveError, InvalidBundle."""
    with ExitStack() as stack:
        aside = settings.FILE_UPLOAD_TEMP_DIR
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=aside))
        file = stack.enter_context(_on_disk(bundle))
        told = _run(file, folder)
        yield Unpacked(
            Path(folder), told["categories"], told["references"], told["bytes"], told["vectors"]
        )


def _run(file: IO[bytes], folder: str) -> dict[str, Any]:
    limits = json.dumps(asdict(bundle_limits()))
    module = "recognition.services.bundles.unpack_child"
    try:
        done = subprocess.run(  # noqa: S603 - of this interpreter, with no argument of anybody's
            [sys.executable, "-m", module, folder, str(MEMORY), str(SECONDS), limits],
            cwd=_ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            stdin=file,
            capture_output=True,
            timeout=2 * SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InvalidBundle("The bundle takes too long to read.") from None
    if done.returncode:
        raise InvalidBundle("The bundle takes more memory or time to read than one of its size.")
    told: dict[str, Any] = json.loads(done.stdout)
    if "code" in told:
        raise _error(told["code"])(told["detail"])
    return told


def _error(code: str) -> type[ArchiveError]:
    kinds = [ArchiveError]
    for kind in kinds:
        kinds += kind.__subclasses__()
    return next((kind for kind in kinds if kind.code == code), InvalidBundle)


@contextmanager
def _on_disk(bundle: IO[bytes]) -> Iterator[IO[bytes]]:
    """The bundle as a file that another process can read from its start."""
    bundle.seek(0)
    try:
        os.lseek(bundle.fileno(), 0, os.SEEK_SET)
    except (OSError, AttributeError):
        with tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
            while chunk := bundle.read(1_000_000):
                copy.write(chunk)
            copy.seek(0)
            yield copy
    else:
        yield bundle
