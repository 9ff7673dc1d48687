"""dlib's files, read without dlib."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.core.errors import WeightsUnavailable
from recognition.encoders.faces import dlib_format
from recognition.encoders.faces.dlib_format import Convolution, Dense, read_network
from recognition.encoders.faces.graphs import detector_graph, embedding_graph
from recognition.encoders.faces.package import DETECTOR, EMBEDDING, model_file


@pytest.fixture(scope="module")
def embedding(face_models):
    return read_network(model_file(EMBEDDING))


def test_the_whole_network_is_read(embedding):
    convolutions = [layer for layer in embedding.layers if isinstance(layer, Convolution)]
    dense = [layer for layer in embedding.layers if isinstance(layer, Dense)]
    assert len(convolutions) == 29 and dense[0].weights.shape == (256, 128)
    assert embedding.mean == pytest.approx((122.782, 117.001, 104.298))
    assert all(np.isfinite(layer.filters).all() for layer in convolutions)


def test_the_detector_is_read_with_its_statistics_folded(face_models):
    network = read_network(model_file(DETECTOR))
    convolutions = [layer for layer in network.layers if isinstance(layer, Convolution)]
    assert [len(layer.filters) for layer in convolutions] == [16, 32, 32, 45, 45, 45, 1]
    detector_graph(network)


@pytest.mark.parametrize("end", [10, 400, 4000, 2_000_000])
def test_a_file_that_ends_early_is_refused(face_models, tmp_path, end):
    path = tmp_path / EMBEDDING
    path.write_bytes(model_file(EMBEDDING).read_bytes()[:end])
    with pytest.raises(WeightsUnavailable, match="Install its package again"):
        embedding_graph(read_network(path))


@pytest.mark.parametrize("at", [0x121, 0x150, 0x155, 0x158])
def test_a_damaged_file_is_refused(face_models, tmp_path, at):
    content = bytearray(model_file(EMBEDDING).read_bytes())
    content[at] ^= 0x7F
    path = tmp_path / EMBEDDING
    path.write_bytes(content)
    with pytest.raises(WeightsUnavailable):
        embedding_graph(read_network(path))


def test_a_file_of_something_else_is_refused(tmp_path):
    path = tmp_path / "photo.dat"
    path.write_bytes(bytes(range(256)) * 64)
    with pytest.raises(WeightsUnavailable, match="no input of RGB images"):
        read_network(path)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(dlib_format, "LARGEST_FILE", 1000)
    path = tmp_path / "huge.dat"
    path.write_bytes(bytes(1001))
    with pytest.raises(WeightsUnavailable, match="too large"):
        read_network(path)


def test_one_network_is_not_taken_for_the_other(face_models, embedding):
    with pytest.raises(WeightsUnavailable, match="out of place"):
        embedding_graph(read_network(model_file(DETECTOR)))
    with pytest.raises(WeightsUnavailable, match="out of place"):
        detector_graph(embedding)
