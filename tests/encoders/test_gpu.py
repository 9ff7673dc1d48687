"""What only a GPU can show: the same embeddings as a processor's, whatever the batch."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from recognition.encoders import engines, registry
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.clip.pixel_encoder import PixelEncoder
from recognition.encoders.prepare.parity import PHOTOS
from recognition.encoders.prepare.preparing import prepare
from recognition.images import open_image
from tests.encoders.photos import sample
from tests.photos import photo

pytestmark = pytest.mark.skipif(not engines.has_cuda("auto"), reason="There is no GPU.")

TEXTS = ["a photo of a cat", "coffee", "a rocket at night, seen from very far away"]


def encoder(models_dir, device: str, name: str = "bundled"):
    return registry.get_encoder(name, models_dir=models_dir, device=device)


@pytest.mark.parametrize(("name", "least"), [("bundled", 0.9999), ("bundled+bf16", 0.97)])
def test_embeddings_are_those_of_the_processor(models_dir, name, least):
    prepare(name, models_dir=models_dir, progress=False)
    found, expected = encoder(models_dir, "cuda", name), encoder(models_dir, "cpu")
    assert isinstance(found, PixelEncoder)
    photos = [sample(each) for each in PHOTOS]
    cosines = (found.encode_images(photos) * expected.encode_images(photos)).sum(1)
    assert cosines.min() > least
    assert (found.encode_texts(TEXTS) * expected.encode_texts(TEXTS)).sum(1).min() > least


def test_an_embedding_does_not_depend_on_its_batch(models_dir):
    found = encoder(models_dir, "cuda")
    photos = [sample(each) for each in PHOTOS] * 30
    alone = np.concatenate([found.encode_images([each]) for each in photos[: len(PHOTOS)]])
    together = found.encode_images(photos)
    assert (np.tile(alone, (30, 1)) * together).sum(1).min() > 0.9999


def test_many_images_at_once_get_each_its_own_embedding(models_dir):
    """Batches overlap on a GPU: memory that is being sent must not be written anew."""
    found = encoder(models_dir, "cuda")
    opened = [partial(open_image, photo(each), fit=found.spec.input_size) for each in PHOTOS]
    expected = found.encode_images([decode() for decode in opened])
    queue = QueuedEncoder(found, QueueLimits(capacity=2400, remembered=0))
    rows = queue.encode_loaded(opened * 100)
    queue.close()
    assert (rows * np.tile(expected, (100, 1))).sum(1).min() > 0.9999
