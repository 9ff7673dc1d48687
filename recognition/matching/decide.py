"""The plain baseline: best similarity a category against a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from recognition.types import Candidate, Decision, Evidence, EvidenceKind, Outcome, Threshold


@dataclass(frozen=True, slots=True)
class Policy:
    threshold: float = 0.45
    text_gain: float = 2.0


def decide(evidence: Sequence[Evidence], *, policy: Policy, top_k: int) -> Decision:
    best: dict[int, tuple[float, Evidence]] = {}
    for item in evidence:
        gain = policy.text_gain if item.kind is EvidenceKind.PROMPT else 1.0
        score = item.similarity * gain
        if item.category not in best or score > best[item.category][0]:
            best[item.category] = score, item
    ranked = sorted(best.values(), key=lambda pair: -pair[0])[:top_k]
    candidates = tuple(Candidate(e.category, s, e.similarity, e) for s, e in ranked)
    matched = bool(candidates) and candidates[0].score >= policy.threshold
    return Decision(
        Outcome.MATCH if matched else Outcome.UNKNOWN,
        candidates[0].category if matched else None,
        candidates,
        Threshold(policy.threshold, None, "a fixed similarity"),
    )
