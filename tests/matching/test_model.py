from __future__ import annotations

import numpy as np
import pytest

from recognition.core.errors import EncoderMismatch
from recognition.core.types import EvidenceKind
from recognition.matching.advice.advice import advise
from recognition.matching.advice.enrolment import enrolment_warnings, familiarity_warnings
from recognition.matching.background import Background
from recognition.matching.cohort import Cohort
from recognition.matching.decisions import decide
from recognition.matching.fit import MAX_CATEGORIES, UNKNOWN, Feedback, fit
from recognition.matching.impostors import fit_gallery_impostors
from recognition.matching.model import GalleryModel
from recognition.matching.prior import UNMEASURED
from recognition.matching.spreads import ImpostorScores
from tests.matching.galleries import DIMENSION, background, clusters, prompts, references, unit

BACKGROUND = background()


def test_a_model_decides_the_same_after_it_was_stored():
    photos, labels = clusters(12, 4, seed=1)
    support = references(photos, labels)
    own = clusters(4, 5, seed=9)[0]
    model = fit(support, BACKGROUND, generation=7, own=own)
    stored = GalleryModel.from_bytes(model.to_bytes(), BACKGROUND)
    assert stored.generation == 7
    assert stored.calibration == model.calibration
    for query in clusters(6, 1, seed=2)[0]:
        before, after = (decide(each, query[None], support) for each in (model, stored))
        assert before.outcome is after.outcome
        assert before.candidates[0].score == pytest.approx(after.candidates[0].score, abs=1e-3)


def test_a_model_of_another_encoder_is_refused():
    photos, labels = clusters(3, 1)
    data = fit(references(photos, labels), BACKGROUND).to_bytes()
    cohort = BACKGROUND.cohort
    other = Background.of(Cohort("another", cohort.images, cohort.texts))
    with pytest.raises(EncoderMismatch):
        GalleryModel.from_bytes(data, other)


def test_fitting_a_large_gallery_is_bounded():
    photos, labels = clusters(5_000, 2, seed=3)
    model = fit(references(photos, labels), BACKGROUND)
    assert model.categories == 5_000
    assert model.impostors.size <= MAX_CATEGORIES**2 * 2
    assert len(model.impostors.spreads.categories) <= MAX_CATEGORIES
    assert model.impostors.tail is not None


def test_a_category_that_chance_scores_wider_gets_a_threshold_of_its_own():
    """One category stands where many others stand around it; a single twin is no such crowd."""
    photos, _ = clusters(24, 1, seed=12)
    crowd = unit(photos[:8] + 1.5 * photos[0])
    support = references(np.concatenate([crowd, photos[8:]]), np.arange(24))
    spreads = fit(support, BACKGROUND).impostors.spreads
    assert spreads.of(np.array([0]))[0] > 1.05 > spreads.of(np.arange(8, 24)).max()
    assert spreads.of(np.array([999]))[0] == 1.0
    twin = references(np.concatenate([photos, photos[:1] + 1e-3]), np.arange(25))
    assert fit(twin, BACKGROUND).impostors.spreads.of(np.array([0, 24])).max() < 1.2


def test_cosines_are_judged_by_the_tail_that_they_have():
    """Between random directions a cosine has a lighter tail than a normal deviate, since it ends at
    one: the fewer directions, the lighter."""
    generator = np.random.default_rng(0)
    things, strangers = (unit(generator.normal(size=(count, 12))) for count in (120, 400))
    among = (things @ things.T)[np.triu_indices(120, 1)][:3500].reshape(35, 100)
    batches = [ImpostorScores(among.astype(np.float64), np.arange(100))]
    found = fit_gallery_impostors(batches, 3000, UNMEASURED.expected(100, 1, things[:1]))
    assert found.tail is None
    share = (found.normal_score(strangers @ things.T) >= 2.326).mean()
    assert 0.008 <= share <= 0.0125


def test_confidence_is_marked_uncalibrated_without_genuine_pairs_and_calibrated_with_enough():
    photos, labels = clusters(15, 4, seed=4, spread=1.0)
    single = fit(references(photos[::4], labels[::4]), BACKGROUND)
    several = fit(references(photos, labels), BACKGROUND)
    assert not single.calibration.calibrated
    assert several.calibration.calibrated


def test_feedback_calibrates_a_gallery_of_single_references():
    photos, labels = clusters(30, 5, seed=5, spread=1.0)
    enrolled = labels < 15
    support = references(photos[enrolled][::5], labels[enrolled][::5])
    truths = np.where(enrolled, labels, UNKNOWN)
    queries = np.arange(len(photos)) % 5 != 0
    model = fit(support, BACKGROUND, feedback=Feedback(photos[queries], truths[queries]))
    assert model.calibration.calibrated
    assert model.calibration.trials >= queries.sum()


def test_a_duplicate_and_a_collision_are_told_at_enrolment():
    photos, labels = clusters(12, 2, seed=6)
    support = references(photos[::2], labels[::2])
    model = fit(support, BACKGROUND)

    def codes(category: int) -> set[str]:
        found = enrolment_warnings(
            model, support, vector=photos[0], category=category, kind=EvidenceKind.REFERENCE
        )
        return {warning.code for warning in found}

    assert "duplicate" in codes(0) and "collision" not in codes(0)
    assert "collision" in codes(5) and "duplicate" not in codes(5)


def test_a_new_thing_of_the_usual_kind_collides_with_nothing():
    photos, labels = clusters(13, 1, seed=7)
    support = references(photos[:12], labels[:12])
    found = enrolment_warnings(
        fit(support, BACKGROUND),
        support,
        vector=photos[12],
        category=12,
        kind=EvidenceKind.REFERENCE,
    )
    assert "collision" not in {warning.code for warning in found}


def test_prompts_that_the_encoder_cannot_tell_apart_are_told():
    texts = unit(np.random.default_rng(1).normal(size=(3, DIMENSION)))
    support = prompts(texts, np.arange(3))
    model = fit(support, BACKGROUND)
    same, other = (
        enrolment_warnings(model, support, vector=vector, category=9, kind=EvidenceKind.PROMPT)
        for vector in (texts[1], unit(np.random.default_rng(2).normal(size=DIMENSION)))
    )
    assert [warning.code for warning in same] == ["indistinguishable_prompt"]
    assert other == ()


def test_what_resembles_nothing_in_the_cohort_is_out_of_distribution():
    generator = np.random.default_rng(2)
    kind = unit(generator.normal(size=DIMENSION))
    images = unit(generator.normal(size=(60, DIMENSION)) * 0.1 + kind)
    known = Background.of(Cohort("made", images, BACKGROUND.cohort.texts))
    assert familiarity_warnings(known, images[3]) == ()
    [warning] = familiarity_warnings(known, unit(generator.normal(size=DIMENSION)))
    assert warning.code == "out_of_distribution"


def test_the_category_that_is_most_easily_mistaken_is_advised_first():
    photos, labels = clusters(10, 3, seed=8)
    twin = unit(photos[0] + 0.03)
    vectors = np.concatenate([photos, twin[None]])
    support = references(vectors, np.append(labels, 55))
    advice = advise(fit(support, BACKGROUND), support)
    assert advice[0].category == 55
    assert advice[0].nearest == 0
    assert {each.category for each in advice} == {*range(10), 55}
