"""The people that a gallery's are compared with by chance."""

from __future__ import annotations

import numpy as np

from recognition.encoders.faces.cohort import cohort_rows, cohort_sources


def test_rows_are_embeddings_of_many_people():
    rows = cohort_rows()
    assert rows.shape == (82, 128) and rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)
    assert sum(cohort_sources().values()) == len(rows)


def test_no_two_rows_are_of_one_person():
    rows = cohort_rows()
    similarities = rows @ rows.T - 2 * np.eye(len(rows))
    assert similarities.max() < 0.955


def test_each_source_names_its_package_and_version():
    assert all(source.endswith((" (npm)", " (PyPI)", " (Debian)")) for source in cohort_sources())


def test_the_people_are_of_this_encoder(faces, astronaut):
    [row] = faces.encode_images([astronaut])
    similarities = np.sort(cohort_rows() @ row)
    assert similarities[-1] > 0.98 > 0.93 > similarities[-2]
