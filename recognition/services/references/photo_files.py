"""The file of a photo, which all references of it share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.core.files.base import ContentFile
from django.db.models.fields.files import FieldFile

from recognition.models import Gallery, Reference
from recognition.models.reference import image_path
from recognition.services.storage.files import is_named

TWINS = 64
"""References of one photo that are looked at for the same region."""


def twins_of(gallery: Gallery, reference: Reference) -> list[Reference]:
    """Return references of the same file that the gallery has; those of the same region first."""
    same = Reference.objects.filter(gallery=gallery, sha256=reference.sha256)
    found = list(same.select_related("category").order_by("pk")[:TWINS])
    return sorted(found, key=lambda twin: twin.box != reference.box)


def photo_file(
    reference: Reference, twins: Sequence[Reference], content: Callable[[], bytes]
) -> list[tuple[FieldFile, bytes]]:
    """Return the file that is to be written for the photo of a reference: none where ``twins``
    have it already, whose file it is then given.
    """
    for twin in twins:
        if (twin.width, twin.height) == (reference.width, reference.height) and twin.image:
            reference.image.name = twin.image.name
            return []
    return [(reference.image, content())]


def hold_photo(reference: Reference, content: Callable[[], bytes]) -> None:
    """Make sure that the file is still there which a reference was given, inside the transaction
    that locked its gallery: the last of those that had it may have been removed meanwhile.
    """
    if reference.image.name == image_path(reference, "") or is_named(str(reference.image.name)):
        return
    reference.image.name = ""
    reference.image.save("image", ContentFile(content()), save=False)
