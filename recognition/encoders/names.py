"""What an encoder may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from recognition.core.errors import UnknownEncoder
from recognition.encoders.faces.records import FACE_MODEL, FACES
from recognition.encoders.precision import Precision

BUNDLED = "bundled"
DRAWINGS = "drawings"
SURFACES = "surfaces"

DEFAULT_CLIP = "open_clip:ViT-B-32/datacomp_xl_s13b_b90k"
"""The most accurate of open_clip's ViT-B/32 at 224 px: zero-shot ImageNet top-1 69.2 %, against
66.6 % for laion2b_s34b_b79k and 63.3 % for openai (open_clip's published results); MIT licence.
The 256 px variant (72.7 %) costs a third more an image."""

_OPEN_CLIP = "open_clip:"
_TIMM = "timm:"
_PRETRAINED = re.compile(r"([\w.-]+)/([\w.-]+)")
_CHECKPOINT = re.compile(r"([\w.-]+)@(.+)")
_HUB = re.compile(r"hf-hub:([\w.-]+/[\w.-]+)")
_TIMM_MODEL = re.compile(r"([\w.-]+)(?:/([1-9]\d{1,3}))?(?:@(.+\.safetensors))?")
_REDUCED = re.compile(r"(.+)\+(int8|bf16)")


@dataclass(frozen=True, slots=True)
class Bundled:
    """The encoder assembled from installed packages."""

    def __str__(self) -> str:
        return BUNDLED


@dataclass(frozen=True, slots=True)
class Faces:
    """dlib's face encoder, of which installed packages carry the weights."""

    def __str__(self) -> str:
        return FACES


@dataclass(frozen=True, slots=True)
class FaceModel:
    """An ONNX model of faces: a file, or a repository on the Hugging Face hub that has one."""

    source: str

    def __str__(self) -> str:
        return f"{FACE_MODEL}{self.source}"


@dataclass(frozen=True, slots=True)
class Drawings:
    """The stroke encoder that is shipped with this package."""

    def __str__(self) -> str:
        return DRAWINGS


@dataclass(frozen=True, slots=True)
class Surfaces:
    """The patches of the bundled encoder's trunk."""

    def __str__(self) -> str:
        return SURFACES


@dataclass(frozen=True, slots=True)
class Pretrained:
    """An architecture and one of open_clip's pretrained tags for it."""

    architecture: str
    tag: str

    def __str__(self) -> str:
        return f"{_OPEN_CLIP}{self.architecture}/{self.tag}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """An architecture and a file with its weights."""

    architecture: str
    path: Path

    def __str__(self) -> str:
        return f"{_OPEN_CLIP}{self.architecture}@{self.path}"


@dataclass(frozen=True, slots=True)
class HubRepository:
    """A model on the Hugging Face hub that carries its own open_clip configuration."""

    repository: str

    def __str__(self) -> str:
        return f"{_OPEN_CLIP}hf-hub:{self.repository}"


@dataclass(frozen=True, slots=True)
class Timm:
    """An image model of timm, with its weights from the Hugging Face hub or in a file.

    ``size`` are the pixels of each side of its input, where they are not those it was made for.
    """

    model: str
    size: int | None = None
    checkpoint: Path | None = None

    def __str__(self) -> str:
        size = f"/{self.size}" if self.size else ""
        checkpoint = f"@{self.checkpoint}" if self.checkpoint else ""
        return f"{_TIMM}{self.model}{size}{checkpoint}"


WholeName: TypeAlias = Bundled | Pretrained | Checkpoint | HubRepository
"""Encoders that open_clip loads."""

DomainName: TypeAlias = Faces | FaceModel | Drawings | Surfaces
"""Encoders of images alone, each made for one kind of image."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """An encoder in reduced precision."""

    whole: WholeName
    precision: Precision

    def __str__(self) -> str:
        return f"{self.whole}+{self.precision}"


ClipName: TypeAlias = WholeName | Reduced

EncoderName: TypeAlias = ClipName | Timm | DomainName


def parse_name(name: str) -> EncoderName:
    """Read an encoder's name; a checkpoint's path becomes absolute. Raises UnknownEncoder."""
    if name == FACES:
        return Faces()
    if name == DRAWINGS:
        return Drawings()
    if name == SURFACES:
        return Surfaces()
    if name.startswith(FACE_MODEL) and len(name) > len(FACE_MODEL):
        return FaceModel(_face_source(name.removeprefix(FACE_MODEL)))
    if timm := _parse_timm(name):
        return timm
    if found := _REDUCED.fullmatch(name):
        return Reduced(_parse_whole(found[1]), Precision(found[2]))
    return _parse_whole(name)


def _face_source(source: str) -> str:
    """A file's absolute path, or a repository as it is."""
    if source.endswith(".onnx"):
        return str(Path(source).expanduser().absolute())
    return source


def _parse_timm(name: str) -> Timm | None:
    found = _TIMM_MODEL.fullmatch(name.removeprefix(_TIMM))
    if not name.startswith(_TIMM) or found is None:
        return None
    model, size, checkpoint = found.groups()
    path = Path(checkpoint).expanduser().absolute() if checkpoint else None
    return Timm(model, int(size) if size else None, path)


def _parse_whole(name: str) -> WholeName:
    if name == BUNDLED:
        return Bundled()
    if name.startswith(_OPEN_CLIP):
        rest = name.removeprefix(_OPEN_CLIP)
        if found := _HUB.fullmatch(rest):
            return HubRepository(found[1])
        if found := _PRETRAINED.fullmatch(rest):
            return Pretrained(found[1], found[2])
        if found := _CHECKPOINT.fullmatch(rest):
            return Checkpoint(found[1], Path(found[2]).expanduser().absolute())
    raise UnknownEncoder(
        f"{name!r} names no encoder. Names are 'bundled', 'open_clip:<architecture>/<tag>', "
        "'open_clip:<architecture>@<checkpoint path>', 'open_clip:hf-hub:<owner>/<model>' and "
        "'oip+http://<host>/<model>', where '+int8' or '+bf16' behind one of the first four "
        "reduces its precision; of images alone 'timm:<model>' and 'timm:<model>@<path of a "
        "safetensors file>', where '/<pixels>' behind the model sets the side of its input; "
        "'faces', 'face:<path of an ONNX file or id on the hub>', 'drawings' and 'surfaces'."
    )
