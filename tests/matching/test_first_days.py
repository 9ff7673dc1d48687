"""What a gallery promises while it has shown little of what it holds."""

from __future__ import annotations

import numpy as np
import pytest

from recognition.core.types import Ambiguity, Help, Outcome
from recognition.evaluation.answers import answer
from recognition.evaluation.first_days import (
    KindOfThing,
    first_days,
    named_galleries,
    small_galleries,
)
from recognition.matching.background import Background
from recognition.matching.decisions import decide, identification_threshold, verify
from recognition.matching.earning import helps
from recognition.matching.fit import UNKNOWN, fit
from recognition.matching.measuring import measured_prior
from recognition.matching.prior import UNMEASURED, from_json, shipped_prior, to_json
from tests.matching.galleries import DIMENSION, background, clusters, references, unit

PRIOR = shipped_prior("bundled")


def kind(seed: int, alike: float) -> KindOfThing:
    """Thirty things with four photos each, that share a look: the more ``alike``, the more."""
    photos, labels = clusters(30, 4, seed=seed, spread=0.7, shared=alike)
    return KindOfThing(photos, labels, np.ones(len(labels), bool))


@pytest.fixture(scope="module")
def chance() -> Background:
    """Everyday photos of these made-up things, with what was measured on real look-alikes."""
    plain = from_json(to_json(PRIOR) | {"kinds": []})
    return Background.of(background().cohort, plain)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 12, 20])
@pytest.mark.parametrize("alike", [0.5, 1.0, 2.0])
def test_strangers_of_the_same_kind_stay_out_from_the_first_photo(chance, size, alike):
    kinds = [kind(seed, alike) for seed in range(6)]
    drawn = list(small_galleries(kinds, enrolled=size, shots=1, count=60))
    none = kinds[0].vectors[:0]
    for day, most in zip(first_days(drawn, none, chance, [0.01, 0.05]), (0.03, 0.1), strict=True):
        assert day.same.mean <= most
        assert day.claims.mean <= most


def test_the_threshold_loosens_without_a_jump_as_more_is_known(chance):
    things = kind(3, 1.5)
    firsts = np.arange(0, len(things.labels), 4)
    strict = []
    for count in range(1, 13):
        support = references(things.vectors[firsts[:count]], np.arange(count))
        model = fit(support, chance, calibrate=False)
        threshold = identification_threshold(model, 0.01)
        strict.append(threshold.score - threshold.tentative)
    assert all(later <= earlier + 0.05 for earlier, later in zip(strict, strict[1:], strict=False))
    assert strict[0] > 1.0 > 0.1 > strict[-1]


def test_ten_strangers_make_an_only_category_findable(chance):
    things = kind(4, 1.5)
    support = references(things.vectors[:1], np.array([0]))
    own, others = things.vectors[1:4], things.vectors[4:]
    before, after = fit(support, chance), fit(support, chance, own=others[::12])
    found = [sum(decide(m, q[None], support).category == 0 for q in own) for m in (before, after)]
    assert found[0] < found[1] == 3
    rest = np.delete(others, np.arange(0, len(others), 12), axis=0)
    taken = [decide(after, each[None], support).outcome is Outcome.MATCH for each in rest]
    assert np.mean(taken) <= 0.03


def test_a_query_that_was_rejected_is_an_impostor_of_that_category_alone(chance):
    things = kind(4, 1.5)
    support = references(things.vectors[:8:4], np.array([0, 1]))
    others = things.vectors[8::12]
    rejected = references(others[:10], np.repeat([0, 7], 5))
    before, after = fit(support, chance), fit(support, chance, rejected=rejected)
    assert (before.impostors.effective, after.impostors.effective) == (0.0, 5.0)
    assert after.impostors.freedom > before.impostors.freedom
    assert after.impostors.size == 5  # category 7 has no reference
    np.testing.assert_array_equal(after.space.mean, before.space.mean)


def test_a_likeness_that_may_be_chance_is_ambiguous_and_says_what_would_settle_it(chance):
    things = kind(5, 2.0)
    support = references(things.vectors[:1], np.array([0]))
    model = fit(support, chance)
    decision = decide(model, things.vectors[1:2], support)
    assert (decision.outcome, decision.reason) == (Outcome.AMBIGUOUS, Ambiguity.UNPROVEN)
    assert decision.category is None and decision.candidates[0].category == 0
    assert decision.helps == (Help.NEGATIVES, Help.CATEGORIES, Help.PHOTO)
    claim = verify(model, things.vectors[1:2], support, category=0)
    assert (claim.accepted, claim.reason) == (False, Ambiguity.UNPROVEN)
    assert claim.helps == decision.helps


def test_more_categories_help_most_once_there_are_many(chance):
    things = kind(6, 1.0)
    support = references(things.vectors[::4], np.arange(30))
    assert helps(fit(support, chance, calibrate=False), shots=3) == (
        *(Help.CATEGORIES, Help.NEGATIVES),
    )


def test_an_encoder_that_nobody_measured_matches_nothing_until_the_gallery_itself_can_say():
    things, unmeasured = kind(7, 0.5), background()
    for count, supported in ((1, False), (5, False), (9, True)):
        support = references(things.vectors[: 4 * count : 4], np.arange(count))
        model = fit(support, unmeasured, calibrate=False)
        assert identification_threshold(model, 0.01).supported is supported


def test_a_lenient_rate_does_not_make_everything_look_like_something(chance):
    things = kind(8, 1.5)
    support = references(things.vectors[:1], np.array([0]))
    model = fit(support, chance, calibrate=False)
    strict, lenient = (identification_threshold(model, far) for far in (0.01, 0.2))
    assert lenient.score < strict.score
    assert lenient.tentative == pytest.approx(min(strict.tentative, lenient.score))


def test_what_is_no_match_has_not_passed():
    """Where nobody has measured an encoder, few categories support no strict threshold."""
    things, unmeasured = kind(7, 0.5), background()
    support = references(things.vectors[:24:4], np.arange(6))
    model = fit(support, unmeasured)
    twins = np.concatenate([support.vectors, things.vectors[24:]])
    strangers, rates = np.full(len(twins), UNKNOWN), (0.01, 0.4)
    found = answer(model, support, twins, strangers, far=0.01, rates=rates)
    strict, lenient = (
        [decide(model, each[None], support, far=far) for each in twins] for far in rates
    )
    assert not [each for each in strict if each.outcome is Outcome.MATCH]
    # Two categories that are too near to tell apart have both been passed.
    above = [each for each in lenient if each.outcome is Outcome.MATCH or each.reason == "several"]
    assert found.passed.matched.tolist() == [0, len(above)]
    assert len(above) >= 6
    assert found.passed.accepted[0] == 0.0 < found.passed.accepted[1]
    assert not found.supported
    assert not (found.unknown.best >= found.unknown.match_at).any()


def test_names_alone_keep_their_promise_too(chance):
    kinds = [kind(seed, 1.0) for seed in range(6)]
    drawn = list(named_galleries(kinds, chance.cohort.texts, enrolled=3, count=60))
    for day, most in zip(
        first_days(drawn, kinds[0].vectors[:0], chance, [0.01, 0.05]), (0.03, 0.1), strict=True
    ):
        assert day.same.mean <= most
        assert day.found is None


def test_the_shipped_numbers_say_where_they_are_from_and_are_read_as_written():
    assert PRIOR.measured and len(PRIOR.kinds) > 50 and PRIOR.source
    again = from_json(to_json(PRIOR))
    assert again.digest == PRIOR.digest != UNMEASURED.digest
    assert shipped_prior("bundled+bf16").digest == PRIOR.digest
    assert shipped_prior("open_clip:ViT-B-32/openai") is None
    with pytest.raises(ValueError, match="another version"):
        from_json(to_json(PRIOR) | {"version": 0})


def test_a_reference_of_a_known_kind_is_judged_by_that_kind():
    nearest = max(PRIOR.kinds, key=lambda each: abs(each.mean - PRIOR.first_mean))
    mean, deviation = PRIOR.first(nearest.centre[None])
    assert abs(mean - nearest.mean) < abs(PRIOR.first_mean - nearest.mean) / 2
    elsewhere = PRIOR.first(-nearest.centre[None])
    assert elsewhere == pytest.approx((PRIOR.first_mean, PRIOR.first_deviation), abs=0.02)
    assert deviation > 0


def test_kinds_are_measured_by_how_alike_their_things_are():
    tight, loose = (
        unit(look + np.random.default_rng(seed).normal(size=(20, DIMENSION)) / alike)
        for seed, alike, look in ((1, 20.0, unit(np.ones(DIMENSION))), (2, 4.0, unit(np.ones(64))))
    )
    scores = {
        name: np.arctanh(np.clip(v @ v.T, -1, 0.9999))
        for name, v in {"tight": tight, "loose": loose, "looser": loose[::-1]}.items()
    }
    found = measured_prior(scores, {"tight": tight, "loose": loose, "looser": loose}, "made up")
    means = {each.name: each.mean for each in found.kinds}
    assert means["tight"] > means["loose"]
    assert found.first_mean == pytest.approx(means["tight"], abs=1e-3)
    assert found.measured
