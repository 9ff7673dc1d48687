"""An encoder that runs elsewhere, on a real MLServer."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from recognition.core.errors import EncoderError, InvalidInput, RemoteUnavailable
from recognition.encoders import registry
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.remote.client import RemoteEncoder
from recognition.encoders.remote.contract import parse_remote
from tests.encoders.photos import sample


@pytest.fixture
def remote(address):
    return RemoteEncoder.connect(parse_remote(f"oip+{address}/photos"))


def test_a_remote_encoder_embeds_as_the_local_one_under_the_same_fingerprint(address, models_dir):
    name = f"oip+{address}/photos"
    assert registry.is_prepared(name, models_dir=models_dir)
    assert registry.why_not_onnx(name, models_dir=models_dir) is None
    remote = registry.get_encoder(name, models_dir=models_dir)
    local = registry.get_encoder("bundled", models_dir=models_dir, engine="onnx", threads=1)
    assert remote.spec.name == name
    assert remote.spec.fingerprint == local.spec.fingerprint
    remote.load()
    images = [sample(each) for each in ("chelsea.png", "coffee.png", "rocket.jpg")] * 7
    np.testing.assert_allclose(remote.encode_images(images), local.encode_images(images), atol=1e-4)
    texts = ["a cat", "naïve café", "a cup of coffee on a table"]
    np.testing.assert_allclose(remote.encode_texts(texts), local.encode_texts(texts), atol=1e-4)
    assert remote.encode_images([]).shape == (0, local.spec.dimension)


def test_many_at_once_each_get_their_own(remote, models_dir):
    local = registry.get_encoder("bundled", models_dir=models_dir, engine="onnx", threads=1)
    images = [Image.new("RGB", (80, 60), (i * 6, 255 - i * 6, i)) for i in range(40)]
    queued = QueuedEncoder(remote, QueueLimits(remembered=0))
    np.testing.assert_allclose(queued.encode_images(images), local.encode_images(images), atol=1e-4)
    queued.close()


def test_a_model_that_the_server_lacks_is_told(address):
    with pytest.raises(RemoteUnavailable, match="404"):
        RemoteEncoder.connect(parse_remote(f"oip+{address}/gone"))


def test_what_the_server_refuses_is_not_sent_again(remote):
    with pytest.raises(EncoderError, match="400") as refused:
        remote.forward_images([np.zeros((3, 3, 3), np.uint8)])
    assert not refused.value.retryable
    with pytest.raises(InvalidInput, match="blank"):
        remote.encode_texts([" "])
