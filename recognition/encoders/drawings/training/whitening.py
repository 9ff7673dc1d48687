"""What hands vary counts less: the network's rows, whitened by how drawings of one class differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from recognition.encoders.drawings.canvases import SQUARE, WIDE, Canvas
from recognition.encoders.drawings.strokes.batches import ALPHABET, draw_on, sign_on, write_on
from recognition.encoders.drawings.strokes.glyphs import make_glyphs
from recognition.encoders.drawings.strokes.signatures import make_signatures
from recognition.encoders.drawings.strokes.words import make_words
from recognition.encoders.drawings.training.network import DrawingsNetwork, as_ink

DRAWN = 4
"""Drawings of each class."""

NUMBER = 2**40
"""Of the batch that is drawn for it: no training comes so far."""

SHRUNK = 0.3
"""Of the mean variance, what is added to that of every direction: between 0.1 and 1 Omniglot's
background alphabets are named a point better than without whitening, and alike."""

_BATCH = 64

Rows = NDArray[np.float32]


@dataclass(frozen=True)
class Whitening:
    """The whitening of rows of one canvas: ``mean`` (d,) is taken away, then ``matrix`` (d, d)
    applied.
    """

    mean: Tensor
    matrix: Tensor

    def __call__(self, rows: Tensor) -> Tensor:
        return (rows - self.mean) @ self.matrix


def whiten(network: DrawingsNetwork, seed: int, classes: int) -> list[Whitening]:
    """Measure the whitening of each canvas, from about so many made-up classes.

    Directions in which drawings of one class differ are shortened as the inverse root of their
    variance, and so count less in a cosine (within-class covariance normalisation, Hatch et al.
    2006).
    """
    generator = np.random.default_rng([seed, NUMBER])
    return [_whitening(_rows(network, generator, classes, canvas)) for canvas in (SQUARE, WIDE)]


def _whitening(rows: Rows) -> Whitening:
    """Measure a whitening from rows (k, n, d): ``k`` drawings of each of ``n`` classes."""
    drawn, classes, dimension = rows.shape
    mean = rows.mean(axis=(0, 1))
    within = (rows - rows.mean(axis=0)).reshape(-1, dimension).astype(np.float64)
    covariance = within.T @ within / ((drawn - 1) * classes)
    values, vectors = np.linalg.eigh(covariance)
    root = (values + SHRUNK * values.mean()) ** -0.5
    matrix = (vectors * root * values.mean() ** 0.5) @ vectors.T
    return Whitening(torch.from_numpy(mean), torch.from_numpy(matrix.astype(np.float32)))


def _rows(
    network: DrawingsNetwork, generator: np.random.Generator, classes: int, canvas: Canvas
) -> Rows:
    glyphs = make_glyphs(generator, max(1, classes * 3 // 4 // ALPHABET), ALPHABET)
    signatures = make_signatures(generator, max(1, classes * 3 // 16))
    words = make_words(generator, max(1, classes // 16))
    return np.stack(
        [
            np.concatenate(
                [
                    _embedded(network, drawn)
                    for drawn in (
                        draw_on(generator, glyphs, canvas),
                        sign_on(generator, signatures, canvas),
                        write_on(generator, words, canvas),
                    )
                ]
            )
            for _ in range(DRAWN)
        ]
    )


def _embedded(network: DrawingsNetwork, drawings: NDArray[np.uint8]) -> Rows:
    with torch.inference_mode():
        rows = [
            functional.normalize(
                network(as_ink(torch.from_numpy(drawings[at : at + _BATCH]))), dim=1
            )
            for at in range(0, len(drawings), _BATCH)
        ]
    embedded: Rows = torch.cat(rows).numpy()
    return embedded
