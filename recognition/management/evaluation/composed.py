"""Photos of several people, composed of photos of one each from sets in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
from django.core.management.base import CommandError
from PIL import Image

from recognition.core.regions import Box
from recognition.core.types import Domain, Ids, Matrix
from recognition.encoders.protocol import InspectingEncoder
from recognition.evaluation.composed import ComposedResults, Looked, compose, look, measured
from recognition.images.regions import PhotoRegion
from recognition.management.evaluation.measuring import Bench, Report
from recognition.services.evaluations.labelled_images import embed_pictures

FACES = ("orl-faces", "faces-lfw10")
GROUND = "groceries"
EVERY = 5
"""Of the photos of the ground, one in so many."""

PHOTOS = 300
DRAWS = 10


def composed_report(folder: Path, bench: Bench) -> Report:
    """Measure an encoder of faces on composed photos, of which a share of the people is enrolled.

    The first photos of each person, as many as the most ``shots``, are references, and the others
    are what photos are composed of. Raises CommandError where sets are missing.
    """
    if bench.encoder.spec.domain is not Domain.FACES:
        raise CommandError("--composed wants an encoder of faces: --encoder faces.")
    chosen = bench.options
    images, owners = _people(folder)
    first = _rank(owners) < max(chosen.shots)
    references = embed_pictures([images[row] for row in np.flatnonzero(first)], bench.encoder)
    photos = list(_looked(images, owners, ~first, folder / GROUND, bench))
    found = [
        measured(
            photos,
            references,
            owners[first],
            bench.background,
            shots=shots,
            far=far,
            draws=DRAWS,
            enrolled=chosen.enrolled,
            seed=chosen.seed,
        )
        for shots in chosen.shots
        for far in chosen.far
    ]
    title = f"{PHOTOS} photos composed of {len(np.unique(owners))} people, {DRAWS} draws"
    header = ("shots", "target", "faces found", "of nobody", "named", "misnamed", "strangers named")
    return Report(title, header, [_cells(each) for each in found], [*map(asdict, found)])


def _cells(found: ComposedResults) -> tuple[str, ...]:
    shares = (found.named, found.misnamed, found.strangers)
    return (
        str(found.shots),
        f"{found.far:.1%}",
        f"{found.found:.1%}",
        str(found.nobody),
        *(f"{share:.1%}" for share in shares),
    )


def _people(folder: Path) -> tuple[list[Image.Image], Ids]:
    people = [
        person
        for name in FACES
        if (folder / name).is_dir()
        for person in sorted(each for each in (folder / name).iterdir() if each.is_dir())
    ]
    if len(people) < 2 or not (folder / GROUND).is_dir():
        raise CommandError(f"{folder} has none of {', '.join(FACES)}, or no {GROUND}.")
    files = [sorted(each.iterdir()) for each in people]
    owners = np.repeat(np.arange(len(people)), [len(each) for each in files])
    return [_opened(path) for each in files for path in each], owners


def _rank(owners: Ids) -> Ids:
    """Count how many photos of the same person come before each."""
    firsts = np.searchsorted(owners, owners)
    ranks: Ids = np.arange(len(owners)) - firsts
    return ranks


def _looked(
    images: list[Image.Image], owners: Ids, usable: np.ndarray, ground: Path, bench: Bench
) -> Iterator[Looked]:
    generator = np.random.default_rng(bench.options.seed)
    grounds = [path for path in sorted(ground.glob("*/*")) if path.stem != "iconic"][::EVERY]
    rows = np.flatnonzero(usable)
    shown = [images[row] for row in rows]
    for number in range(PHOTOS):
        under = _opened(grounds[int(generator.integers(len(grounds)))])
        photo = compose(shown, owners[rows].tolist(), under, generator)
        yield look(photo, lambda image: _found(image, bench.encoder))
        if (number + 1) % 50 == 0:
            bench.say(f"composed: {number + 1} of {PHOTOS} photos")


def _found(image: Image.Image, encoder: InspectingEncoder) -> tuple[list[Box], Matrix]:
    boxes = [region.box for region in encoder.find_regions(image).regions]
    if not boxes:
        return [], np.empty((0, encoder.spec.dimension), np.float32)
    return boxes, encoder.encode_regions([PhotoRegion(image, box) for box in boxes])


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")
