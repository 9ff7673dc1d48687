"""The letters of all pages come from the service itself, and weigh little."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find

from oneshot_site.letters import FONTS


@pytest.mark.parametrize("font", FONTS)
def test_a_font_has_the_letters_of_europe_and_is_small(font):
    from fontTools.ttLib import TTFont

    file = Path(find(font))
    assert file.stat().st_size < 45_000
    letters = TTFont(file).getBestCmap()
    assert all(ord(each) in letters for each in "Größe ½ façade Łódź “…” → €")
