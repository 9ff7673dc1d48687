"""Made-up signatures: writing in one go, wide, slanted, with loops and a flourish.

A pen that writes swings up and down while it moves on (Hollerbach 1981). A signature is the row of
its turning points: how far each is from the last, how high it stands, and which way the pen passes
through it: to the right in an arch, to the left in a loop, not at all in a cusp.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from recognition.encoders.drawings.strokes.glyphs import (
    POINTS,
    Floats,
    Glyphs,
    draw_glyphs,
    make_glyphs,
)

TURNS = 34
STEPS = 11
EXTRA = 3
"""Strokes beside the writing: a capital, a line under it, dots and bars."""


@dataclass(frozen=True)
class Signatures:
    """``n`` signatures. ``advance``, ``height`` and ``through`` (n, t) are of the turning points;
    ``pen`` (n, t) says whether the pen is down on the way there; ``slant`` and ``slope`` (n,) are
    of the whole; ``extra`` are characters of ``EXTRA`` strokes, with their ``place`` (n, 2) and
    ``size`` (n, 2).
    """

    advance: Floats
    height: Floats
    through: Floats
    pen: NDArray[np.bool_]
    slant: Floats
    slope: Floats
    place: Floats
    size: Floats
    extra: Glyphs

    def __len__(self) -> int:
        return len(self.slant)

    def take(self, rows: NDArray[np.int64]) -> Signatures:
        """Take the signatures at ``rows``, in that order, each as often as it is named."""
        taken = {f.name: getattr(self, f.name) for f in fields(self)}
        extra = taken.pop("extra").take(rows)
        return Signatures(**{name: array[rows] for name, array in taken.items()}, extra=extra)


SIBLINGS = 0.25
"""How often a signature shares most of its letters with the one before it."""


def make_signatures(generator: np.random.Generator, count: int) -> Signatures:
    """Make up ``count`` signatures."""
    n, at = count, (count, TURNS)
    turns = generator.integers(6, TURNS + 1, (n, 1))
    used = np.arange(TURNS) < turns
    rate = np.exp(generator.normal(np.log(0.27), 0.4, (n, 1)))
    advance = rate * generator.gamma(3.0, 1 / 3.0, at)
    upper = np.arange(TURNS) % 2 == 1
    tall = generator.random(at)
    often = generator.uniform(0.05, 0.35, (n, 1))
    x_height = generator.uniform(0.3, 0.7, (n, 1))
    up = np.where(tall < often, generator.uniform(1.0, 1.8, at), x_height)
    down = np.where(tall < often * 0.7, -generator.uniform(0.4, 1.2, at), 0.0)
    height = np.where(upper, up, down) + generator.normal(0, 0.1, at)
    # Hurried writing flattens towards its end; a capital begins larger.
    fade = generator.uniform(0.0, 0.9, (n, 1)) * (generator.random((n, 1)) < 0.4)
    height *= 1.0 - fade * np.arange(TURNS) / np.maximum(turns, 1)
    initial = np.arange(TURNS) < generator.integers(0, 5, (n, 1))
    height = np.where(initial, height * generator.uniform(1.2, 2.6, at), height)
    advance = np.where(initial, advance * generator.uniform(0.6, 2.2, at), advance)
    style = generator.dirichlet((1.2, 1.2, 1.0), n)
    way = generator.random(at)
    loop, arch = way < style[:, :1], way > 1 - style[:, 1:2]
    width = generator.uniform(0.4, 1.6, at)
    through = np.where(loop, -width, np.where(arch, width, 0.1 * width))
    # The last swings may run out into a flourish.
    last = (np.arange(TURNS) >= turns - generator.integers(0, 4, (n, 1))) & used
    out = generator.random((n, 1)) < 0.5
    swing = generator.normal(0.8, 1.4, at)
    advance = np.where(last & out, swing, advance)
    height = np.where(last & out, generator.normal(0, 1.0, at), height)
    through = np.where(last & out, generator.normal(0, 2.0, at), through)
    pen = used & (generator.random(at) > generator.uniform(0.0, 0.14, (n, 1)))
    extra = make_glyphs(generator, n, 1)
    extra.count[:] = np.minimum(generator.choice(EXTRA + 1, n, p=(0.3, 0.3, 0.25, 0.15)), EXTRA)
    place, size = _places(generator, n)
    slant = generator.normal(0.35, 0.3, n)
    slope = generator.normal(0.06, 0.1, n)
    made = Signatures(
        advance=(advance * used).astype(np.float32),
        height=(height * used).astype(np.float32),
        through=(through * used).astype(np.float32),
        pen=pen,
        slant=slant.astype(np.float32),
        slope=slope.astype(np.float32),
        place=place.astype(np.float32),
        size=size.astype(np.float32),
        extra=extra,
    )
    return _with_siblings(generator, made)


def _places(generator: np.random.Generator, n: int) -> tuple[NDArray[np.float64], ...]:
    """Draw where the strokes beside the writing are, in shares of its width and in heights: a
    capital before it, a line under or through it, or anywhere.
    """
    kind = generator.choice(3, n, p=(0.4, 0.35, 0.25))[:, None]
    capital = np.stack([generator.uniform(-0.15, 0.05, n), generator.uniform(-0.5, 0.3, n)], -1)
    under = np.stack([generator.uniform(-0.05, 0.4, n), generator.uniform(-1.2, 0.3, n)], -1)
    anywhere = np.stack([generator.uniform(0.0, 0.8, n), generator.uniform(-0.5, 0.8, n)], -1)
    place = np.select([kind == 0, kind == 1], [capital, under], anywhere)
    size = np.select(
        [kind == 0, kind == 1],
        [
            np.stack([generator.uniform(0.1, 0.3, n), generator.uniform(1.5, 2.8, n)], -1),
            np.stack([generator.uniform(0.4, 1.0, n), generator.uniform(0.1, 0.8, n)], -1),
        ],
        np.stack([generator.uniform(0.05, 0.3, n), generator.uniform(0.3, 1.5, n)], -1),
    )
    return place, size


def _with_siblings(generator: np.random.Generator, made: Signatures) -> Signatures:
    n = len(made)
    sibling = generator.random(n) < SIBLINGS
    sibling[0] = False
    for row in np.flatnonzero(sibling):
        kept = generator.random(TURNS) < 0.6
        for name in ("advance", "height", "through"):
            array = getattr(made, name)
            array[row] = np.where(kept, array[row - 1], array[row])
        made.slant[row] = made.slant[row - 1]
    return made


def draw_signatures(
    generator: np.random.Generator, made: Signatures, loose: float = 1.0
) -> tuple[Floats, NDArray[np.bool_]]:
    """Sign each once: points (n, p, 2), y downwards, and which of them the pen draws."""
    n = len(made)
    level = (loose * generator.uniform(0.5, 1.5, (n, 1))).astype(np.float32)

    def noise(*shape: int) -> Floats:
        return generator.standard_normal(shape, dtype=np.float32)

    at = n, TURNS
    advance = made.advance * np.exp(0.17 * level * noise(*at)) + 0.03 * level * noise(*at)
    height = made.height * np.exp(0.10 * level * noise(*at)) + 0.07 * level * noise(*at)
    through = made.through * np.exp(0.25 * level * noise(*at)) + 0.08 * level * noise(*at)
    x = np.cumsum(advance, -1)
    writing = _swings(x, height, through)
    width = np.maximum(x.max(-1, keepdims=True) - x.min(-1, keepdims=True), 0.5)
    beside, shown = draw_glyphs(generator, made.extra)
    beside, shown = beside[:, : EXTRA * POINTS], shown[:, : EXTRA * POINTS]
    size, place = made.size.copy(), made.place + 0.04 * level * noise(n, 2)
    size = size * np.exp(0.1 * level * noise(n, 2))
    left = x.min(-1, keepdims=True) + place[:, :1] * width
    beside = np.stack(
        [
            left + beside[..., 0] * size[:, :1] * width,
            place[:, 1:] - (beside[..., 1] - 0.5) * size[:, 1:],
        ],
        -1,
    )
    points = np.concatenate([writing, beside], 1)
    slant = made.slant + 0.07 * level[:, 0] * noise(n)
    slope = made.slope + 0.04 * level[:, 0] * noise(n)
    across = points[..., 0] + slant[:, None] * points[..., 1]
    upwards = points[..., 1] + slope[:, None] * points[..., 0]
    pen = np.repeat(made.pen[:, 1:], STEPS, axis=1)
    return np.stack([across, -upwards], -1).astype(np.float32), np.concatenate([pen, shown], 1)


def _swings(x: Floats, y: Floats, through: Floats) -> Floats:
    """Cubic Hermite curves between turning points, level at each: (n, (t - 1) * STEPS, 2)."""
    u = ((np.arange(STEPS, dtype=np.float32) + 0.5) / STEPS)[:, None]
    basis = np.concatenate(
        [2 * u**3 - 3 * u**2 + 1, u**3 - 2 * u**2 + u, -2 * u**3 + 3 * u**2, u**3 - u**2], 1
    )
    across = np.stack([x[:, :-1], through[:, :-1], x[:, 1:], through[:, 1:]], -1) @ basis.T
    level = np.zeros_like(y[:, :-1])
    upwards = np.stack([y[:, :-1], level, y[:, 1:], level], -1) @ basis.T
    return np.stack([across, upwards], -1).reshape(len(x), -1, 2)
