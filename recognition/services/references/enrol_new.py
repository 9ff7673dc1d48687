"""Create a category with its first reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.contrib.auth.models import User

from recognition.images import open_image
from recognition.models import Gallery
from recognition.services.categories.text_warnings import create_described
from recognition.services.limits import image_limits
from recognition.services.references.enrol import Enrolment, enrol


def enrol_new(
    *,
    gallery: Gallery,
    name: str,
    data: bytes,
    prompts: Sequence[str] = (),
    user: User | None = None,
) -> Enrolment:
    """Make a new category with its first reference. An image that cannot be used makes no
    category.
    """
    open_image(data, limits=image_limits())
    made = create_described(gallery=gallery, name=name, prompts=prompts)
    enrolment = enrol(gallery=gallery, category=made.category.slug, data=data, user=user)
    return replace(enrolment, warnings=(*enrolment.warnings, *made.warnings))
