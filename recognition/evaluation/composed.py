"""Photos that show several people, composed of photos of one each, whose truth is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from recognition.core.regions import Box
from recognition.core.types import Ids, Matrix
from recognition.evaluation.labelled import as_support
from recognition.matching.background import Background
from recognition.matching.decisions import decide_regions
from recognition.matching.fit import fit

FEWEST, MOST = 2, 5
"""People in a photo."""

SIDES = (1280, 960)
"""Pixels of a composed photo, as a phone sends one to a page."""

COLUMNS, ROWS = 3, 2
"""Places for people: no one stands before another."""

HEIGHTS = (0.4, 0.95)
"""How much of its place a photo takes, from and to: faces are then 0.07 to 0.2 of the width."""

MOST_ENLARGED = 3.0
"""How much a photo is enlarged at most: there is no more to see in it."""

SEAM = 0.06
"""Share of a pasted photo's width over which it fades into the ground."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One person in a composed photo: whose number ``person`` is, by which photo, and where."""

    person: int
    photo: int
    box: Box


@dataclass(frozen=True, slots=True)
class Composed:
    """A photo and whom it shows."""

    image: Image.Image
    people: tuple[Shown, ...]


def compose(
    photos: Sequence[Image.Image],
    owners: Sequence[int],
    ground: Image.Image,
    rng: np.random.Generator,
) -> Composed:
    """Show ``FEWEST`` to ``MOST`` different people in one photo.

    ``photos`` are of one person each, ``owners`` says of whom. Each is pasted at another place and
    scale, its edges fading into ``ground``, a photo without people.
    """
    image = _filled(ground, rng)
    of_photo = np.asarray(owners)
    everybody = np.unique(of_photo)
    count = min(int(rng.integers(FEWEST, MOST + 1)), len(everybody))
    places = rng.permutation(COLUMNS * ROWS)[:count]
    shown = []
    for person, place in zip(rng.permutation(everybody)[:count], places, strict=True):
        photo = int(rng.choice(np.flatnonzero(of_photo == person)))
        box = _pasted(image, photos[photo], int(place), rng)
        shown.append(Shown(int(person), photo, box))
    return Composed(image, tuple(shown))


def _filled(ground: Image.Image, rng: np.random.Generator) -> Image.Image:
    """A part of a photo, of the shape of a composed one."""
    scale = max(SIDES[0] / ground.width, SIDES[1] / ground.height)
    width, height = SIDES[0] / scale, SIDES[1] / scale
    left = float(rng.uniform(0, max(ground.width - width, 1e-6)))
    top = float(rng.uniform(0, max(ground.height - height, 1e-6)))
    box = (left, top, min(left + width, ground.width), min(top + height, ground.height))
    return ground.convert("RGB").resize(SIDES, Image.Resampling.BICUBIC, box=box)


def _pasted(image: Image.Image, photo: Image.Image, place: int, rng: np.random.Generator) -> Box:
    wide, high = SIDES[0] // COLUMNS, SIDES[1] // ROWS
    share = float(rng.uniform(*HEIGHTS))
    scale = min(share * wide / photo.width, share * high / photo.height, MOST_ENLARGED)
    size = round(photo.width * scale), round(photo.height * scale)
    left = place % COLUMNS * wide + int(rng.integers(0, wide - size[0] + 1))
    top = place // COLUMNS * high + int(rng.integers(0, high - size[1] + 1))
    pasted = photo.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    image.paste(pasted, (left, top), _fading(size))
    return Box(left, top, *size)


def _fading(size: tuple[int, int]) -> Image.Image:
    """A mask that is 255 inside and fades to nothing at the edges."""
    seam = max(1, round(SEAM * size[0]))
    mask = Image.new("L", size, 0)
    mask.paste(255, (seam, seam, size[0] - seam, size[1] - seam))
    return mask.filter(ImageFilter.GaussianBlur(seam / 2))


Find = Callable[[Image.Image], tuple[Sequence[Box], Matrix]]
"""Give the boxes of what stands out in a photo and their embeddings ``(r, d)``."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in a composed photo: the embeddings ``(r, d)`` of its regions, whom each shows
    (None where nobody is), and everybody whom the photo shows.
    """

    vectors: Matrix
    shown: tuple[int | None, ...]
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class ComposedResults:
    """Shares at one rate, over ``photos`` that were each asked of several galleries.

    ``found`` is of all people in the photos, ``nobody`` the number of regions that show none;
    ``named`` and ``misnamed`` are of the people enrolled, and ``strangers`` of all photos: those in
    which anybody not enrolled got a name.
    """

    shots: int
    far: float
    photos: int
    found: float
    nobody: int
    named: float
    misnamed: float
    strangers: float


def look(photo: Composed, find: Find) -> Looked:
    """Find everybody in a composed photo: a region shows whom its centre lies on."""
    boxes, vectors = find(photo.image)
    shown = tuple(_at_centre(box, photo.people) for box in boxes)
    return Looked(vectors, shown, frozenset(each.person for each in photo.people))


def measured(
    photos: Sequence[Looked],
    references: Matrix,
    owners: Ids,
    background: Background,
    *,
    shots: int,
    far: float,
    draws: int,
    enrolled: float,
    seed: int = 0,
) -> ComposedResults:
    """Ask galleries of a share of all people, drawn ``draws`` times, what each photo shows.

    ``references`` ``(n, d)`` are of the people ``owners`` ``(n,)``, the first ``shots`` of each
    count; no photo is composed of any.
    """
    everybody = np.unique(owners)
    known = named = misnamed = strangers = 0
    for draw in range(draws):
        order = np.random.default_rng(seed + draw).permutation(everybody)
        inside = {int(each) for each in order[: max(1, round(enrolled * len(everybody)))]}
        rows = [row for each in sorted(inside) for row in np.flatnonzero(owners == each)[:shots]]
        support = as_support(references[rows], owners[rows])
        model = fit(support, background, calibrate=False)
        ready = model.prepare(support)
        for photo in photos:
            known += len(photo.people & inside)
            decisions = decide_regions(model, photo.vectors, ready, far=far)
            answers = [each.category for each in decisions]
            pairs = list(zip(photo.shown, answers, strict=True))
            named += sum(who in inside and answer == who for who, answer in pairs)
            misnamed += sum(who in inside and answer not in {who, None} for who, answer in pairs)
            strangers += any(who not in inside and answer is not None for who, answer in pairs)
    seen = [{who for who in photo.shown if who is not None} for photo in photos]
    return ComposedResults(
        shots,
        far,
        len(photos),
        sum(map(len, seen)) / sum(len(photo.people) for photo in photos),
        sum(who is None for photo in photos for who in photo.shown),
        named / max(known, 1),
        misnamed / max(known, 1),
        strangers / (draws * len(photos)),
    )


def _at_centre(box: Box, people: Sequence[Shown]) -> int | None:
    x, y = box.x + box.width / 2, box.y + box.height / 2
    for each in people:
        left, top, right, bottom = each.box.edges
        if left <= x <= right and top <= y <= bottom:
            return each.person
    return None
