"""What fitting any gallery of an encoder shares: the cohort, digested once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from recognition.core.arrays import Floats
from recognition.core.types import Matrix
from recognition.matching.cohort import Cohort
from recognition.matching.everyday import PHOTOS
from recognition.matching.impostors import Impostors, fit_impostors
from recognition.matching.normalise import statistics, t_norm, z_norm
from recognition.matching.prior import UNMEASURED, Prior
from recognition.matching.space import looks_from, mean_image, text_directions

COHORT_FOLDS = 6
DEPENDENCE = 5.0
"""How many text-image scores are worth one independent one; a full cohort shows its own tail."""

EVERYDAY_WORTH = 4.0
"""How many images of a gallery's own all of the cohort's are worth: photos of one kind are much
more like each other, to words, than like everyday ones."""


EVERYDAY_KINDS = len(PHOTOS)
"""Kinds of photos that the cohort shows, each in several parts."""

PHOTO_FREEDOM = 4.0
"""Degrees of freedom that a photo of the gallery's own adds to what is known of its texts: after
eight they count about as many as everyday kinds do."""


@dataclass(frozen=True, slots=True)
class Background:
    """``own`` ``(k, d)`` are chance images of one gallery beside the cohort's.

    ``prior`` is what impostor scores of the encoder are like elsewhere. ``text_basis`` ``(r, d)``
    spans the text subspace and ``mean`` ``(d,)`` is the mean of the cohort's images with that
    subspace weakened; ``text_mean`` and ``text_deviation`` ``(m,)`` are the cohort texts' scores
    with all images; ``texts`` are impostor text scores after normalisation.
    """

    cohort: Cohort
    prior: Prior
    own: Matrix
    text_basis: Matrix
    mean: Floats | None
    text_mean: Floats
    text_deviation: Floats
    texts: Impostors

    @property
    def fingerprint(self) -> str:
        """Return a fingerprint of the encoder and of the numbers that its thresholds begin with."""
        return f"{self.cohort.fingerprint}-{self.prior.digest}"

    @property
    def dimension(self) -> int:
        return int(self.cohort.images.shape[1])

    @property
    def images(self) -> Matrix:
        """Return chance images, the cohort's and ``own``, each as often as it counts."""
        everyday, own = self.cohort.images, self.own
        rows = max(len(everyday), len(own))
        worth = EVERYDAY_WORTH if len(everyday) else 0.0
        mine = round(rows * len(own) / (len(own) + worth)) if len(own) else 0
        return np.concatenate([_evenly(everyday, rows - mine), _evenly(own, mine)])

    @classmethod
    def of(cls, cohort: Cohort, prior: Prior = UNMEASURED) -> Background:
        """Digest a cohort; takes under a second. Do it once an encoder and process."""
        none = np.empty((0, cohort.images.shape[1]), np.float32)
        return cls._digest(cohort, prior, none, text_directions(cohort.texts))

    def with_images(self, own: Matrix) -> Background:
        """Return this background, knowing also what chance images ``(n, d)`` look like in one
        gallery.
        """
        return self._digest(self.cohort, self.prior, own, self.text_basis) if len(own) else self

    @classmethod
    def _digest(cls, cohort: Cohort, prior: Prior, own: Matrix, text_basis: Matrix) -> Background:
        unfitted = fit_impostors([], 0.0)
        count = len(cohort.texts)
        mean = mean_image(cohort.images, text_basis)
        blank = cls(cohort, prior, own, text_basis, mean, np.zeros(count), np.ones(count), unfitted)
        if not blank.judges_texts:
            return blank
        images = blank.images
        scores = _cosines(images, cohort.texts)
        distinct = len(np.unique(images, axis=0)) * count
        texts = fit_impostors(_held_out_scores(scores), distinct / DEPENDENCE)
        texts = replace(texts, size=distinct)
        return cls(cohort, prior, own, text_basis, mean, *_moments(scores), texts)

    def looks(self, images: Matrix) -> Matrix:
        """Return directions ``(n, d)`` of images as they are seen from everyday photos."""
        return looks_from(images, self.text_basis, self.mean, self.prior.centre_share)

    @property
    def judges_texts(self) -> bool:
        """Say whether there are chance images and chance texts to compare with."""
        return bool(len(self.cohort.images) + len(self.own)) and bool(len(self.cohort.texts))

    def text_chance(self, texts: Matrix) -> tuple[Floats, Floats]:
        """Mean and deviation ``(texts,)`` of what each text scores with chance images."""
        if not self.judges_texts:
            return np.zeros(len(texts)), np.ones(len(texts))
        return _moments(_cosines(self.images, texts))

    def text_scores(self, queries: Matrix, texts: Matrix, chance: tuple[Floats, Floats]) -> Floats:
        """Return comparable scores ``(queries, texts)``: each text against chance images, as
        ``text_chance`` has found them, then each query against chance texts (ZT-norm). Without a
        cohort, plain cosines.
        """
        scores = _cosines(queries, texts)
        if not self.judges_texts:
            return scores
        targets = z_norm(scores, *chance)
        chance_texts = _cosines(queries, self.cohort.texts)
        others = z_norm(chance_texts, self.text_mean, self.text_deviation)
        return t_norm(targets, *statistics(others, 1))

    def text_normal_scores(self, scores: Floats, photos: int) -> Floats:
        """Return normal scores of ``scores`` as ``text_scores`` gives them, in a gallery that has
        shown ``photos`` of its own beside its strangers.

        Photos of one kind are much more like each other, to words, than everyday ones: how those
        score is known from few kinds, so that a predictive t takes the place of the normal.
        """
        normal = self.texts.normal_score(scores)
        if not self.judges_texts:
            return normal
        freedom = EVERYDAY_KINDS + PHOTO_FREEDOM * (photos + len(self.own))
        tails: Floats = np.maximum(special.stdtr(freedom, -np.abs(normal)), 1e-300)
        widened: Floats = np.sign(normal) * -special.ndtri(tails)
        return widened


def _evenly(images: Matrix, count: int) -> Matrix:
    """So many of them: each as often as any other, or one in so many."""
    return images[np.arange(count) * len(images) // max(count, 1)]


def _cosines(left: Matrix, right: Matrix) -> Floats:
    return np.asarray(left @ right.T, np.float64)


def _held_out_scores(scores: Floats) -> Floats:
    """Normalised scores of chance images ``(images, texts)``, each by the statistics of others:
    neighbours in the cohort may be views of one photo.
    """
    normalised = []
    for fold in np.array_split(np.arange(len(scores)), min(COHORT_FOLDS, len(scores))):
        rest = np.delete(scores, fold, axis=0)
        targets = z_norm(scores[fold], *_moments(rest if len(rest) else scores))
        normalised.append(t_norm(targets, *statistics(targets, 1)))
    return np.concatenate(normalised)


def _moments(scores: Floats) -> tuple[Floats, Floats]:
    """Mean and deviation of each text over chance images, the latter shrunk to what is usual."""
    mean, deviation = statistics(scores, 0)
    usual = float(np.sqrt((deviation**2).mean())) if len(deviation) > 1 else float(deviation[0])
    return mean, np.sqrt((deviation**2 + usual**2) / 2.0)
