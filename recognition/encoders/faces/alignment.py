"""Cut found faces out as the networks were taught to see them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.encoders.faces.detection import NOSE, Points, eye_centres
from recognition.encoders.faces.finder import Found
from recognition.encoders.faces.graphs import CHIP

PADDING = 0.25
"""Around a face, of its side: what dlib's network was trained with."""

TEMPLATE_SIDE = 112
"""Pixels of the faces that ArcFace and its relatives take."""

_TEMPLATE_LEFT, _TEMPLATE_RIGHT = (38.2946, 51.6963), (73.5318, 51.5014)
_TEMPLATE_TIP = (56.0252, 71.7366)
_TEMPLATE_MOUTH = 92.2848
"""The usual template of five points at 112 pixels (Deng et al. 2019): the eyes, the tip of the
nose, and the height of the corners of the mouth."""

_TIP, _BASE, _MOUTH = 0.515625, 0.628106, 0.778746
"""Heights, in dlib's mean face (``get_face_chip_details``), of the tip and of the base of the nose
and of the corners of the mouth: dlib's landmark is the base, the template's is the tip."""

_TEMPLATE_BASE = (
    _TEMPLATE_TIP[0],
    _TEMPLATE_TIP[1] + (_BASE - _TIP) / (_MOUTH - _TIP) * (_TEMPLATE_MOUTH - _TEMPLATE_TIP[1]),
)
_TEMPLATE = np.array([_TEMPLATE_LEFT, _TEMPLATE_RIGHT, _TEMPLATE_BASE])


def dlib_chip(dlib: Any, found: Found) -> NDArray[np.uint8]:
    """Align a face as dlib does: ``(150, 150, 3)`` of 8-bit RGB, black beyond the photo."""
    points = [dlib.point(int(x), int(y)) for x, y in found.landmarks]
    shape = dlib.full_object_detection(dlib.rectangle(0, 0, 1, 1), points)
    chip = dlib.get_face_chip(found.region.pixels, shape, CHIP, PADDING)
    return np.ascontiguousarray(chip, np.uint8)


def template_chip(found: Found) -> NDArray[np.uint8]:
    """Align a face to the template of ArcFace: ``(112, 112, 3)`` of 8-bit RGB.

    dlib finds no corners of the mouth: eyes and nose decide.
    """
    right, left = eye_centres(found.landmarks)
    scale, turned, shift = similarity(_TEMPLATE, np.stack([left, right, found.landmarks[NOSE]]))
    rows = np.column_stack([scale * turned, shift])
    image = Image.fromarray(found.region.pixels).transform(
        (TEMPLATE_SIDE, TEMPLATE_SIDE),
        Image.Transform.AFFINE,
        tuple(rows.ravel().tolist()),
        Image.Resampling.BILINEAR,
    )
    return np.asarray(image)


def similarity(source: Points, target: Points) -> tuple[float, Points, Points]:
    """Find the scale, the rotation ``(2, 2)`` and the shift ``(2,)`` that bring the points
    ``(n, 2)`` of ``source`` nearest to those of ``target`` (Umeyama 1991).
    """
    from_mean, to_mean = source.mean(axis=0), target.mean(axis=0)
    centred = source - from_mean
    covariance = (target - to_mean).T @ centred / len(source)
    left, values, right = np.linalg.svd(covariance)
    signs = np.array([1.0, np.sign(np.linalg.det(left) * np.linalg.det(right)) or 1.0])
    rotation = left @ np.diag(signs) @ right
    scale = float((values * signs).sum() / (centred**2).sum() * len(source))
    return scale, rotation, to_mean - scale * rotation @ from_mean
