"""One drawing on papers of many kinds."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

Ink = NDArray[np.float64]

TRIANGLE = [[(60, 220), (150, 60), (240, 220), (60, 220)], [(150, 110), (150, 180)]]
LADDER = [[(90, 50), (90, 250)], [(210, 50), (210, 250)], [(90, 110), (210, 110)]]
SIGNED = [
    [
        (x, 100 - 45 * np.sin(x / 17) * np.exp(-((x - 140) ** 2) / 30000) - 8 * np.sin(x / 5))
        for x in range(50, 420, 3)
    ],
    [(60, 150), (380, 138)],
]


def ink_of(strokes: list[list[tuple[float, float]]], size: tuple[int, int], pen: int = 5) -> Ink:
    """Strokes as a share of ink a pixel, (h, w)."""
    large = Image.new("L", (size[0] * 3, size[1] * 3), 0)
    draw = ImageDraw.Draw(large)
    for stroke in strokes:
        points = [(3 * x, 3 * y) for x, y in stroke]
        draw.line(points, fill=255, width=3 * pen, joint="curve")
    return np.asarray(large.resize(size, Image.Resampling.BOX), float) / 255


def coloured(ink: Ink, paper: tuple[float, ...], pen: tuple[float, ...]) -> Image.Image:
    """Ink of one colour on paper of another, each of 1."""
    mixed = np.array(paper) * (1 - ink[..., None]) + np.array(pen) * ink[..., None]
    return Image.fromarray(np.round(mixed * 255).astype(np.uint8))


def ruled(ink: Ink) -> Image.Image:
    """On a page with blue lines from edge to edge."""
    page = np.array(white(ink))
    for y in range(25, len(page), 38):
        page[y : y + 2] = np.minimum(page[y : y + 2], np.array([120, 150, 220], np.uint8))
    return Image.fromarray(page)


def cheque(ink: Ink) -> Image.Image:
    """On grey paper with a guilloche and a line to sign on."""
    y, x = np.mgrid[: len(ink), : ink.shape[1]]
    paper = (0.8 + 0.06 * np.sin(x / 7 + 2 * np.sin(y / 9)))[..., None] * np.array([0.95, 1, 0.95])
    paper[len(ink) * 3 // 4 :][:2] = 0.25
    return Image.fromarray(
        np.round((paper * (1 - ink[..., None]) + 0.12 * ink[..., None]) * 255).astype(np.uint8)
    )


def photographed(ink: Ink) -> Image.Image:
    """By a phone, in the shade of something, blurred, noisy, as a JPEG."""
    y, x = np.mgrid[: len(ink), : ink.shape[1]]
    light = 0.35 + 0.6 * (x / ink.shape[1]) * (0.6 + 0.4 * y / len(ink))
    noise = np.random.default_rng(0).normal(0, 0.012, ink.shape)
    grey = np.clip(light * (1 - 0.8 * ink) + noise, 0, 1)
    photo = Image.fromarray(np.round(grey * 255).astype(np.uint8)).convert("RGB")
    buffer = BytesIO()
    photo.filter(ImageFilter.GaussianBlur(1)).save(buffer, "JPEG", quality=60)
    return Image.open(buffer).convert("RGB")


def on_a_large_page(ink: Ink) -> Image.Image:
    """In a corner of a page of nine times the area."""
    drawn = white(ink)
    page = Image.new("RGB", (3 * drawn.width, 3 * drawn.height), (250, 250, 250))
    page.paste(drawn, (drawn.width, drawn.height // 2))
    return page


def white(ink: Ink) -> Image.Image:
    """In black on white."""
    return coloured(ink, (1, 1, 1), (0, 0, 0))


PAGES = {
    "grey paper": lambda ink: coloured(ink, (0.72, 0.74, 0.70), (0.15, 0.15, 0.2)),
    "blue pen": lambda ink: coloured(ink, (0.97, 0.97, 0.93), (0.15, 0.25, 0.75)),
    "red pen": lambda ink: coloured(ink, (1, 1, 1), (0.85, 0.15, 0.15)),
    "pencil": lambda ink: coloured(ink, (0.95, 0.95, 0.95), (0.6, 0.6, 0.6)),
    "white on black": lambda ink: coloured(ink, (0, 0, 0), (1, 1, 1)),
    "chalk": lambda ink: coloured(ink, (0.1, 0.25, 0.18), (0.9, 0.9, 0.85)),
    "ruled paper": ruled,
    "cheque": cheque,
    "phone photo": photographed,
    "large page": on_a_large_page,
}
