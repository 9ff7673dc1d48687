from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from recognition.images import open_image
from recognition.models import Gallery
from recognition.services.create_category import create_category
from recognition.services.enrol import Enrolment, enrol
from recognition.services.limits import image_limits


def enrol_new(
    *,
    gallery: Gallery,
    name: str,
    data: bytes,
    prompts: Sequence[str] = (),
    user: User | None = None,
) -> Enrolment:
    """A new category with its first reference. An image that cannot be used makes no category."""
    open_image(data, limits=image_limits())
    category = create_category(gallery=gallery, name=name, prompts=prompts)
    return enrol(gallery=gallery, category=category.slug, data=data, user=user)
