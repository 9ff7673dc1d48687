"""Decisions in words."""

from __future__ import annotations

from typing import Any

from recognition.models import Job


def in_words(answer: dict[str, Any]) -> str:
    """What an identification or a verification decided, in a sentence to be heard."""
    return " ".join([answer["sentence"], *(each["detail"] for each in answer["help"][:1])])


def ended_in_words(job: Job) -> str:
    """What became of a job, in a sentence to be heard."""
    failed = f", {job.failed} failed" if job.failed else ""
    return f"The import has {job.state}: {job.enrolled} enrolled{failed}."
