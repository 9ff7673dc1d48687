"""Ink is found whatever it is on, and what was on the paper before is not ink."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from recognition.encoders.drawings.canvases import SQUARE, WIDE
from recognition.encoders.drawings.ink import read_ink
from recognition.encoders.drawings.preparing import BYTES, SQUARE_LOOKS, prepare
from tests.encoders.drawings.pages import LADDER, PAGES, SIGNED, TRIANGLE, ink_of, ruled, white

DRAWN = {
    "triangle": ink_of(TRIANGLE, (300, 300)),
    "ladder": ink_of(LADDER, (300, 300)),
    "signature": ink_of(SIGNED, (470, 200), pen=3),
}


def looks_at(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    """The first look on the square canvas and on the wide one."""
    ink = read_ink(image)
    assert ink is not None
    looks = prepare(ink.pixels, ink.stroke)
    assert looks.shape == (BYTES,)
    square, wide = SQUARE[0] * SQUARE[1], WIDE[0] * WIDE[1]
    begin = square * len(SQUARE_LOOKS)
    return looks[:square].reshape(SQUARE), looks[begin : begin + wide].reshape(WIDE)


@pytest.mark.parametrize("drawn", DRAWN)
@pytest.mark.parametrize("page", PAGES)
def test_a_drawing_looks_the_same_on_every_paper(page, drawn):
    ink = DRAWN[drawn]
    for ours, plain in zip(looks_at(PAGES[page](ink)), looks_at(white(ink)), strict=True):
        assert np.corrcoef(ours.ravel(), plain.ravel())[0, 1] > 0.9


def test_thin_and_thick_pens_are_alike_on_the_canvas():
    thin, thick = (looks_at(white(ink_of(TRIANGLE, (300, 300), pen=pen)))[0] for pen in (2, 9))
    assert np.corrcoef(thin.ravel(), thick.ravel())[0, 1] > 0.8


def test_a_wide_drawing_keeps_its_shape():
    square, wide = looks_at(white(DRAWN["signature"]))
    for look in (square, wide):
        rows, columns = np.flatnonzero(look.max(1) > 99), np.flatnonzero(look.max(0) > 99)
        assert 3 < np.ptp(columns) / np.ptp(rows) < 6
    assert np.ptp(np.flatnonzero(wide.max(0) > 99)) > 95


def test_a_filled_shape_is_ink_throughout():
    page = Image.new("RGB", (300, 300), "white")
    ImageDraw.Draw(page).ellipse((40, 40, 260, 260), fill=(20, 20, 120))
    ink = read_ink(page)
    assert ink is not None
    assert ink.pixels[ink.pixels.shape[0] // 2].min() == 1.0


def test_a_bar_that_fills_the_image_is_no_ruled_line():
    page = Image.new("RGB", (120, 100), "white")
    draw = ImageDraw.Draw(page)
    draw.line((0, 12, 119, 12), fill=0, width=7)
    draw.line((60, 12, 60, 99), fill=0, width=7)
    ink = read_ink(page)
    assert ink is not None
    assert ink.pixels.shape[1] == 120


def test_a_line_alone_is_the_drawing():
    page = Image.new("RGB", (400, 100), "white")
    ImageDraw.Draw(page).line((0, 50, 399, 50), fill=0, width=3)
    assert read_ink(page) is not None


def test_the_strokes_that_a_ruled_line_crosses_go_on():
    bars = np.zeros((300, 300))
    bars[40:260, 100:106] = bars[40:260, 200:206] = 1.0
    ink = read_ink(ruled(bars))
    assert ink is not None
    assert ink.pixels[:, 2].min() > 0.5
    assert ink.pixels[:, 50].max() == 0.0


def test_dust_is_no_ink():
    page = white(DRAWN["triangle"])
    page.putpixel((5, 5), (0, 0, 0))
    page.putpixel((290, 12), (90, 90, 90))
    ink, clean = read_ink(page), read_ink(white(DRAWN["triangle"]))
    assert ink is not None and clean is not None
    assert ink.pixels.shape == clean.pixels.shape


@pytest.mark.parametrize("size", [(300, 300), (2, 2), (1, 500)])
def test_an_empty_page_has_no_ink(size):
    assert read_ink(Image.new("RGB", size, (240, 240, 236))) is None


def test_paper_grain_is_no_ink():
    noise = np.random.default_rng(0).normal(235, 2.0, (300, 300, 3))
    assert read_ink(Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))) is None
