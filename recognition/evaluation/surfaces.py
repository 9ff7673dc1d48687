"""How well one good part tells good from defective ones, and whether a false-alarm rate holds.

What good parts are like by chance is taken from one half of a set; rates are told of the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageEnhance, ImageFilter, ImageOps
from sklearn.metrics import roc_auc_score

from recognition.encoders.patches.shape import FINE, PatchMap
from recognition.images.laid_over import grey, laid_over
from recognition.matching.surfaces.chance import GoodParts
from recognition.matching.surfaces.placed import placed_residuals
from recognition.matching.surfaces.registration import SIDE, register
from recognition.matching.surfaces.standing_out import PLACED, TEXTURE
from recognition.matching.surfaces.texture import Subspace, coarse

See = Callable[[Image.Image], PatchMap]
"""A clean RGB image to its patches."""

TURN = 0.7
"""Degrees that a part that is photographed again is turned by at most, either way."""

SHIFT = 5
"""Pixels that it is shifted by at most, either way."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A part compared with a good one: the statistic, and whether it is defective."""

    reference: int
    statistic: float
    defective: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What was found on a half: the AUROC and, for each rate that was aimed for, the share of good
    parts that were told defective and of defective ones that were found.
    """

    auroc: float
    good: int
    defective: int
    rates: tuple[tuple[float, float, float], ...]


def told(tune: Sequence[Asked], report: Sequence[Asked], fars: Sequence[float]) -> Told:
    """Set the threshold by the good parts of ``tune`` and say how ``report`` fares."""
    chance = GoodParts.of([each.statistic for each in tune if not each.defective])
    good = np.array([each.statistic for each in report if not each.defective])
    bad = np.array([each.statistic for each in report if each.defective])
    rates = []
    for far in fars:
        threshold = chance.threshold(far)
        rates.append((far, float((good > threshold).mean()), float((bad > threshold).mean())))
    return Told(_auroc(report), len(good), len(bad), tuple(rates))


def _auroc(asked: Sequence[Asked]) -> float:
    """Return the mean over references where each was asked about both, else that of all."""
    by_reference: dict[int, list[Asked]] = {}
    for each in asked:
        by_reference.setdefault(each.reference, []).append(each)
    groups = list(by_reference.values())
    if min(sum(not each.defective for each in group) for group in groups) < 2:
        groups = [list(asked)]
    return float(
        np.mean(
            [
                roc_auc_score([e.defective for e in group], [e.statistic for e in group])
                for group in groups
            ]
        )
    )


def by_texture(
    parts: Sequence[tuple[Image.Image, bool]], see: See, *, say: Callable[[str], Any]
) -> list[Asked]:
    """Compare every part, an image and whether it is defective, with each good one but itself."""
    say(f"surfaces by their texture: {len(parts)} parts")
    seen = [_texture(see(image)) for image, _ in parts]
    asked = []
    for reference, (image, defective) in enumerate(parts):
        if defective:
            continue
        normal = Subspace.of([_texture(see(view)) for view in good_views(image)])
        asked += [
            Asked(reference, TEXTURE.statistic(normal.residuals(seen[at])), is_defective)
            for at, (_, is_defective) in enumerate(parts)
            if at != reference
        ]
    return asked


def by_place(
    pairs: Sequence[tuple[Image.Image, Image.Image]], see: See, *, say: Callable[[str], Any]
) -> list[Asked]:
    """Compare photos taken again of a good and of a defective part with the good one, laid over it.

    Pairs are good and defective. Both are turned, shifted, blurred, dimmed and made noisy alike.
    """
    say(f"surfaces laid over one another: {len(pairs)} pairs")
    random = np.random.default_rng(0)
    asked = []
    for number, (good, bad) in enumerate(pairs):
        model = see(good)[..., :FINE]
        for image, defective in ((good, False), (bad, True)):
            query = photographed_again(image, random)
            found = register(grey(good, SIDE), grey(query, SIDE))
            fine = see(laid_over(good, query, found.matrix))[..., :FINE]
            statistic = PLACED.statistic(placed_residuals(model, fine))
            asked.append(Asked(number, statistic, defective))
    return asked


def good_views(image: Image.Image) -> Iterator[Image.Image]:
    """Yield the looks at a good part that are normal, too: mirrored, turned, darker, brighter."""
    yield image
    yield ImageOps.mirror(image)
    yield ImageOps.flip(image)
    yield image.transpose(Image.Transpose.ROTATE_180)
    for brightness in (0.8, 1.25):
        yield ImageEnhance.Brightness(image).enhance(brightness)


def photographed_again(image: Image.Image, random: np.random.Generator) -> Image.Image:
    """Return a photo of the same part as another moment, hand and lamp would have made it."""
    turned = image.rotate(
        random.uniform(-TURN, TURN),
        Image.Resampling.BICUBIC,
        translate=tuple(random.integers(-SHIFT, SHIFT + 1, 2).tolist()),
        fillcolor=image.getpixel((2, 2)),
    )
    blurred = turned.filter(ImageFilter.GaussianBlur(random.uniform(0.0, 1.0)))
    pixels: NDArray[np.float64] = np.asarray(blurred, np.float64)
    grain = random.normal(0.0, random.uniform(1.0, 6.0), pixels.shape[:2])[..., None]
    lit = pixels * random.uniform(0.8, 1.0) + random.uniform(0.0, 25.0) + grain
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def _texture(patches: PatchMap) -> NDArray[np.floating]:
    return coarse(patches[..., FINE:])
