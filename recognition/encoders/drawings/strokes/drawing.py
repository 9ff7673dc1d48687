"""Points of strokes to ink on a canvas: bent, slanted, drawn by pens of many kinds, cut out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.encoders.drawings.canvases import MARGIN, Canvas
from recognition.encoders.drawings.strokes.glyphs import Floats

LONGEST_STEP = 9.0
"""Pixels from one point of a stroke to its next at most."""

_GAUSSIAN = np.float32(np.sqrt(2 * np.pi))

_WAVES = 3


@dataclass(frozen=True)
class Hand:
    """The bends of a drawing as a whole: deviations of its turn in radians, of its slant, of the
    logarithm of its aspect ratio, and of the waves that bend it, in shares of its size.
    """

    turn: float = 0.13
    slant: float = 0.15
    aspect: float = 0.16
    waves: float = 0.022
    thickest: float = 1.25
    """Deviation of the thickest pen's dots, in pixels."""


GLYPH_HAND = Hand()
SIGNATURE_HAND = Hand(turn=0.07, slant=0.08, aspect=0.14, waves=0.016, thickest=0.95)


def bend(
    generator: np.random.Generator, points: Floats, shown: NDArray[np.bool_], hand: Hand
) -> Floats:
    """Bend the points (n, p, 2) to where another hand would have placed them, the whole of size
    one.
    """
    n = len(points)

    def noise(*shape: int) -> Floats:
        return generator.standard_normal(shape, dtype=np.float32)

    low, high = _box(points, shown)
    size = np.maximum((high - low).max(-1), 1e-3)[:, None, None]
    points = (points - ((low + high) / 2)[:, None]) / size
    level = generator.uniform(0.4, 1.6, (n, 1, 1)).astype(np.float32)
    # Waves longer than the drawing move it apart; short ones make it shaky, and are smaller.
    frequency = generator.uniform(0.4, 1.6, (n, _WAVES, 1)).astype(np.float32)
    direction = _directions(generator, n)
    phase = 2 * np.pi * (points @ np.swapaxes(direction * frequency, 1, 2))
    phase = phase + generator.uniform(0, 2 * np.pi, (n, 1, _WAVES)).astype(np.float32)
    swing = noise(n, _WAVES, 2) * level * hand.waves / frequency
    bent = points + np.sin(phase) @ swing
    tremor = noise(n, points.shape[1], 2)
    tremor = (tremor + np.roll(tremor, 1, 1) + np.roll(tremor, 2, 1)) / 3
    bent += tremor * generator.uniform(0.0, 0.012, (n, 1, 1)).astype(np.float32)
    turn = hand.turn * noise(n)
    aspect = np.exp(hand.aspect * noise(n) / 2)
    slant = hand.slant * noise(n)
    cos, sin = np.cos(turn), np.sin(turn)
    shape = np.stack(
        [np.stack([aspect, slant / aspect], -1), np.stack([0 * aspect, 1 / aspect], -1)], 1
    )
    rotation = np.stack([np.stack([cos, -sin], -1), np.stack([sin, cos], -1)], 1)
    result: Floats = (bent @ np.swapaxes(rotation @ shape, 1, 2)).astype(np.float32)
    return result


def _directions(generator: np.random.Generator, n: int) -> Floats:
    angle = generator.uniform(0, 2 * np.pi, (n, _WAVES))
    return np.stack([np.cos(angle), np.sin(angle)], -1).astype(np.float32)


def ink(
    generator: np.random.Generator,
    points: Floats,
    shown: NDArray[np.bool_],
    canvas: Canvas,
    hand: Hand,
) -> NDArray[np.uint8]:
    """Draw points (n, p, 2) with a pen each, fitted to a canvas: (n, height, width), 255 is ink."""
    n = len(points)
    fitted = _fit(generator, points, shown, canvas)
    weight = _gaps(generator, shown.shape) * _pressure(generator, shown.shape)
    sigma = np.exp(generator.uniform(np.log(0.55), np.log(hand.thickest), (n, 1)))
    sigma = np.clip(sigma * _pressure(generator, shown.shape), 0.5, 1.5).astype(np.float32)
    ahead = np.roll(fitted, -1, 1)
    step = np.linalg.norm(ahead - fitted, axis=-1)
    joined = shown & np.roll(shown, -1, 1)
    # A jump of the pen from one stroke to the next is no ink.
    joined &= step < LONGEST_STEP
    joined[:, -1] = False
    # Every step is drawn by its first point and its middle, a dot by a point of some ink.
    weight = weight * np.where(joined, step / 2, np.where(shown, 0.03, 0.0)).astype(np.float32)
    middle = np.where(joined, weight, np.float32(0.0))
    dots = np.concatenate([fitted, (fitted + ahead) / 2], 1)
    total = _sum_of_dots(
        dots, np.concatenate([weight, middle], 1), np.concatenate([sigma, sigma], 1), canvas
    )
    gain = generator.uniform(1.6, 3.2, (n, 1, 1)).astype(np.float32)
    return _on_paper(generator, np.minimum(total * gain, 1.0))


def _fit(
    generator: np.random.Generator, points: Floats, shown: NDArray[np.bool_], canvas: Canvas
) -> Floats:
    """Points in pixels of the canvas, about as large as it allows."""
    n = len(points)
    low, high = _box(points, shown)
    room = np.array([canvas[1], canvas[0]]) - 2 * MARGIN - 1
    scale = (room / np.maximum(high - low, 1e-3)).min(-1)
    scale *= generator.uniform(0.88, 1.01, n)
    middle = np.array([canvas[1], canvas[0]]) / 2 - 0.5
    shift = middle + generator.normal(0, 0.7, (n, 2))
    fitted: Floats = (points - ((low + high) / 2)[:, None]) * scale[:, None, None] + shift[:, None]
    return fitted.astype(np.float32)


def _box(points: Floats, shown: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    mask = shown[..., None]
    low = np.where(mask, points, np.inf).min(1)
    high = np.where(mask, points, -np.inf).max(1)
    return low, high


def _gaps(generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """A dry pen leaves gaps, in one drawing of eight."""
    dry = generator.random((shape[0], 1)) < 0.12
    noise = generator.standard_normal(shape, dtype=np.float32)
    smooth = noise + np.roll(noise, 1, 1) + np.roll(noise, 2, 1)
    return np.where(dry & (smooth > 2.6), 0.1, 1.0).astype(np.float32)


def _pressure(generator: np.random.Generator, shape: tuple[int, int]) -> Floats:
    n, points = shape
    along = np.arange(points) / 48.0
    depth = generator.uniform(0.0, 0.35, (n, 1))
    frequency = generator.uniform(0.3, 2.0, (n, 1))
    phase = generator.uniform(0, 2 * np.pi, (n, 1))
    return (1.0 + depth * np.sin(2 * np.pi * frequency * along + phase)).astype(np.float32)


def _sum_of_dots(points: Floats, weight: Floats, sigma: Floats, canvas: Canvas) -> Floats:
    """The sum of Gaussian dots: a line of unit weight a pixel has a ridge of height one.

    A Gaussian is a product of one along each axis, so that a drawing is a product of two matrices.
    Drawings of about as many dots are drawn together.
    """
    order = np.argsort((weight > 0).sum(1), kind="stable")
    total = np.empty((len(points), *canvas), np.float32)
    columns, rows = (np.arange(side, dtype=np.float32) for side in (canvas[1], canvas[0]))
    for some in np.array_split(order, max(1, len(order) // 32)):
        most = int((weight[some] > 0).sum(1).max())
        first = np.argsort(weight[some] <= 0, axis=1, kind="stable")[:, :most]
        spread = np.take_along_axis(sigma[some], first, 1)
        amount = np.take_along_axis(weight[some], first, 1) / spread / _GAUSSIAN
        x, y = (np.take_along_axis(points[some, :, axis], first, 1) for axis in (0, 1))
        scale = -0.5 / spread**2
        # What is far away is cut off: processors are slow at numbers that are almost nothing.
        across = np.exp(np.maximum((x[..., None] - columns) ** 2 * scale[..., None], -30))
        down = np.exp(np.maximum((y[:, None] - rows[:, None]) ** 2 * scale[:, None], -30))
        down *= amount[:, None]
        total[some] = down @ across
    return total


def _on_paper(generator: np.random.Generator, drawn: Floats) -> NDArray[np.uint8]:
    """Do to ink what scanning does: blurred, thresholded, pale, with specks."""
    n, at = len(drawn), (len(drawn), 1, 1)
    blurred = drawn.copy()
    blurred[:, 1:-1] = (drawn[:, :-2] + 2 * drawn[:, 1:-1] + drawn[:, 2:]) / 4
    blurred[:, :, 1:-1] = (blurred[:, :, :-2] + 2 * blurred[:, :, 1:-1] + blurred[:, :, 2:]) / 4
    kind = generator.random(at)
    drawn = np.where(kind < 0.25, blurred, drawn)
    drawn = np.where(kind > 0.75, np.clip((drawn - 0.45) * 4 + 0.5, 0, 1), drawn)
    drawn = drawn * np.where(generator.random(at) < 0.3, generator.uniform(0.6, 1.0, at), 1.0)
    specks = np.flatnonzero(generator.random(n) < 0.1)
    for row in specks:
        y = generator.integers(0, drawn.shape[1], 3)
        x = generator.integers(0, drawn.shape[2], 3)
        drawn[row, y, x] = np.maximum(drawn[row, y, x], generator.random(3))
    return (drawn * 255.0 + 0.5).astype(np.uint8)
