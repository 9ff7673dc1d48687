"""Images that come while nothing else is under way."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier, current_thread

import numpy as np
import pytest
from PIL import Image

from recognition.core.errors import DamagedImage, EncoderBusy
from recognition.encoders.batching.cache import VectorCache
from recognition.encoders.batching.pipeline import Pipeline
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.images import open_image
from tests.photos import photo

NAMES = ("chelsea.png", "coffee.png")


@pytest.fixture
def loaders():
    return [partial(open_image, photo(name)) for name in NAMES]


@pytest.fixture
def expected(dual_encoder):
    return dual_encoder.encode_images([open_image(photo(name)) for name in NAMES])


@pytest.fixture
def pipeline(dual_encoder):
    found = Pipeline(dual_encoder, cache=VectorCache(8), decoders=2)
    yield found
    found.close()


def rows_of(futures):
    return np.stack([future.result(0) for future in futures])


def test_they_are_embedded_at_once_and_no_stage_is_started(pipeline, loaders, expected):
    np.testing.assert_allclose(rows_of(pipeline.run_now(loaders)), expected, atol=1e-5)
    assert not pipeline._stages


def test_one_that_is_known_is_not_run_again(pipeline, loaders, expected, monkeypatch):
    pipeline.run_now(loaders[:1])
    monkeypatch.setattr(pipeline, "_dual_encoder", Reading(pipeline._dual_encoder))
    np.testing.assert_allclose(rows_of(pipeline.run_now(loaders)), expected, atol=1e-5)
    assert pipeline._dual_encoder.sizes == [1]


class Reading:
    """DualEncoder that note what they are asked for."""

    parallel, batch, linger = 1, 1, 0.0

    def __init__(self, dual_encoder, meeting=None):
        self.spec, self.crop, self.forward = (
            dual_encoder.spec,
            dual_encoder.crop,
            dual_encoder.forward_images,
        )
        self.meeting = meeting
        self.sizes: list[int] = []
        self.alone: list[bool] = []
        self.threads: set[str] = set()

    def forward_images(self, crops, *, alone=True):
        self.sizes.append(len(crops))
        self.alone.append(alone)
        self.threads.add(current_thread().name)
        if self.meeting:
            self.meeting.wait(20)
        return self.forward(crops)


class Parallel(Reading):
    parallel = 2


def test_together_on_every_core_where_batches_follow_one_another(dual_encoder, loaders, expected):
    reading = Reading(dual_encoder)
    pipeline = Pipeline(reading, cache=VectorCache(0), decoders=2)
    np.testing.assert_allclose(rows_of(pipeline.run_now(loaders)), expected, atol=1e-5)
    assert (reading.sizes, reading.alone) == ([2], [True])
    assert reading.threads == {current_thread().name}


def test_side_by_side_where_batches_are_run_at_the_same_time(dual_encoder, loaders, expected):
    reading = Parallel(dual_encoder, Barrier(2))
    pipeline = Pipeline(reading, cache=VectorCache(0), decoders=2)
    np.testing.assert_allclose(rows_of(pipeline.run_now(loaders)), expected, atol=1e-5)
    assert (reading.sizes, reading.alone) == ([1, 1], [False, False])


def test_a_damaged_one_fails_alone(pipeline, loaders, expected):
    damaged = partial(open_image, photo(NAMES[0])[:2000])
    bad, good = pipeline.run_now([damaged, loaders[1]])
    with pytest.raises(DamagedImage):
        bad.result(0)
    np.testing.assert_allclose(good.result(0), expected[1], atol=1e-5)


def test_whoever_comes_meanwhile_has_to_queue(pipeline, loaders, expected):
    def opened() -> Image.Image:
        assert pipeline.run_now(loaders) == []
        later.append(pool.submit(pipeline.submit, loaders[1], deadline=float("inf")))
        return loaders[0]()

    later = []
    with ThreadPoolExecutor(1) as pool:
        [first] = pipeline.run_now([opened])
        second = later[0].result(20).result(20)
    np.testing.assert_allclose(np.stack([first.result(0), second]), expected, atol=1e-5)
    np.testing.assert_allclose(rows_of(pipeline.run_now(loaders)), expected, atol=1e-5)


def test_towers_that_gain_by_waiting_are_queued_for(dual_encoder, loaders, monkeypatch):
    monkeypatch.setattr(Reading, "linger", 0.01)
    pipeline = Pipeline(Reading(dual_encoder), cache=VectorCache(0), decoders=2)
    assert pipeline.run_now(loaders) == []


def test_more_than_are_decoded_at_a_time_have_to_queue(pipeline, loaders):
    assert pipeline.run_now(loaders * 2) == []
    assert pipeline.run_now([]) == []


def test_nobody_is_let_in_once_it_is_closed(dual_encoder, loaders):
    queued = QueuedEncoder(dual_encoder, QueueLimits())
    queued.close()
    with pytest.raises(EncoderBusy, match="stopping"):
        queued.encode_loaded(loaders)
