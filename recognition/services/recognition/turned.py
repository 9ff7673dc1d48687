"""Photos that lie on their side, with nothing in the file that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from recognition.core.timing import Timings
from recognition.core.types import Decision, Domain, Outcome, QualityWarning
from recognition.encoders.protocol import Encoder
from recognition.images.views import is_line_drawing
from recognition.models import Gallery
from recognition.services.matching.match import match

TURNS = {
    Image.Transpose.ROTATE_270: "lies on its side: it was recognised turned to the right",
    Image.Transpose.ROTATE_90: "lies on its side: it was recognised turned to the left",
    Image.Transpose.ROTATE_180: "stands on its head: it was recognised turned round",
}
"""How a photo is tried, and what that says of it."""

SHARE = 0.1
"""Of the false-accept rate, what all turns together may add to that of the photo as it came."""


@dataclass(frozen=True, slots=True)
class Question:
    """One or several images of one thing, and how they are to be answered: ``gallery`` is as
    ``match`` returned it.
    """

    gallery: Gallery
    images: Sequence[Image.Image]
    top_k: int
    far: float | None


def match_turned(
    question: Question, decision: Decision, encoder: Encoder, timings: Timings
) -> Decision:
    """Decide on images that no category explains as they are, tried turned.

    It is a match, with the warning ``turned``, where one of the turns is; else ``decision`` stays.
    Line drawings are left as they are: letters and signs mean something else when they are turned.
    An encoder of faces turns photos itself until it finds one. The turns share a part of the
    false-accept rate among them, by Bonferroni's inequality, so that the whole question's is hardly
    more than what was asked for.
    """
    if decision.outcome is not Outcome.UNKNOWN or not decision.candidates:
        return decision
    if encoder.spec.domain is not Domain.GENERAL or any(map(is_line_drawing, question.images)):
        return decision
    with timings.step("turn"):
        tried = list(_matches(question, encoder))
    if not tried:
        return decision
    best = max(tried, key=lambda each: each.candidates[0].score)
    asked = question.far or question.gallery.target_far
    return replace(best, threshold=replace(best.threshold, target_far=asked))


def _matches(question: Question, encoder: Encoder) -> Iterator[Decision]:
    """Yield what matches of the turns, each with the warning that says which it is."""
    turned = [image.transpose(turn) for turn in TURNS for image in question.images]
    looks = np.split(encoder.encode_images(turned), len(TURNS))
    asked = question.far or question.gallery.target_far
    for rows, told in zip(looks, TURNS.values(), strict=True):
        decision, _ = match(
            question.gallery,
            rows,
            top_k=question.top_k,
            far=asked * SHARE / len(TURNS),
            timings=Timings(),
            seen=question.gallery,
        )
        if decision.outcome is Outcome.MATCH:
            yield replace(decision, warnings=(*decision.warnings, _told(told)))


def _told(what: str) -> QualityWarning:
    return QualityWarning("turned", f"This photo {what}, and is kept as it came.")
