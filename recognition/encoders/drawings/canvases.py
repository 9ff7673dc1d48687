"""The sizes in which a drawing is looked at."""

from __future__ import annotations

Canvas = tuple[int, int]
"""Height and width in pixels."""

SQUARE: Canvas = (48, 48)
WIDE: Canvas = (40, 112)
"""Where a signature, which is wide, is still large enough to be read."""

MARGIN = 3.0
"""Pixels around the ink."""

DIMENSION = 512
"""Half of it is what is seen on the square canvas, half on the wide one."""
