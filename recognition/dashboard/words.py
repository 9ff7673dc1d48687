"""Decisions in words."""

from __future__ import annotations

from typing import Any

from recognition.models import Job
from recognition.types import Outcome


def in_words(answer: dict[str, Any]) -> str:
    """What an identification decided, in a sentence to be heard."""
    names = [candidate["name"] for candidate in answer["candidates"]]
    if answer["decision"] == Outcome.MATCH and names:
        return f"It is {names[0]}."
    if answer["decision"] == Outcome.AMBIGUOUS and len(names) > 1:
        return f"It is either {names[0]} or {names[1]}."
    return "Unknown: it is nothing that this gallery knows."


def verified_in_words(answer: dict[str, Any]) -> str:
    """What a verification decided, in a sentence to be heard."""
    name = answer["name"]
    return f"Accepted: {name}." if answer["accepted"] else f"Rejected: not {name}."


def ended_in_words(job: Job) -> str:
    """What became of a job, in a sentence to be heard."""
    failed = f", {job.failed} failed" if job.failed else ""
    return f"The import has {job.state}: {job.enrolled} enrolled{failed}."
