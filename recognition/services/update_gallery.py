from __future__ import annotations

from recognition.errors import GalleryNotFound, InvalidInput
from recognition.models import Gallery


def update_gallery(
    *,
    gallery: Gallery,
    name: str | None = None,
    description: str | None = None,
    target_far: float | None = None,
) -> Gallery:
    """Change what is said of a gallery and how strictly it decides; None leaves as it is."""
    if name is not None:
        if not name.strip():
            raise InvalidInput("A gallery needs a name.")
        gallery.name = name.strip()
    if description is not None:
        gallery.description = description
    if target_far is not None:
        gallery.target_far = target_far
    found = Gallery.objects.filter(pk=gallery.pk).update(
        name=gallery.name, description=gallery.description, target_far=gallery.target_far
    )
    if not found:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.")
    return gallery
