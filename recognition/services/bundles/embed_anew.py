"""A bundle's prompts and images through another encoder than the one that made it."""

from __future__ import annotations

import numpy as np
from PIL import Image

from recognition.core.types import Matrix
from recognition.encoders.domains import check_region
from recognition.encoders.protocol import InspectingEncoder
from recognition.encoders.templates import encode_prompts
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
    references = {each["image"]: each for each in manifest["references"]}
    found = [np.empty((0, encoder.spec.dimension), dtype=np.float32)]
    if prompts:
        found.append(encode_prompts(encoder, [each["text"] for each in prompts]))
    batch: list[Image.Image] = []
    order = []
    for name, image in images.store(bundle, references):
        check_region(encoder, image, about=name)
        order.append(references[name])
        batch.append(image)
        if len(batch) >= BATCH or sum(each.width * each.height for each in batch) > BATCH_PIXELS:
            found.append(encoder.encode_images(batch))
            batch = []
    if batch:
        found.append(encoder.encode_images(batch))
    for row, part in enumerate([*prompts, *order]):
        part["vector"] = row
    vectors: Matrix = np.concatenate(found)
    return vectors
