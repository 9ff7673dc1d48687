"""The width found is the narrowest that suffices, within 3 %."""

from __future__ import annotations

import pytest

from recognition.index.widths import NARROWEST, WIDEST, narrowest_width


@pytest.mark.parametrize("needed", [1, 16, 17, 31, 64, 100, 333, 1000, 1024])
@pytest.mark.parametrize("start", [NARROWEST, 48, 400])
def test_the_narrowest_width_that_suffices_is_found(needed: int, start: int) -> None:
    width, recall = narrowest_width(lambda tried: min(1.0, tried / needed), 1.0, start)
    assert recall == 1.0
    assert max(needed, NARROWEST) <= width <= max(NARROWEST, needed * 1.04)


def test_a_graph_that_cannot_reach_the_target_is_searched_as_widely_as_may_be() -> None:
    assert narrowest_width(lambda width: width / 9000, 1.0) == (WIDEST, WIDEST / 9000)
