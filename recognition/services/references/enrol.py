"""Enrolment: one example image of a category, searchable when it is acknowledged.

Where a gallery reviews its references, it may have to be approved first.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from PIL import Image

from recognition.core.errors import AlreadyExists, CategoryNotFound, InvalidInput
from recognition.core.regions import Box, Regions, check_asked
from recognition.core.texts import MAX_NAME, checked_id, checked_text
from recognition.core.types import EvidenceKind, QualityWarning, Vector
from recognition.images import encode_stored, read_image
from recognition.images.regions import PhotoRegion
from recognition.matching.advice.enrolment import enrolment_warnings
from recognition.matching.support import SupportSet
from recognition.models import AuditAction, Category, Embedding, Gallery, Reference
from recognition.selectors.category_names import find_category
from recognition.selectors.support import support_of
from recognition.services.audit.trail import record
from recognition.services.categories.create_category import category_for_key
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.limits import image_limits
from recognition.services.matching.gallery_model import Fitted, current, fitted
from recognition.services.matching.match import contenders
from recognition.services.quotas import check_bytes, check_references
from recognition.services.references.approval import admit, state_for
from recognition.services.references.photo_files import hold_photo, photo_file, twins_of
from recognition.services.references.regions import thumbnail_of
from recognition.services.storage.files import stored

NEW_CATEGORY = -1


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A reference, the generation that made it searchable, None while it waits for approval, and
    what to know of it.
    """

    reference: Reference
    generation: int | None
    warnings: tuple[QualityWarning, ...]


@with_present_encoder
def enrol(
    *,
    gallery: Gallery,
    category: str,
    data: bytes,
    create: bool = False,
    user: User | None = None,
    external_id: str = "",
    advise: bool = True,
    box: Box | None = None,
    regions: Regions | None = None,
) -> Enrolment:
    """Store an image, embed it, or the ``box`` of it that is meant, and add it to the support set
    of a category.

    A reference is one region, so that all ``regions`` cannot be enrolled at once. A photo that the
    gallery has already is not stored again. ``category`` is a slug or an external id; one that does
    not exist is made with ``create``. Who knows what is enrolled may do without being advised,
    which saves fitting the gallery. The files are written first, then all rows in one transaction:
    what was acknowledged is never lost, and a failure leaves nothing half done. Raises ImageError,
    InvalidBox, CategoryNotFound.
    """
    if regions is Regions.ALL:
        raise InvalidInput("A reference is one region: send its box.")
    check_asked(box, regions)
    checked_text(category, "A category", most=MAX_NAME)
    checked_id(external_id)
    target = _find_or_plan(gallery, category, create=create)
    opened = read_image(data, limits=image_limits())
    image = opened.image
    box = box and box.within(image.size)
    [vector] = encoder_of(gallery).encode_regions([PhotoRegion(image, box)])
    reference = _reference(target, data, image, user, external_id)
    reference.box = box
    twins = twins_of(gallery, reference)
    warnings = (*opened.warnings, *same_region(reference, twins))
    if advise:
        warnings += advice_for(gallery).warnings(target, image, vector, box)
    files = photo_file(reference, twins, lambda: encode_stored(image))
    small = (reference.thumbnail, thumbnail_of(image, box, gallery.domain))
    with stored(*files, small):
        generation = _commit(gallery, reference, vector, image, key=category, create=create)
    return Enrolment(reference, generation, warnings)


def _find_or_plan(gallery: Gallery, key: str, *, create: bool) -> Category:
    """The category, or an unsaved one that stands for it until the transaction."""
    category = find_category(gallery, key)
    if category is None and not create:
        raise CategoryNotFound(f"The gallery {gallery.slug!r} has no category {key!r}.")
    return category or Category(gallery=gallery, name=key)


def _reference(
    category: Category,
    data: bytes,
    image: Image.Image,
    user: User | None,
    external_id: str,
) -> Reference:
    return Reference(
        gallery=category.gallery,
        category=category,
        width=image.width,
        height=image.height,
        sha256=hashlib.sha256(data).hexdigest(),
        external_id=external_id,
        created_by=user,
    )


@transaction.atomic
def _commit(
    gallery: Gallery,
    reference: Reference,
    vector: Vector,
    image: Image.Image,
    *,
    key: str,
    create: bool,
) -> int | None:
    locked = lock_gallery(gallery)
    hold_photo(reference, lambda: encode_stored(image))
    category = category_for_key(locked, key, create=create)
    reference.category = category
    reference.state = state_for(locked, reference.created_by)
    insert_reference(reference)
    embedding = Embedding(
        gallery=locked,
        category=category,
        encoder=gallery.encoder,
        reference=reference,
        data=Embedding.pack(vector),
    )
    admit(locked, [embedding])
    record(
        AuditAction.ENROL,
        reference,
        gallery=locked,
        user=reference.created_by,
        category=category.slug,
        state=reference.state,
    )
    return None if reference.is_pending else locked.generation


def insert_reference(reference: Reference) -> None:
    """Save a reference inside the transaction that locked its gallery. Raises AlreadyExists for
    its external_id, QuotaExceeded, IntegrityError for whatever else the database refuses it for.
    """
    check_references(reference.gallery)
    check_bytes(reference.gallery, reference.stored_bytes or 0)
    try:
        with transaction.atomic():
            reference.save()
    except IntegrityError:
        key = reference.external_id
        among = Reference.objects.filter(gallery=reference.gallery_id, external_id=key)
        if not key or not among.exists():
            raise
        raise AlreadyExists(
            f"The gallery has a reference with the external_id {key!r} already."
        ) from None


def same_region(reference: Reference, twins: Sequence[Reference]) -> tuple[QualityWarning, ...]:
    """Warn that the gallery has the same region of the same file, if it does."""
    return tuple(
        QualityWarning(
            "duplicate", f"The same file is already a reference of {twin.category.name!r}."
        )
        for twin in twins[:1]
        if twin.box == reference.box
    )


@dataclass(frozen=True, slots=True)
class Advice:
    """A gallery's advice on references to be: by its model, and by all that a small one holds, None
    of a large one.
    """

    gallery: Gallery
    known: Fitted
    support: SupportSet | None

    def warnings(
        self,
        category: Category | None,
        image: Image.Image,
        vector: Vector,
        box: Box | None = None,
    ) -> tuple[QualityWarning, ...]:
        """Return what matching has to say of a new reference, measured before it is one."""
        support = self.support
        if support is None:
            support = contenders(self.gallery, self.known, vector[None], top_k=1)
        return (
            *encoder_of(self.gallery).inspect(image, box),
            *enrolment_warnings(
                self.known.model,
                support,
                vector=vector,
                category=(category.pk if category else None) or NEW_CATEGORY,
                kind=EvidenceKind.REFERENCE,
            ),
        )


def advice_for(gallery: Gallery, known: Fitted | None = None) -> Advice:
    """Return the gallery's advice as of now; where ``known`` is given, by that somewhat older
    model, since to fit one takes longer than to enrol a batch.
    """
    if known is None:
        known = fitted(current(gallery))
        return Advice(gallery, known, known.support)
    return Advice(gallery, known, None if known.support is None else support_of(gallery))
