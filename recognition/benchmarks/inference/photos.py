"""The photos that everything is measured on."""

from __future__ import annotations

from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image

from recognition.encoders.prepare.parity import PHOTOS
from recognition.images import open_image

_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".pgm"}
_TURNS = (0, 4, -4, 9)


def photo_files(folder: Path | None) -> list[bytes]:
    """The folder's images; by default scikit-image's samples, each at four angles, as JPEG."""
    if folder:
        paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _SUFFIXES)
        return [path.read_bytes() for path in paths]
    spec = find_spec("skimage")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("Name a folder with --photos; scikit-image is not installed.")
    samples = Path(spec.submodule_search_locations[0]) / "data"
    return [_jpeg(samples / name, turn) for turn in _TURNS for name in PHOTOS]


def _jpeg(path: Path, turn: int) -> bytes:
    image = open_image(path.read_bytes()).rotate(turn, Image.Resampling.BICUBIC)
    file = BytesIO()
    image.save(file, "JPEG", quality=90)
    return file.getvalue()
