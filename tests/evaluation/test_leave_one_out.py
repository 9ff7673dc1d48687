from __future__ import annotations

import numpy as np

from recognition.core.types import EvidenceKind
from recognition.evaluation.leave_one_out import leave_one_out
from recognition.matching.support import SupportSet

REFERENCE, PROMPT = EvidenceKind.REFERENCE, EvidenceKind.PROMPT


def support(categories, kinds, angles) -> SupportSet:
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return SupportSet.of(range(len(categories)), categories, kinds, vectors)


def test_only_references_with_a_companion_are_asked():
    alone = support([1, 2, 2], [REFERENCE, REFERENCE, PROMPT], [0.0, 1.0, 1.0])
    assert leave_one_out(alone) == (0, 0)


def test_a_reference_is_right_where_its_nearest_neighbour_is_of_its_category():
    angles = [0.0, 0.1, 1.0, 0.12]
    asked = support([1, 1, 2, 2], [REFERENCE] * 4, angles)
    assert leave_one_out(asked) == (4, 2)
