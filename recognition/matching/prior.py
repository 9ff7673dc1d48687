"""What chance similarities are expected to be before a gallery has shown any of its own."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from importlib import resources
from typing import Any

import numpy as np

from recognition.core.arrays import unit_rows
from recognition.core.types import Matrix

CENTRE_SHARE = 0.9
"""How much of the centre is taken away. Of a few references the mean is uncertain, and what looks
much like it would be left with little but noise."""

KNOWN_CENTRE = 2.2
KNOWN_STEEPNESS = 6
"""From one category, whose mean is the thing itself, to three, whose mean is what they share,
everyday photos give way to the gallery as its centre. Chosen on the kinds that are shipped and on
the tuning half of faces, tiles and hands: with two categories, half of the way finds most."""

NEW_KIND = 0.8
KIND_WIDTH = 0.1
"""Cosine to a known kind's centre at which that kind counts as much as a kind not seen before, and
the change of it that makes one count e times as much. Leaving each known kind out, this brings the
error of the predicted mean from 0.36 to 0.28 (Nadaraya 1964; Watson 1964)."""

SHOTS_GAIN = 0.25
"""How much more alike many shots of one thing find a stranger of its kind than one shot does, while
everyday photos are the centre: 0.15 to 0.3 on the tuning half of faces, tiles and hands."""

SEVERAL_MEAN, FEWER_SHOTS = 0.12, 0.07
"""Fisher's z of impostors around the gallery's own centre with many shots, and how much less with
one: as it was on half of the faces, hands and drawings."""

SKEW = 0.5
"""A few look-alikes make the upper tail heavier than a normal one's: the median skewness of the
shipped kinds where two categories are enrolled. Around an only category, which lies at the edge of
what it is compared with, there is none to allow for."""

FILE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Expected:
    """Impostor scores before any is seen: Student's t with ``freedom`` about ``mean``, its upper
    tail the heavier the greater ``skew`` is.

    ``freedom`` is small where kinds of things differ in how widely chance scores them. Each
    independent score is the mean of so many ``shots``, and the surer for it. ``typical`` is the
    mean and deviation of a usual kind, if another than one whose things look alike.
    """

    mean: float = 0.0
    deviation: float = 1.0
    freedom: float = 30.0
    skew: float = 0.0
    shots: float = 1.0
    typical: tuple[float, float] | None = None


STANDARD = Expected()


@dataclass(frozen=True, slots=True)
class Kind:
    """Things of one kind, each compared with each as if it were all that a gallery has.

    ``mean`` and ``deviation`` are those of Fisher's z of the cosines, everyday photos being the
    centre; ``centre`` ``(d,)`` is the direction, of length one, in which the kind lies from there.
    """

    name: str
    things: int
    mean: float
    deviation: float
    centre: Matrix


@dataclass(frozen=True)
class Prior:
    """The impostor scores of an encoder to expect among things of one kind.

    ``first_mean`` and ``first_deviation`` hold for a gallery's only category, whatever it is, and
    ``typical_mean`` and ``typical_deviation`` for that of a usual kind; ``several_mean``,
    ``one_shot`` and ``many_shots`` are the mean and the deviations where the gallery itself is the
    centre, and ``freedom`` says how far kinds agree on them. It is the centre by half with
    ``known_centre`` categories, the more suddenly the greater ``known_steepness`` is: what the
    things of a domain share is known before a gallery shows any. ``centre_share`` of it is taken
    away before things are compared. ``measured`` is whether all of it was measured with this
    encoder, and ``source`` on what.
    """

    first_mean: float = 1.0
    first_deviation: float = 0.35
    typical_mean: float = 0.5
    typical_deviation: float = 0.2
    one_shot: float = 0.28
    many_shots: float = 0.22
    freedom: float = 4.0
    several_mean: float = SEVERAL_MEAN
    known_centre: float = KNOWN_CENTRE
    known_steepness: float = KNOWN_STEEPNESS
    centre_share: float = CENTRE_SHARE
    measured: bool = False
    source: str = "numbers of another encoder"
    kinds: tuple[Kind, ...] = field(default=())

    @cached_property
    def digest(self) -> str:
        """Return eight hexadecimal digits that change with any of the numbers."""
        return sha256(json.dumps(to_json(self), sort_keys=True).encode()).hexdigest()[:8]

    @cached_property
    def _centres(self) -> Matrix:
        """Return the centres of the kinds, ``(k, d)``."""
        return np.stack([kind.centre for kind in self.kinds])

    def expected(self, count: float, shots: float, looks: Matrix) -> Expected:
        """Return the impostor scores to expect of a gallery that has shown ``count`` things,
        strangers included, in ``shots`` references each on average.

        ``looks`` ``(n, d)`` are directions of its references from everyday photos.
        """
        share, known = 1.0 / max(shots, 1.0), self.known_share(count)
        mean, deviation = self.first(looks)
        mean += SHOTS_GAIN * (1.0 - share)
        several = self.many_shots + (self.one_shot - self.many_shots) * share
        centred = known * (self.several_mean - FEWER_SHOTS * share)
        typical_mean = self.typical_mean + SHOTS_GAIN * (1.0 - share)
        return Expected(
            centred + (1.0 - known) * mean,
            known * several + (1.0 - known) * deviation,
            self.freedom,
            known * SKEW,
            max(shots, 1.0),
            (
                centred + (1.0 - known) * typical_mean,
                known * several + (1.0 - known) * self.typical_deviation,
            ),
        )

    def known_share(self, count: float) -> float:
        """Say how far ``count`` things of one kind tell what they share, in [0, 1]."""
        ratio: float = self.known_centre / max(count, 1e-9)
        return float(1.0 / (1.0 + ratio**self.known_steepness))

    def first(self, looks: Matrix) -> tuple[float, float]:
        """Mean and deviation for an only category, by how near it lies to the known kinds: a
        mixture of these with a kind not seen before, by its first two moments.
        """
        means = np.array([self.first_mean, *(kind.mean for kind in self.kinds)])
        deviations = np.array([self.first_deviation, *(kind.deviation for kind in self.kinds)])
        weights = np.zeros(len(means))
        weights[0] = 1.0
        if self.kinds and len(looks):
            look = unit_rows(looks.mean(axis=0, keepdims=True))[0]
            weights[1:] = np.exp((self._centres @ look - NEW_KIND) / KIND_WIDTH)
        weights /= weights.sum()
        mean = float(weights @ means)
        variance = float(weights @ (deviations**2 + (means - mean) ** 2))
        return mean, float(np.sqrt(variance))


UNMEASURED = Prior()
"""Of an encoder that nobody has measured: the bundled encoder's numbers, trusted less."""


def shipped_prior(encoder: str) -> Prior | None:
    """Return the numbers that come with the package for an encoder, by its name in any precision;
    None where there are none.
    """
    name = encoder.partition("+")[0]
    file = resources.files(__package__) / "priors" / f"{name}.json"
    if ":" in name or not file.is_file():
        return None
    return from_json(json.loads(file.read_text(encoding="utf-8")))


def to_json(prior: Prior) -> dict[str, Any]:
    """Write the numbers with their source, as they are shipped."""
    plain = {
        name: getattr(prior, name)
        for name in (
            *("first_mean", "first_deviation", "typical_mean", "typical_deviation"),
            *("one_shot", "many_shots", "freedom"),
            *("several_mean", "known_centre", "known_steepness", "centre_share"),
            *("measured", "source"),
        )
    }
    kinds = [
        {
            "name": kind.name,
            "things": kind.things,
            "mean": round(kind.mean, 4),
            "deviation": round(kind.deviation, 4),
            "centre": b64encode(kind.centre.astype("<f2").tobytes()).decode(),
        }
        for kind in prior.kinds
    ]
    return {"version": FILE_VERSION, **plain, "kinds": kinds}


def from_json(data: dict[str, Any]) -> Prior:
    """Read a prior. Raises ValueError where it is of another version."""
    if data["version"] != FILE_VERSION:
        raise ValueError("These statistics of chance are of another version.")
    kinds = tuple(
        Kind(
            each["name"],
            each["things"],
            each["mean"],
            each["deviation"],
            unit_rows(np.frombuffer(b64decode(each["centre"]), "<f2").astype(np.float32)),
        )
        for each in data["kinds"]
    )
    plain = {name: data[name] for name in data if name not in {"version", "kinds"}}
    return Prior(**plain, kinds=kinds)
