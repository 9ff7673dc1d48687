from __future__ import annotations

from recognition.errors import GalleryNotFound, InvalidInput
from recognition.models import Gallery


def update_gallery(
    *,
    gallery: Gallery,
    name: str | None = None,
    description: str | None = None,
    target_far: float | None = None,
    review_references: bool | None = None,
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
    if review_references is not None:
        gallery.review_references = review_references
    found = Gallery.objects.filter(pk=gallery.pk).update(
        name=gallery.name,
        description=gallery.description,
        target_far=gallery.target_far,
        review_references=gallery.review_references,
    )
    if not found:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.")
    return gallery
