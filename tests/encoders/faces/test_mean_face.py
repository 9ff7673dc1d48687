"""What all faces share."""

from __future__ import annotations

import numpy as np

from recognition.encoders.faces.mean_face import mean_face, mean_face_sources


def test_it_is_the_mean_of_many_people():
    assert mean_face().shape == (1, 128)
    assert mean_face().dtype == np.float32
    assert 0.9 < np.linalg.norm(mean_face()) < 0.93
    assert sum(mean_face_sources().values()) == 82


def test_each_source_names_its_package_and_version():
    assert all(
        source.endswith((" (npm)", " (PyPI)", " (Debian)")) for source in mean_face_sources()
    )


def test_it_is_of_this_encoder_and_of_nobody(faces, astronaut):
    [row] = faces.encode_images([astronaut])
    assert 0.8 < float(mean_face()[0] @ row) < 0.96
    np.testing.assert_array_equal(faces.cohort(), mean_face())
