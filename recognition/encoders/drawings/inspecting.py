"""What is wrong with an image as a drawing: measured on its ink."""

from __future__ import annotations

from recognition.core.types import QualityWarning
from recognition.encoders.drawings.ink import Ink

FAINT = 0.15
"""Contrast of ink, of 1, under which a scan's grain hides thin strokes. A pencil has 0.3."""

SMALL = 32
"""Pixels on the long side of a drawing, under which what is close together runs into one."""

CUT_OFF = 0.004
"""Share of the image's edge on which ink may lie."""

COVERED, SHADED = 0.07, 0.10
"""A photo is covered by what stands out, and has shades between: 72 of 78 photos of faces, hands
and groceries have more of both, and of 260 drawings none."""


def ink_warnings(ink: Ink) -> tuple[QualityWarning, ...]:
    """Return the warnings ``ink_faint``, ``drawing_small``, ``drawing_cut_off`` and
    ``not_a_drawing`` that ink deserves.
    """
    if ink.cover > COVERED and ink.shaded + ink.rim > SHADED:
        detail = (
            f"This looks like a photo rather than a drawing: {ink.cover:.0%} of it stands out and "
            f"{ink.shaded:.0%} is shaded. Drawings are compared by their lines alone; use a "
            "general gallery for photos, or crop to the drawing."
        )
        return (QualityWarning("not_a_drawing", detail),)
    warnings = []
    if ink.contrast < FAINT:
        detail = (
            f"The ink is faint: {ink.contrast:.0%} darker or lighter than the paper, {FAINT:.0%} "
            "needed. Use a darker pen, or scan with more contrast."
        )
        warnings.append(QualityWarning("ink_faint", detail))
    long = max(ink.pixels.shape) / ink.scale
    if long < SMALL:
        detail = (
            f"The drawing is {long:.0f} pixels long; {SMALL} needed. Scan it at a higher "
            "resolution, or come closer."
        )
        warnings.append(QualityWarning("drawing_small", detail))
    if ink.rim > CUT_OFF:
        detail = (
            f"The drawing touches the edge of the image ({ink.rim:.1%} of the edge is ink): part "
            "of it may be cut off. Leave a margin around it."
        )
        warnings.append(QualityWarning("drawing_cut_off", detail))
    return tuple(warnings)
