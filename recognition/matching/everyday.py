"""Everyday things in word and picture, from packages that are installed anyway."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from PIL import Image

PHOTOS = (
    "astronaut.png",
    "brick.png",
    "cell.png",
    "chelsea.png",
    "clock_motion.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "horse.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "moon.png",
    "motorcycle_left.png",
    "page.png",
    "retina.jpg",
    "text.png",
)
"""Of scikit-image's sample pictures, those that show something; less those that the demo asks
about in words, since a thing is no chance image of its own description."""

_CROPS = (
    (0.0, 0.0, 1.0, 1.0),
    (0.0, 0.0, 0.6, 0.6),
    (0.4, 0.0, 1.0, 0.6),
    (0.0, 0.4, 0.6, 1.0),
    (0.4, 0.4, 1.0, 1.0),
    (0.2, 0.2, 0.8, 0.8),
)
"""Left, top, right and bottom, in shares of the width and the height."""


def background_images() -> Iterator[Image.Image]:
    """Clean RGB pictures: scikit-image's sample photos, whole and in parts."""
    for name in PHOTOS:
        photo = packaged_photo(name)
        width, height = photo.size
        for left, top, right, bottom in _CROPS:
            yield photo.crop(
                (int(left * width), int(top * height), int(right * width), int(bottom * height))
            )


def packaged_photo(name: str) -> Image.Image:
    """Return one of scikit-image's sample photos, clean and RGB."""
    with Image.open(_package_folder("skimage") / "data" / name) as opened:
        return opened.convert("RGB")


def background_texts() -> list[str]:
    """List ImageNet's thousand class names, each by its first lemma, as timm carries them."""
    folder = _package_folder("timm") / "data" / "_info"
    synsets = (folder / "imagenet_synsets.txt").read_text(encoding="utf-8").split()
    lines = (folder / "imagenet_synset_to_lemma.txt").read_text(encoding="utf-8").splitlines()
    lemmas = dict(line.split("\t", 1) for line in lines)
    return sorted({lemmas[synset].split(",")[0] for synset in synsets})


def _package_folder(name: str) -> Path:
    """Find where a package lies, without importing it: timm brings torch with it."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"The package {name} is not installed.")
    return Path(spec.submodule_search_locations[0])
