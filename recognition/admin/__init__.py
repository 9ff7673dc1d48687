"""The curators' console. Writes go through the services, so that the index follows."""

from recognition.admin import (
    access,
    audit,
    categories,
    galleries,
    history,
    prompts,
    references,
    trials,
    work,
)

__all__ = [
    "access",
    "audit",
    "categories",
    "galleries",
    "history",
    "prompts",
    "references",
    "trials",
    "work",
]
