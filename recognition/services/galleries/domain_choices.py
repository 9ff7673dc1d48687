"""What a new gallery may recognise on this installation."""

from __future__ import annotations

from dataclasses import dataclass

from recognition.core.program import PROGRAM
from recognition.core.types import Domain
from recognition.encoders import registry
from recognition.services.encoders.domain_encoders import domain_encoder
from recognition.services.encoders.gallery_encoders import models_dir


@dataclass(frozen=True, slots=True)
class DomainChoice:
    """A domain, and whether its encoder is here; ``missing`` says how it is to be had."""

    domain: Domain
    missing: str = ""


def domain_choices() -> list[DomainChoice]:
    """List the domains in the order in which they are offered."""
    installed = {spec.name for spec in registry.installed(models_dir())}
    named = {domain: domain_encoder(domain) for domain in (Domain.FACES, Domain.DRAWINGS)}
    return [
        DomainChoice(Domain.GENERAL),
        *(
            DomainChoice(domain, "" if name in installed else _how(name))
            for domain, name in named.items()
        ),
    ]


def _how(name: str) -> str:
    return f"Not prepared on this machine: the operator runs “{PROGRAM} encoder prepare {name}”."
