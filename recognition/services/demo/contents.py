"""What the demo gallery holds: photos that scikit-image ships."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps


@dataclass(frozen=True, slots=True)
class Shown:
    """A category with one example image."""

    name: str
    photo: str


@dataclass(frozen=True, slots=True)
class Described:
    """A category with a description and no image."""

    name: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: a photo, altered unless ``view`` is ``as it is``; ``name`` is None for unknown."""

    photo: str
    view: str
    name: str | None


CATEGORIES: tuple[Shown | Described, ...] = (
    Shown("Chelsea the cat", "chelsea.png"),
    Shown("Cup of coffee", "coffee.png"),
    Shown("Motorcycle", "motorcycle_left.png"),
    Shown("Astronaut", "astronaut.png"),
    Shown("Roman coins", "coins.png"),
    Shown("Moon", "moon.png"),
    Shown("Retina", "retina.jpg"),
    Shown("Brick wall", "brick.png"),
    Shown("Deep field", "hubble_deep_field.jpg"),
    Described("Rocket", "a rocket on its launch pad"),
    Described("Tripod", "a camera on a tripod"),
)

QUERIES: tuple[Asked, ...] = (
    Asked("chelsea.png", "nearer", "Chelsea the cat"),
    Asked("coffee.png", "turned", "Cup of coffee"),
    Asked("motorcycle_right.png", "as it is", "Motorcycle"),
    Asked("astronaut.png", "darker", "Astronaut"),
    Asked("coins.png", "nearer", "Roman coins"),
    Asked("moon.png", "turned", "Moon"),
    Asked("retina.jpg", "mirrored", "Retina"),
    Asked("brick.png", "darker", "Brick wall"),
    Asked("rocket.jpg", "as it is", "Rocket"),
    Asked("camera.png", "as it is", "Tripod"),
    Asked("horse.png", "as it is", None),
    Asked("page.png", "as it is", None),
)


def photo(name: str) -> bytes:
    """Read a photo as the package ships it."""
    spec = find_spec("skimage")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("scikit-image is not installed")
    return (Path(spec.origin).parent / "data" / name).read_bytes()


def query_image(asked: Asked) -> bytes:
    """Return the query's image: another look at the thing, never the enrolled file."""
    data = photo(asked.photo)
    if asked.view == "as it is":
        return data
    with Image.open(BytesIO(data)) as opened:
        image = opened.convert("RGB")
    buffer = BytesIO()
    altered(image, asked.view).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def altered(image: Image.Image, view: str) -> Image.Image:
    width, height = image.size
    middle = (width // 8, height // 8, width * 7 // 8, height * 7 // 8)
    match view:
        case "nearer":
            return image.crop(middle)
        case "turned":
            return image.rotate(10, resample=Image.Resampling.BICUBIC).crop(middle)
        case "darker":
            return ImageEnhance.Brightness(image).enhance(0.6)
        case _:
            return ImageOps.mirror(image)
