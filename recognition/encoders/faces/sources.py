"""Where the weights of an ONNX face model come from, as its name says it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from recognition.core.errors import UnknownEncoder
from recognition.encoders.faces.records import FACE_MODEL

_HUB = re.compile(r"([\w.-]+/[\w.-]+)(?:/([\w.-]+\.onnx))?")


@dataclass(frozen=True, slots=True)
class FaceFile:
    """An ONNX face model in a file."""

    path: Path

    def __str__(self) -> str:
        return f"{FACE_MODEL}{self.path}"


@dataclass(frozen=True, slots=True)
class FaceRepository:
    """An ONNX face model on the Hugging Face hub; ``file`` is empty where a usual name is taken."""

    repository: str
    file: str = ""

    def __str__(self) -> str:
        return f"{FACE_MODEL}{self.repository}{'/' if self.file else ''}{self.file}"


def parse_source(name: str) -> FaceFile | FaceRepository:
    """Read ``face:<path>.onnx``, ``face:<owner>/<model>`` or ``face:<owner>/<model>/<file>.onnx``.

    A path begins with ``/``, ``.`` or ``~``, has no folder, or names a file that is there; it
    becomes absolute. Raises UnknownEncoder.
    """
    given = name.removeprefix(FACE_MODEL)
    path = Path(given).expanduser()
    is_path = given.startswith(("/", ".", "~")) or "/" not in given or path.is_file()
    if name.startswith(FACE_MODEL) and is_path and path.suffix == ".onnx":
        return FaceFile(path.absolute())
    found = None if is_path else _HUB.fullmatch(given)
    if name.startswith(FACE_MODEL) and found:
        return FaceRepository(found[1], found[2] or "")
    raise UnknownEncoder(
        f"{name!r} names no face model. Names are 'face:<path>.onnx', 'face:<owner>/<model>' and "
        "'face:<owner>/<model>/<file>.onnx'."
    )
