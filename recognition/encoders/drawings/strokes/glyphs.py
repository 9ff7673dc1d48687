"""Made-up characters: a few strokes each, in alphabets whose characters are alike.

A stroke is what the hand does: portions that are drawn one after another, each so long and turning
by so much, with a corner between two of them. To draw a character again is to do the same with
other lengths and turns (after the motor programs of Lake et al. 2015, with no data to learn from).
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
"""Mostly float32, which is drawn in half the time."""

STROKES = 6
PORTIONS = 4
POINTS = 48
"""Points that are drawn of a stroke."""

STROKE_COUNTS = (0.16, 0.27, 0.25, 0.17, 0.09, 0.06)
"""How often a character has one stroke, two, and so on."""

SHARED = 0.55
"""How often a stroke is one of its alphabet's own shapes: characters of a script are built from a
few shapes."""

SHAPES = 8
"""Shapes of an alphabet."""

SIBLINGS = 0.35
"""How often a character is its neighbour with one thing changed: what is hardest to tell apart is
what has to be learnt."""

KINDS = (0.26, 0.19, 0.08, 0.14, 0.16, 0.13, 0.04)
"""How often a stroke is a line, an arc, a circle, an angle, a curve, a mixture or a dot."""


@dataclass(frozen=True)
class Glyphs:
    """``n`` characters. ``start`` (n, s, 2) is where a stroke begins, in a square of side one;
    ``heading`` (n, s) is its first direction in radians; ``length``, ``turn`` and ``corner``
    (n, s, p) are of its portions. ``host`` (n, s) is the earlier stroke on which it begins, or -1,
    and ``along`` (n, s) how far along that. ``count`` (n,) is the number of strokes.
    """

    start: Floats
    heading: Floats
    length: Floats
    turn: Floats
    corner: Floats
    host: NDArray[np.int64]
    along: Floats
    count: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.count)

    def take(self, rows: NDArray[np.int64]) -> Glyphs:
        """Take the characters at ``rows``, in that order, each as often as it is named."""
        return Glyphs(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True)
class _Shapes:
    heading: Floats
    length: Floats
    turn: Floats
    corner: Floats

    def take(self, index: tuple[NDArray[np.int64], ...]) -> _Shapes:
        return _Shapes(
            self.heading[index], self.length[index], self.turn[index], self.corner[index]
        )


def make_glyphs(generator: np.random.Generator, alphabets: int, each: int) -> Glyphs:
    """Make up ``alphabets`` times ``each`` characters, alphabet by alphabet."""
    n = alphabets * each
    glyphs = _independent(generator, alphabets, each)
    others = _independent(generator, alphabets, each)
    return _with_siblings(generator, glyphs, others, np.arange(n) % each > 0)


def _independent(generator: np.random.Generator, alphabets: int, each: int) -> Glyphs:
    n = alphabets * each
    own = _shapes(generator, (n, STROKES))
    pool = _shapes(generator, (alphabets, SHAPES))
    alphabet = np.repeat(np.arange(alphabets), each)[:, None] * np.ones(STROKES, np.int64)
    shared = pool.take((alphabet, generator.integers(0, SHAPES, (n, STROKES))))
    shared = _varied(generator, shared)
    chosen = generator.random((n, STROKES)) < SHARED
    heading = np.where(chosen, shared.heading, own.heading)
    length, turn, corner = (
        np.where(chosen[..., None], a, b)
        for a, b in (
            (shared.length, own.length),
            (shared.turn, own.turn),
            (shared.corner, own.corner),
        )
    )
    host = generator.integers(0, np.maximum(np.arange(STROKES), 1), (n, STROKES))
    host = np.where(generator.random((n, STROKES)) < 0.5, host, -1)
    host[:, 0] = -1
    ends = generator.choice([0.0, 0.25, 0.5, 0.75, 1.0], (n, STROKES))
    along = np.where(generator.random((n, STROKES)) < 0.6, ends, generator.random((n, STROKES)))
    grid = generator.integers(0, 5, (n, STROKES, 2)) / 4.0
    anywhere = generator.random((n, STROKES, 2))
    start = np.where(generator.random((n, STROKES, 1)) < 0.5, grid, anywhere)
    # From the rim a stroke mostly runs inwards.
    inward = np.arctan2(0.5 - start[..., 1], 0.5 - start[..., 0])
    outward = np.cos(heading - inward) < 0
    flip = outward & (generator.random((n, STROKES)) < 0.7)
    heading = heading + np.pi * flip
    count = 1 + generator.choice(STROKES, n, p=STROKE_COUNTS)
    return Glyphs(
        start=start.astype(np.float32),
        heading=heading.astype(np.float32),
        length=length.astype(np.float32),
        turn=turn.astype(np.float32),
        corner=corner.astype(np.float32),
        host=host.astype(np.int64),
        along=along.astype(np.float32),
        count=count.astype(np.int64),
    )


def _shapes(generator: np.random.Generator, shape: tuple[int, ...]) -> _Shapes:
    """Strokes of all kinds."""
    full = (*shape, PORTIONS)
    kind = generator.choice(len(KINDS), shape, p=KINDS)[..., None]
    sign = generator.choice([-1.0, 1.0], full)
    whole = generator.uniform(0.25, 1.1, (*shape, 1))
    portions = generator.integers(2, PORTIONS + 1, (*shape, 1))
    portions = np.where((kind <= 2) | (kind == 6), 1, portions)
    used = np.arange(PORTIONS) < portions
    arc = np.radians(generator.uniform(50, 330, full))
    bend = np.radians(generator.uniform(20, 220, full))
    straight = generator.random(full) < 0.5
    turn = np.select(
        [kind == 1, kind == 2, kind == 4, kind == 5],
        [sign * arc, sign * 2 * np.pi, sign * bend, np.where(straight, 0.0, sign * bend)],
        0.0,
    )
    sharp = np.radians(generator.uniform(45, 160, full)) * generator.choice([-1.0, 1.0], full)
    corner = np.select([kind == 3, kind == 5], [sharp, np.where(straight, sharp, 0.0)], 0.0)
    corner[..., 0] = 0.0
    # A tightly turning portion of the same length is smaller; give it the extent of a straight one.
    extent = 1.0 + np.abs(turn) / np.pi * 0.9
    share = generator.uniform(0.5, 1.5, full)
    length = whole * share * np.where(portions > 1, 0.65, 1.0) * extent
    length = np.where(kind == 2, np.minimum(length, 2.4), length)
    length = np.where(kind == 6, 0.03, length) * used
    upright = generator.choice(np.arange(8) * np.pi / 4, shape, p=_TURNED)
    anyhow = generator.uniform(-np.pi, np.pi, shape)
    heading = np.where(generator.random(shape) < 0.65, upright, anyhow)
    return _Shapes(*(x.astype(np.float32) for x in (heading, length, turn * used, corner * used)))


_TURNED = (0.24, 0.09, 0.24, 0.09, 0.08, 0.09, 0.08, 0.09)
"""Strokes mostly run to the right and down."""


def _varied(generator: np.random.Generator, shapes: _Shapes) -> _Shapes:
    """A shape may come again larger or smaller, turned by a quarter or mirrored."""
    at = shapes.heading.shape
    size = generator.choice([0.6, 1.0, 1.0, 1.4], at)[..., None]
    quarter = generator.choice([0.0, 0.0, 0.0, 0.5, 1.0, 1.5], at) * np.pi
    mirror = np.where(generator.random(at) < 0.2, -1.0, 1.0)
    return _Shapes(
        ((shapes.heading + quarter) * mirror).astype(np.float32),
        (shapes.length * size).astype(np.float32),
        (shapes.turn * mirror[..., None]).astype(np.float32),
        (shapes.corner * mirror[..., None]).astype(np.float32),
    )


def _with_siblings(
    generator: np.random.Generator, glyphs: Glyphs, others: Glyphs, may: NDArray[np.bool_]
) -> Glyphs:
    """Some of the characters are the one before them with a stroke drawn otherwise, moved, added
    or left out.
    """
    n = len(glyphs)
    is_sibling = may & (generator.random(n) < SIBLINGS)
    source = np.arange(n)
    for row in np.flatnonzero(is_sibling):
        source[row] = source[row - 1]
    made = glyphs.take(source)
    rows = np.flatnonzero(is_sibling)
    change = generator.choice(5, len(rows), p=(0.35, 0.2, 0.15, 0.15, 0.15))
    stroke = (generator.random(len(rows)) * made.count[rows]).astype(np.int64)

    add = (change == 2) & (made.count[rows] < STROKES)
    drop = (change == 3) & (made.count[rows] > 1)
    made.count[rows] += add.astype(np.int64) - drop.astype(np.int64)
    anew = (change == 0) | add | ((change == 3) & ~drop)
    stroke = np.where(add, made.count[rows] - 1, stroke)
    for field in ("start", "heading", "length", "turn", "corner", "host", "along"):
        getattr(made, field)[rows[anew], stroke[anew]] = getattr(others, field)[
            rows[anew], stroke[anew]
        ]
    moved = change == 1
    angle = generator.uniform(-np.pi, np.pi, int(moved.sum()))
    far = np.stack([np.cos(angle), np.sin(angle)], -1) * 0.4
    made.start[rows[moved], stroke[moved]] += far.astype(np.float32)
    made.along[rows[moved], stroke[moved]] = (made.along[rows[moved], stroke[moved]] + 0.5) % 1.0
    mirrored = change == 4
    at = rows[mirrored], stroke[mirrored]
    made.turn[at] *= -1
    made.corner[at] *= -1
    # A straight stroke has no mirror image: it is turned instead.
    plain = (np.abs(made.turn[at]).sum(-1) + np.abs(made.corner[at]).sum(-1)) == 0
    made.heading[at] += np.where(plain, np.pi / 3, 0.0).astype(np.float32)
    return made


@dataclass(frozen=True)
class Looseness:
    """The variation of a hand: deviations of a portion's log length, of its turn in radians, of a
    stroke's start, and the share of an error at the end that the eye corrects.
    """

    length: float = 0.17
    turn: float = 0.16
    turn_share: float = 0.10
    start: float = 0.045
    corrected: float = 0.65


def draw_glyphs(
    generator: np.random.Generator, glyphs: Glyphs, loose: Looseness = Looseness()
) -> tuple[Floats, NDArray[np.bool_]]:
    """Draw each character once: points (n, s * POINTS, 2), and which of them belong to it."""
    n = len(glyphs)
    # Some hands are steadier than others.
    level = generator.uniform(0.5, 1.5, (n, 1, 1)).astype(np.float32)

    def noise(*shape: int) -> Floats:
        return generator.standard_normal(shape, dtype=np.float32)

    length = glyphs.length * np.exp(loose.length * level * noise(n, STROKES, PORTIONS))
    spread = loose.turn + loose.turn_share * np.abs(glyphs.turn)
    turn = glyphs.turn + level * spread * noise(n, STROKES, PORTIONS) * (glyphs.length > 0.05)
    corner = glyphs.corner + 0.15 * level * noise(n, STROKES, PORTIONS) * (glyphs.corner != 0)
    heading = glyphs.heading + 0.10 * level[..., 0] * noise(n, STROKES)
    meant = _paths(glyphs.heading, glyphs.length, glyphs.turn, glyphs.corner)
    # One hand rounds what another breaks: a turn is spread over its portion, or made at once.
    sharpness = np.where(generator.random((n, STROKES, 1)) < 0.35, 1.0, 0.3)
    sharpness = sharpness * generator.random((n, STROKES, 1)) * (np.abs(glyphs.turn) < 2.6)
    drawn = _paths(heading, length, turn, corner, sharpness)
    drawn = _rounded(generator, drawn)
    # The eye sees where the stroke should end, and leads the hand there.
    fraction = np.linspace(0.0, 1.0, POINTS, dtype=np.float32)[:, None]
    corrected = generator.uniform(loose.corrected - 0.3, loose.corrected + 0.3, (n, STROKES, 1, 1))
    drawn += corrected.astype(np.float32) * fraction * (meant - drawn)[:, :, -1:, :]
    start = glyphs.start + loose.start * level * noise(n, STROKES, 2)
    touch = 0.02 * level * noise(n, STROKES, 2)
    rows = np.arange(n)
    for stroke in range(STROKES):
        host = glyphs.host[:, stroke]
        place = np.rint(glyphs.along[:, stroke] * (POINTS - 1)).astype(np.int64)
        on_host = drawn[rows, np.maximum(host, 0), place] + touch[:, stroke]
        begin = np.where((host >= 0)[:, None], on_host, start[:, stroke])
        drawn[:, stroke] += begin[:, None, :]
    shown = np.arange(STROKES) < glyphs.count[:, None]
    return drawn.reshape(n, -1, 2), np.repeat(shown, POINTS, axis=1)


def _paths(
    heading: Floats, length: Floats, turn: Floats, corner: Floats, sharpness: Floats | None = None
) -> Floats:
    """Points (n, s, POINTS, 2) of strokes that begin at the origin, as many on each portion."""
    before = np.cumsum(turn, -1) - turn + np.cumsum(corner, -1) + heading[..., None]
    used = np.maximum((length > 0).sum(-1, keepdims=True), 1)
    position = (np.arange(POINTS) + 0.5) / POINTS * used
    portion = position.astype(np.int64)
    within = (position - portion).astype(np.float32)

    def at(values: Floats) -> Floats:
        return np.take_along_axis(values, portion, -1)

    if sharpness is not None:
        at_once = within**3 / (within**3 + (1 - within) ** 3)
        within = within + at(sharpness.astype(np.float32)) * (at_once - within)

    angle = at(before) + at(turn) * within
    step = at(length) * (used / POINTS).astype(np.float32)
    steps = np.stack([np.cos(angle) * step, np.sin(angle) * step], -1)
    points: Floats = np.cumsum(steps, axis=-2) - steps[..., :1, :] / 2
    return points


def _rounded(generator: np.random.Generator, drawn: Floats) -> Floats:
    """Strokes (n, s, POINTS, 2), some of them with their corners rounded by haste."""
    padded = np.pad(drawn, ((0, 0), (0, 0), (4, 4), (0, 0)), mode="edge")
    total = np.cumsum(padded, axis=2)
    smooth = (total[:, :, 8:] - np.pad(total, ((0, 0), (0, 0), (1, 0), (0, 0)))[:, :, :-9]) / 9
    much = generator.uniform(-1.0, 1.0, (drawn.shape[0], 1, 1, 1)).astype(np.float32)
    return drawn + np.maximum(much, 0.0) * (smooth - drawn)
