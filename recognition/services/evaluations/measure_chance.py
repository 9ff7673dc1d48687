"""What chance looks like to an encoder, measured on kinds of things."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from recognition.core.errors import ImageError, InvalidInput
from recognition.core.types import Domain
from recognition.encoders.protocol import InspectingEncoder
from recognition.images import open_image
from recognition.matching.impostors import fisher
from recognition.matching.measuring import measured_domain_prior, measured_prior
from recognition.matching.prior import Prior
from recognition.services.encoders.background import background_for
from recognition.services.evaluations.labelled_images import embed_pictures
from recognition.services.limits import image_limits

FEWEST_THINGS = 8
"""Pictures that a kind needs to say how alike its things are."""

FEWEST_KINDS = 12
"""Kinds that are needed to say how far kinds differ."""

FEWEST_OF_DOMAIN, FEWEST_SOURCES = 4, 6
"""The same for an encoder of one domain: pictures of a source, and sources."""

MOST_THINGS = 60
"""Pictures of a kind that are looked at."""


def measure_chance(*, encoder: InspectingEncoder, folder: Path, source: str) -> Prior:
    """Measure how alike different things of one kind are to an encoder.

    ``folder`` has a folder a kind, with one picture of each thing; ``source`` says where they are
    from. Takes as long as embedding them. Raises InvalidInput where there are too few.
    """
    if encoder.spec.domain is not Domain.GENERAL:
        return _measure_domain(encoder, folder, source)
    background = background_for(encoder)
    scores, looks = {}, {}
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        pictures = list(_pictures(kind, encoder.spec.input_size))
        if len(pictures) >= FEWEST_THINGS:
            looks[kind.name] = background.looks(embed_pictures(pictures, encoder))
            scores[kind.name] = fisher((looks[kind.name] @ looks[kind.name].T).astype(float))
    if len(scores) < FEWEST_KINDS:
        raise InvalidInput(
            f"There are {len(scores)} kinds with {FEWEST_THINGS} pictures each in {folder}; "
            f"{FEWEST_KINDS} are needed."
        )
    return measured_prior(scores, looks, source)


def _measure_domain(encoder: InspectingEncoder, folder: Path, source: str) -> Prior:
    kinds = {}
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        pictures = list(_pictures(kind, encoder.spec.input_size))
        if len(pictures) >= FEWEST_OF_DOMAIN:
            kinds[kind.name] = embed_pictures(pictures, encoder)
    if len(kinds) < FEWEST_SOURCES:
        raise InvalidInput(
            f"There are {len(kinds)} sources with {FEWEST_OF_DOMAIN} pictures each in {folder}; "
            f"{FEWEST_SOURCES} are needed."
        )
    return measured_domain_prior(kinds, source)


def _pictures(kind: Path, fit: int) -> Iterator[Image.Image]:
    """Yield the pictures that can be read; of many the first by name."""
    for path in sorted(kind.iterdir())[:MOST_THINGS]:
        try:
            yield open_image(path.read_bytes(), limits=image_limits(), fit=fit)
        except (ImageError, IsADirectoryError):
            continue
