"""Defects told from one good part, on sets of photos in a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

from django.core.management.base import CommandError
from PIL import Image

from recognition.core.configuration import recognition_settings
from recognition.encoders.names import SURFACES
from recognition.encoders.patches.encoder import PatchEncoder
from recognition.encoders.registry import get_encoder
from recognition.evaluation.surfaces import by_place, by_texture, told
from recognition.services.encoders.gallery_encoders import models_dir

TILES, BOARDS = "magnetic-tile-defects", "pcb-defects"
GOOD_TILE = "free"

Found = dict[str, dict[str, Any]]
"""What was found on each half of each set, by its name."""


def measured_surfaces(folder: Path, fars: Sequence[float], say: Callable[[str], Any]) -> Found:
    """Measure on the tiles and boards in a folder, whichever are there; the even photos of each
    kind set the threshold and the odd ones are reported.

    Raises NotPrepared, and CommandError where there are neither.
    """
    encoder = cast(
        PatchEncoder,
        get_encoder(SURFACES, models_dir=models_dir(), threads=recognition_settings().threads),
    )
    found: Found = {}
    if (folder / TILES).is_dir():
        tune, report = (
            by_texture(list(_tiles(folder / TILES, half)), encoder.patches, say=say)
            for half in (0, 1)
        )
        found["tiles"] = asdict(told(tune, report, fars))
    if (folder / BOARDS).is_dir():
        tune, report = (
            by_place(list(_boards(folder / BOARDS, half)), encoder.patches, say=say)
            for half in (0, 1)
        )
        found["boards"] = asdict(told(tune, report, fars))
    if not found:
        raise CommandError(f"{folder} has neither {TILES} nor {BOARDS}.")
    return found


def surfaces_table(found: Found) -> str:
    """Lay out what was found in Markdown."""
    lines = [
        "| set | good | defective | AUROC | target | false alarms | found |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, half in found.items():
        for target, alarms, hits in half["rates"]:
            lines.append(
                f"| {name} | {half['good']} | {half['defective']} | {half['auroc']:.3f} "
                f"| {target:.1%} | {alarms:.1%} | {hits:.1%} |"
            )
    return "\n".join(lines)


def _tiles(folder: Path, half: int) -> Iterator[tuple[Image.Image, bool]]:
    for kind in sorted(each for each in folder.iterdir() if each.is_dir()):
        for path in sorted(kind.glob("*.jpg"))[half::2]:
            yield _opened(path), kind.name != GOOD_TILE


def _boards(folder: Path, half: int) -> Iterator[tuple[Image.Image, Image.Image]]:
    for path in sorted((folder / "good").glob("*.jpg"))[half::2]:
        yield _opened(path), _opened(folder / "defective" / path.name)


def _opened(path: Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")
