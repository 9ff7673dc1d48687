import numpy as np
import pytest

from recognition.encoders.bundled import projection


@pytest.fixture(scope="module")
def class_texts():
    """A thousand texts with a common direction, as sentence embeddings have one."""
    random = np.random.default_rng(0)
    return projection.l2(random.normal(size=(1000, 384)) + 2 * random.normal(size=384))


def test_text_directions_are_orthonormal_and_leave_the_mean_out(class_texts):
    directions = projection.project_texts(class_texts).directions
    np.testing.assert_allclose(directions @ directions.T, np.eye(256), atol=1e-9)
    mean = projection.l2(class_texts.mean(axis=0))
    np.testing.assert_allclose(directions @ mean, 0, atol=1e-9)


def test_the_class_table_is_the_said_half_of_each_class_text(class_texts):
    said = projection.project_texts(class_texts)
    np.testing.assert_allclose(
        said.classes, projection.l2(class_texts @ said.directions.T), atol=1e-12
    )


def test_whitened_class_rows_vary_alike_in_every_direction():
    random = np.random.default_rng(1)
    classifier = random.normal(size=(1000, 1280)) * np.linspace(1, 5, 1280)
    seen = (classifier - classifier.mean(axis=0)) @ projection.whiten_features(classifier).T
    np.testing.assert_allclose(seen.T @ seen, np.eye(256), atol=1e-9)


def test_the_sign_of_a_direction_does_not_depend_on_the_solver():
    random = np.random.default_rng(2)
    rows = random.normal(size=(300, 20))
    directions, _ = projection.principal_directions(rows, 10)
    again, _ = projection.principal_directions(-rows[::-1], 10)
    np.testing.assert_allclose(directions, again, atol=1e-9)
    largest = directions[np.arange(10), np.abs(directions).argmax(axis=1)]
    assert (largest > 0).all()


def test_the_logit_scale_makes_a_sure_image_as_sure_as_the_tower_is_right(class_texts):
    classes = projection.project_texts(class_texts).classes
    scale = projection.logit_scale(classes)
    logits = scale * classes @ classes.T / np.hypot(1, projection.SEEN_WEIGHT)
    shares = np.exp(logits)
    own = np.diag(shares) / shares.sum(axis=1)
    assert own.mean() == pytest.approx(projection.TOP1_ACCURACY, abs=1e-6)
