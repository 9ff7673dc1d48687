"""What a new gallery may recognise on this installation."""

from __future__ import annotations

from dataclasses import dataclass

from recognition.core.configuration import recognition_settings
from recognition.core.types import Domain
from recognition.encoders import registry
from recognition.encoders.names import DRAWINGS
from recognition.services.encoders.gallery_encoders import models_dir


@dataclass(frozen=True, slots=True)
class DomainChoice:
    """A domain, and whether its encoder is here; ``missing`` says how it is to be had."""

    domain: Domain
    missing: str = ""


def domain_choices() -> list[DomainChoice]:
    """List the domains in the order in which they are offered."""
    names = {Domain.FACES: recognition_settings().faces_encoder, Domain.DRAWINGS: DRAWINGS}
    installed = {spec.name for spec in registry.installed(models_dir())}
    return [
        DomainChoice(Domain.GENERAL),
        *(
            DomainChoice(domain, "" if name in installed else _how(name))
            for domain, name in names.items()
        ),
    ]


def _how(name: str) -> str:
    return f"Not prepared on this machine: the operator runs “manage.py encoder prepare {name}”."
