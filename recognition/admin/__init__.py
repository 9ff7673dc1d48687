"""The curators' console. Writes go through the services, so that the index follows."""

from recognition.admin import (
    access,
    audit,
    categories,
    galleries,
    history,
    prompts,
    references,
    work,
)
from recognition.admin import evaluations as trials

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
