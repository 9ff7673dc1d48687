"""What an encoder may be called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from recognition.core.errors import UnknownEncoder
from recognition.encoders.precision import Precision

BUNDLED = "bundled"

DEFAULT_CLIP = "open_clip:ViT-B-32/datacomp_xl_s13b_b90k"
"""The most accurate of open_clip's ViT-B/32 at 224 px: zero-shot ImageNet top-1 69.2 %, against
66.6 % for laion2b_s34b_b79k and 63.3 % for openai (open_clip's published results); MIT licence.
The 256 px variant (72.7 %) costs a third more an image."""

_OPEN_CLIP = "open_clip:"
_PRETRAINED = re.compile(r"([\w.-]+)/([\w.-]+)")
_CHECKPOINT = re.compile(r"([\w.-]+)@(.+)")
_HUB = re.compile(r"hf-hub:([\w.-]+/[\w.-]+)")
_REDUCED = re.compile(r"(.+)\+(int8|bf16)")


@dataclass(frozen=True, slots=True)
class Bundled:
    """The encoder assembled from installed packages."""

    def __str__(self) -> str:
        return BUNDLED


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


WholeName: TypeAlias = Bundled | Pretrained | Checkpoint | HubRepository


@dataclass(frozen=True, slots=True)
class Reduced:
    """An encoder in reduced precision."""

    whole: WholeName
    precision: Precision

    def __str__(self) -> str:
        return f"{self.whole}+{self.precision}"


EncoderName: TypeAlias = WholeName | Reduced


def parse_name(name: str) -> EncoderName:
    """Read an encoder's name; a checkpoint's path becomes absolute. Raises UnknownEncoder."""
    if found := _REDUCED.fullmatch(name):
        return Reduced(_parse_whole(found[1]), Precision(found[2]))
    return _parse_whole(name)


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
        "'oip+http://<host>/<model>'; '+int8' or '+bf16' behind one of the first four reduces its "
        "precision."
    )
