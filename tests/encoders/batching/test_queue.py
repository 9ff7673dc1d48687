"""Many images at once through one encoder."""

from __future__ import annotations

import time
from concurrent.futures import CancelledError, ThreadPoolExecutor
from functools import partial
from threading import Event

import numpy as np
import pytest
from PIL import Image

from recognition.core.errors import (
    DamagedImage,
    DeadlineExceeded,
    EncoderBusy,
    RemoteUnavailable,
    VectorError,
)
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.images import open_image
from tests.photos import photo

NAMES = ("chelsea.png", "coffee.png", "rocket.jpg", "motorcycle_left.png", "page.png")


class Gate:
    """An image that is decoded once the test says so."""

    def __init__(self) -> None:
        self.reached, self.opened = Event(), Event()

    def __call__(self) -> Image.Image:
        self.reached.set()
        assert self.opened.wait(20)
        return Image.new("RGB", (40, 30), "red")


@pytest.fixture
def held(queued):
    """The queue with its decoders at work on images that the test lets go."""
    gates = [Gate() for _ in range(queued._pipeline._decoders)]
    futures = [queued.submit(gate, seconds=20) for gate in gates]
    for gate in gates:
        assert gate.reached.wait(20)
    yield gates
    for gate in gates:
        gate.opened.set()
    for future in futures:
        future.result(20)


def opened(colour: str) -> Image.Image:
    return Image.new("RGB", (40, 30), colour)


def test_embeddings_equal_those_without_a_queue(queued, dual_encoder):
    images = [open_image(photo(name)) for name in NAMES]
    np.testing.assert_allclose(
        queued.encode_images(images), dual_encoder.encode_images(images), atol=1e-5
    )
    assert queued.encode_images([]).shape == (0, dual_encoder.spec.dimension)


def test_sixteen_clients_each_get_their_own_answer(dual_encoder):
    queued = QueuedEncoder(dual_encoder, QueueLimits(remembered=0))
    images = [open_image(photo(name)) for name in NAMES]
    expected = dual_encoder.encode_images(images)
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda i: queued.encode_images([images[i % 5]])[0], range(80)))
    for i, vector in enumerate(answers):
        np.testing.assert_allclose(vector, expected[i % 5], atol=1e-5)
    queued.close()


def test_a_damaged_image_fails_alone(queued, dual_encoder):
    files = [photo(name) for name in NAMES]
    files.insert(2, files[2][:2000])
    futures = [queued.submit(partial(open_image, data), seconds=20) for data in files]
    with pytest.raises(DamagedImage):
        futures.pop(2).result(20)
    vectors = np.stack([future.result(20) for future in futures])
    expected = dual_encoder.encode_images([open_image(photo(name)) for name in NAMES])
    np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_a_batch_that_fails_is_tried_one_by_one(dual_encoder):
    class Choking:
        """DualEncoder that run, but not with black images: the whole batch fails then."""

        spec, batch, parallel, linger = dual_encoder.spec, 8, 1, 0.05
        crop = staticmethod(dual_encoder.crop)

        def forward_images(self, crops, *, alone=True):
            if any(crop.max() == 0 for crop in crops):
                raise VectorError("black")
            return dual_encoder.forward_images(crops)

    queued = QueuedEncoder(Choking(), QueueLimits())
    colours = ["red", "black", "green", "blue"]
    futures = [queued.submit(partial(opened, colour), seconds=20) for colour in colours]
    with pytest.raises(VectorError, match="black"):
        futures.pop(1).result(20)
    assert all(np.isfinite(future.result(20)).all() for future in futures)
    queued.close()


def test_images_on_their_way_are_waited_for_and_no_longer(dual_encoder):
    class Patient:
        spec, batch, parallel, linger = dual_encoder.spec, 8, 1, 20.0
        crop = staticmethod(dual_encoder.crop)
        sizes: list[int] = []

        def forward_images(self, crops, *, alone=True):
            self.sizes.append(len(crops))
            return dual_encoder.forward_images(crops)

    queued, late = QueuedEncoder(Patient(), QueueLimits()), Gate()
    futures = [queued.submit(late, seconds=20)]
    assert late.reached.wait(20)
    futures.append(queued.submit(partial(opened, "green"), seconds=20))
    time.sleep(0.1)
    late.opened.set()
    start = time.monotonic()
    for future in futures:
        future.result(20)
    assert Patient.sizes == [2]
    assert time.monotonic() - start < Patient.linger / 2
    queued.close()


def test_a_full_queue_refuses_at_once(queued, held):
    waiting = [queued.submit(partial(opened, "blue"), seconds=20) for _ in range(16)]
    with pytest.raises(EncoderBusy) as refused:
        queued.submit(partial(opened, "green"), seconds=20)
    assert refused.value.status == 503
    assert refused.value.retryable
    for gate in held:
        gate.opened.set()
    assert len({future.result(20).tobytes() for future in waiting}) == 1


def test_a_cancelled_image_leaves_the_queue_and_is_never_decoded(queued, held):
    gone = Gate()
    waiting = [queued.submit(gone, seconds=20) for _ in range(16)]
    assert all(future.cancel() for future in waiting)
    last = queued.submit(partial(opened, "green"), seconds=20)
    for gate in held:
        gate.opened.set()
    assert last.result(20).shape == (queued.spec.dimension,)
    assert not gone.reached.is_set()
    with pytest.raises(CancelledError):
        waiting[0].result(0)


def test_an_image_whose_time_is_up_is_told_and_never_decoded(queued, held):
    late = Gate()
    future = queued.submit(late, seconds=0.01)
    time.sleep(0.05)
    for gate in held:
        gate.opened.set()
    with pytest.raises(DeadlineExceeded):
        future.result(20)
    assert not late.reached.is_set()


def test_whoever_waits_is_told_when_time_is_up(dual_encoder):
    queued = QueuedEncoder(dual_encoder, QueueLimits(seconds=0.001))
    image = open_image(photo("chelsea.png"))
    with pytest.raises(DeadlineExceeded):
        queued.encode_images([image] * 64)
    queued.close()


def test_interactive_images_overtake_bulk_ones(queued, held):
    order = []

    def noted(name):
        order.append(name)
        return opened("blue")

    bulk = [queued.submit(partial(noted, "bulk"), seconds=20, bulk=True) for _ in range(4)]
    urgent = [queued.submit(partial(noted, "interactive"), seconds=20) for _ in range(4)]
    for gate in held:
        gate.opened.set()
    for future in bulk + urgent:
        future.result(20)
    assert order == ["interactive"] * 4 + ["bulk"] * 4


def test_bulk_work_waits_for_room_instead_of_failing(queued):
    images = [Image.new("RGB", (40, 30), (i, 255 - i, 0)) for i in range(60)]
    assert queued.bulk.encode_images(images).shape == (60, queued.spec.dimension)


def test_closing_finishes_what_is_queued_and_lets_nothing_in(queued):
    futures = [queued.submit(partial(opened, c), seconds=20) for c in ("red", "green", "blue")]
    queued.close()
    assert all(future.done() and future.exception() is None for future in futures)
    with pytest.raises(EncoderBusy, match="stopping"):
        queued.submit(partial(opened, "red"), seconds=20)


def test_an_image_seen_before_is_not_encoded_again(dual_encoder):
    class Counting:
        spec, batch, parallel, linger = dual_encoder.spec, 1, 1, 0.0
        crop = staticmethod(dual_encoder.crop)
        encoded = 0

        def forward_images(self, crops, *, alone=True):
            self.encoded += len(crops)
            return dual_encoder.forward_images(crops)

    image = open_image(photo("coffee.png"))
    for remembered, expected in ((8, 1), (0, 2)):
        counting = Counting()
        queued = QueuedEncoder(counting, QueueLimits(remembered=remembered))
        [first], [second] = queued.encode_images([image]), queued.encode_images([image])
        np.testing.assert_array_equal(first, second)
        assert counting.encoded == expected
        queued.close()


def test_texts_are_remembered(dual_encoder):
    class Counting:
        spec, batch, parallel, linger = dual_encoder.spec, 1, 1, 0.0
        asked: list[str] = []

        def encode_texts(self, texts):
            self.asked += texts
            return dual_encoder.encode_texts(texts)

    counting = Counting()
    queued = QueuedEncoder(counting, QueueLimits())
    expected = dual_encoder.encode_texts(["a cat", "a dog", "a cat", "a cup"])
    np.testing.assert_allclose(queued.encode_texts(["a cat", "a dog"]), expected[:2], atol=1e-5)
    np.testing.assert_allclose(
        queued.encode_texts(["a cat", "a dog", "a cat", "a cup"]), expected, atol=1e-5
    )
    assert counting.asked == ["a cat", "a dog", "a cup"]
    queued.close()


def test_where_the_encoder_is_gone_all_are_told_at_once(dual_encoder):
    class Gone:
        spec, batch, parallel, linger = dual_encoder.spec, 8, 1, 0.2
        crop = staticmethod(dual_encoder.crop)
        asked = 0

        def forward_images(self, crops, *, alone=True):
            self.asked += 1
            raise RemoteUnavailable("the server is gone")

    gone = Gone()
    queued = QueuedEncoder(gone, QueueLimits())
    colours = ["red", "black", "green", "blue"]
    futures = [queued.submit(partial(opened, colour), seconds=20) for colour in colours]
    for future in futures:
        with pytest.raises(RemoteUnavailable):
            future.result(20)
    assert gone.asked < len(colours)
    queued.close()
