"""What was found in an image is not looked for twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from PIL import Image

from recognition.encoders.faces.remembered import Remembered


def test_many_who_ask_at_once_wait_for_one():
    remembered, made, together = Remembered(2), [], Barrier(8)

    def make() -> int:
        made.append(1)
        return len(made)

    def ask(_) -> int:
        together.wait()
        return remembered.get(Image.new("RGB", (4, 4), "red"), make)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(ask, range(8))) == {1}
    assert made == [1]


def test_an_error_is_remembered_by_nobody_and_the_oldest_goes_first():
    remembered = Remembered(2)
    red, green, blue = (Image.new("RGB", (4, 4), each) for each in ("red", "green", "blue"))

    def fail() -> int:
        raise ValueError("once")

    with pytest.raises(ValueError, match="once"):
        remembered.get(red, fail)
    for at, image in enumerate((red, green, blue)):
        assert remembered.get(image, partial(int, at)) == at
    assert remembered.get(blue, lambda: 9) == 2
    assert remembered.get(red, lambda: 9) == 9
