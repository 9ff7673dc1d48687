"""A bundle's prompts and images through another encoder than the one that made it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognition.core.types import Matrix
from recognition.encoders.domains import check_region
from recognition.encoders.protocol import InspectingEncoder
from recognition.encoders.templates import encode_prompts
from recognition.images.regions import PhotoRegion
from recognition.services.bundles.manifest import Manifest
from recognition.services.bundles.store_images import StoredImages
from recognition.services.bundles.unpack import Unpacked

BATCH = 32
BATCH_PIXELS = 64_000_000


def embed_anew(
    manifest: Manifest, encoder: InspectingEncoder, images: StoredImages, bundle: Unpacked
) -> Matrix:
    """Store the images, embed all, and have the manifest refer to the rows ``(n, d)`` returned."""
    prompts = [each for part in manifest["categories"] for each in part["prompts"]]
    found = [np.empty((0, encoder.spec.dimension), dtype=np.float32)]
    if prompts:
        found.append(encode_prompts(encoder, [each["text"] for each in prompts]))
    batch: list[PhotoRegion] = []
    order = []
    for part, region in images.store(bundle, manifest):
        check_region(encoder, region.photo, about=part["image"], box=region.box)
        order.append(part)
        batch.append(region)
        if len(batch) >= BATCH or _pixels(batch) > BATCH_PIXELS:
            found.append(encoder.encode_regions(batch))
            batch = []
    if batch:
        found.append(encoder.encode_regions(batch))
    for row, part in enumerate([*prompts, *order]):
        part["vector"] = row
    vectors: Matrix = np.concatenate(found)
    return vectors


def _pixels(batch: Sequence[PhotoRegion]) -> int:
    """Count the pixels that a batch holds: a photo's once, however many regions it has."""
    photos = {id(each.photo): each.photo for each in batch}
    return sum(each.width * each.height for each in photos.values())
