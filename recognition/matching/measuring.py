"""Measure what chance looks like to an encoder, on kinds of things with a picture of each thing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recognition.core.arrays import Floats, unit_rows
from recognition.core.types import Matrix
from recognition.matching.impostors import fisher
from recognition.matching.prior import Kind, Prior

NORMAL_MAD = 0.6745
"""The median absolute deviation of a standard normal variable."""

FREEDOM, MOST_FREEDOM = 8.0, 60.0
"""Degrees of freedom to begin with, at least and at most."""

DRAWS, ENROLLED = 100, 8
"""Galleries that are drawn of a kind, and how many things each has."""

DOMAIN_CENTRE_SHARE = 0.5
"""How much of what a domain's things share is taken away: its encoder has left out much of that by
itself, and the rest tells a face that looks like many from one that looks like few. On half of the
people of ORL, genuine scores lie 7.6 deviations above impostors' by 0.5, 7.0 by 0.9, 7.7 by none,
where those of one source lie furthest from those of another."""

FEWER_PHOTOS = 0.8
"""The deviation of many shots' scores beside that of one's, as it was on half of the faces, hands
and drawings: a package has one picture of each thing."""


def measured_prior(kinds: dict[str, Floats], directions: dict[str, Matrix], source: str) -> Prior:
    """Measure chance on kinds of things, one picture of each thing.

    ``kinds`` gives, by name, Fisher's z of every picture with every other ``(n, n)`` while everyday
    photos are the centre; ``directions`` the unit vectors ``(n, d)`` that they were taken of. What
    is said of a kind not seen before comes from the third of the kinds whose things look most
    alike: a gallery holds things of one kind, and those are what it must not take for each other.
    Medians, since the same thing may be there twice.
    """
    found = []
    for name, scores in kinds.items():
        others = scores[~np.eye(len(scores), dtype=bool)]
        middle = float(np.median(others))
        deviation = float(np.median(np.abs(others - middle))) / NORMAL_MAD
        centre = unit_rows(directions[name].mean(axis=0, keepdims=True))[0]
        found.append(Kind(name, len(scores), middle, deviation, centre))
    tight = sorted(found, key=lambda kind: kind.mean)[len(found) * 2 // 3 :]
    means = np.array([kind.mean for kind in tight])
    within = np.median([kind.deviation for kind in tight])
    return Prior(
        first_mean=round(float(means.mean()), 3),
        first_deviation=round(float(np.hypot(means.std(), within)), 3),
        typical_mean=round(float(np.median([kind.mean for kind in found])), 3),
        typical_deviation=round(float(np.median([kind.deviation for kind in found])), 3),
        freedom=FREEDOM,
        measured=True,
        source=source,
        kinds=tuple(found),
    )


def measured_domain_prior(kinds: dict[str, Matrix], source: str) -> Prior:
    """Measure chance for an encoder of one domain, all of whose things are of a kind.

    ``kinds`` gives the embeddings ``(n, d)`` of things that were pictured alike, by name. What the
    domain's things share is the mean of the other kinds; how soon a gallery's own mean is a better
    centre follows from how far kinds lie from one another and how widely their things lie (James &
    Stein 1961). As with all kinds, the third whose things look most alike is what counts.
    """
    found = sorted(
        (_pictured(name, rows, kinds) for name, rows in kinds.items()), key=lambda each: each.mean
    )
    tight = found[len(found) * 2 // 3 :]
    means = np.array([each.mean for each in tight])
    within = float(np.median([each.deviation for each in tight]))
    drawn = [_drawn(rows) for rows in kinds.values() if len(rows) > ENROLLED]
    scores = np.concatenate(drawn) if drawn else np.array([0.0])
    shift = sum(each.shift for each in tight)
    one_shot = float(scores.std()) if drawn else within
    return Prior(
        first_mean=round(float(means.mean()), 3),
        first_deviation=round(float(np.hypot(means.std(), within)), 3),
        typical_mean=round(float(np.median([each.mean for each in found])), 3),
        typical_deviation=round(float(np.median([each.deviation for each in found])), 3),
        one_shot=round(one_shot, 3),
        many_shots=round(FEWER_PHOTOS * one_shot, 3),
        freedom=round(_freedom([each.deviation for each in found]), 1),
        several_mean=round(float(scores.mean()), 3),
        known_centre=round(sum(each.spread for each in tight) / max(shift, 1e-9), 1),
        known_steepness=1.0,
        centre_share=DOMAIN_CENTRE_SHARE,
        measured=True,
        source=source,
    )


def _freedom(deviations: list[float]) -> float:
    """Degrees of freedom of a deviation that varies so between kinds: that of a sample of normal
    scores varies by one over the root of twice its degrees of freedom.
    """
    variation = float(np.std(deviations, ddof=1) / np.mean(deviations))
    return float(np.clip(0.5 / max(variation, 1e-9) ** 2, FREEDOM, MOST_FREEDOM))


@dataclass(frozen=True, slots=True)
class _Pictured:
    """A kind's impostor scores about what the domain shares (Fisher's z), how widely its things lie
    about their mean and how far that lies from the domain's, both as squared distances.
    """

    mean: float
    deviation: float
    spread: float
    shift: float


def _pictured(name: str, rows: Matrix, kinds: dict[str, Matrix]) -> _Pictured:
    others = np.concatenate([each for other, each in kinds.items() if other != name])
    centre, own = others.mean(axis=0), rows.mean(axis=0)
    looks = unit_rows(rows - np.float32(DOMAIN_CENTRE_SHARE) * centre)
    scores = fisher((looks @ looks.T).astype(float))[~np.eye(len(rows), dtype=bool)]
    spread = float(((rows - own) ** 2).sum() / (len(rows) - 1))
    # Means of few things lie apart by themselves.
    apart = float(((own - centre) ** 2).sum()) - spread / len(rows) - spread / len(others)
    return _Pictured(float(scores.mean()), float(scores.std()), spread, max(apart, 0.0))


def _drawn(rows: Matrix) -> Floats:
    """Scores of things of a kind with galleries of it that lack them and are their own centre."""
    generator = np.random.default_rng(0)
    found = []
    for _ in range(DRAWS):
        order = generator.permutation(len(rows))
        enrolled, asked = rows[order[:ENROLLED]], rows[order[ENROLLED:]]
        centre = np.float32(DOMAIN_CENTRE_SHARE) * enrolled.mean(axis=0)
        found.append((unit_rows(asked - centre) @ unit_rows(enrolled - centre).T).ravel())
    return fisher(np.concatenate(found).astype(float))
