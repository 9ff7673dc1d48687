"""What is wrong with a face, as far as recognising it goes: measured, with what to do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from recognition.core.types import QualityWarning
from recognition.encoders.faces.detection import NOSE, Points, eye_centres
from recognition.encoders.faces.finder import Found
from recognition.encoders.faces.light import DARK
from recognition.images.quality import sharpness_of

SMALL = 24.0
"""Pixels between the eyes below which a face is small: an aligned one has 42, and half of that has
to be there."""

BLURRED = 0.04
"""Sharpness of an aligned face below which it is blurred. Of 82 people in packaged photos all have
0.117 and more; blurred by a Gaussian of 3 pixels they have 0.03 and a cosine of 0.96 to themselves,
by one of 4 pixels 0.02 and 0.95, where strangers begin."""

TURNED_AWAY = 0.22
"""How far the base of the nose may lie to the side of the middle of the eyes, of their distance:
about 35 degrees, since it stands out by a third of that distance. One in ten of those people."""

FORESHORTENED = 0.3
"""The distance of the eyes, of the face's width, below which a face is seen from the side: 0.4 is
usual, and one in twenty of those people has less than 0.31."""

UNSURE = 0.4
"""Score of the detector below which it may have taken something else for a face: one in fifty of
those people has less."""

SECOND = 0.5
"""Of the width of the largest face: smaller ones are people in the background."""


def face_warnings(found: Sequence[Found], chip: NDArray[np.uint8]) -> tuple[QualityWarning, ...]:
    """Judge the faces of a photo, the largest first, and the aligned ``chip`` of that one.

    Warnings are ``several_faces``, ``face_sideways``, ``face_small``, ``face_dark``,
    ``face_blurred``, ``face_turned`` and ``face_unsure``.
    """
    largest = found[0]
    checks = (
        _several(found),
        _sideways(largest),
        _small(largest) or _blurred(chip),
        _dark(largest),
        _turned_away(largest),
        _unsure(largest),
    )
    return tuple(warning for warning in checks if warning)


def yaw(landmarks: Points) -> float:
    """Measure how far the nose lies to the right of the middle of the eyes, of their distance: 0
    for a face seen from the front. ``landmarks`` is ``(5, 2)``, the face upright.
    """
    right, left = eye_centres(landmarks)
    across = right - left
    offset = (landmarks[NOSE] - (right + left) / 2) @ across
    return float(offset / max(across @ across, 1e-9))


def _several(found: Sequence[Found]) -> QualityWarning | None:
    widest = found[0].detection.box.width
    count = sum(each.detection.box.width >= SECOND * widest for each in found)
    if count < 2:
        return None
    return QualityWarning(
        "several_faces",
        f"The image shows {count} faces; the largest is used. Cut the image to one person.",
    )


def _sideways(found: Found) -> QualityWarning | None:
    if not found.detection.turned:
        return None
    return QualityWarning(
        "face_sideways",
        f"The image does not stand upright: its face was found after a turn by "
        f"{found.detection.turned} degrees counter-clockwise. Save it the right way up.",
    )


def _small(found: Found) -> QualityWarning | None:
    distance = found.detection.eye_distance
    if distance >= SMALL:
        return None
    return QualityWarning(
        "face_small",
        f"The face is small: {distance:.0f} pixels between the eyes, {SMALL:.0f} are needed. Use a "
        "larger image or come closer.",
    )


def _blurred(chip: NDArray[np.uint8]) -> QualityWarning | None:
    sharpness = sharpness_of(Image.fromarray(chip))
    if sharpness is None or sharpness >= BLURRED:
        return None
    return QualityWarning(
        "face_blurred",
        f"The face is blurred: sharpness {sharpness:.3f}, {BLURRED} is needed. Hold still, and "
        "focus on the face.",
    )


def _dark(found: Found) -> QualityWarning | None:
    level = found.region.level
    if level >= DARK:
        return None
    return QualityWarning(
        "face_dark",
        f"The face is dark: its brightest parts have {level:.0f} of 255, {DARK:.0f} are needed. It "
        "was brightened; put light on the face.",
    )


def _turned_away(found: Found) -> QualityWarning | None:
    offset = abs(yaw(found.landmarks))
    eyes = found.detection.eye_distance / found.detection.box.width
    if offset > TURNED_AWAY:
        detail = (
            f"its nose lies {offset:.0%} of the distance of the eyes beside their middle, "
            f"{TURNED_AWAY:.0%} at most are needed"
        )
    elif eyes < FORESHORTENED:
        detail = (
            f"its eyes are {eyes:.0%} of its width apart, {FORESHORTENED:.0%} at least are needed"
        )
    else:
        return None
    return QualityWarning(
        "face_turned", f"The face is turned away: {detail}. Look into the camera."
    )


def _unsure(found: Found) -> QualityWarning | None:
    score = found.detection.score
    if score >= UNSURE:
        return None
    return QualityWarning(
        "face_unsure",
        f"This may be no face: the detector's score is {score:.2f}, {UNSURE} is usual. Show the "
        "whole face from the front.",
    )
