"""Photos of things that a gallery does not know: it learns from them what chance looks like."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.core.files import File
from django.db import transaction
from PIL import Image

from recognition.core.errors import (
    Conflict,
    EncoderChanged,
    InvalidInput,
    RecognitionError,
)
from recognition.core.types import QualityWarning, Vector
from recognition.encoders.domains import check_region
from recognition.encoders.protocol import InspectingEncoder
from recognition.images import encode_stored, open_image, thumbnail
from recognition.matching.decisions import decide, verification_threshold
from recognition.models import (
    AuditAction,
    Category,
    Embedding,
    Gallery,
    Negative,
    NegativeEmbedding,
)
from recognition.models.negative import image_path, thumbnail_path
from recognition.selectors.support import MAX_FEEDBACK
from recognition.services.audit.trail import named, record
from recognition.services.change_log import lock_gallery
from recognition.services.encoders.gallery_encoders import bulk_encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder
from recognition.services.feedback.give_feedback import count_feedback
from recognition.services.limits import image_limits, read_image_file
from recognition.services.matching.gallery_model import Fitted, current, fitted
from recognition.services.matching.match import contenders
from recognition.services.quotas import check_bytes
from recognition.services.storage.files import drop_ahead, keep_ahead, store_ahead

DOUBT = 0.01
"""False-accept rate of the threshold from which a photo is taken for one of a category: a lenient
gallery would turn away the look-alikes that it is to learn from."""

MAX_FILES = 100
"""Photos that are given at a time."""

MAX_NEGATIVES = MAX_FEEDBACK
"""Photos that a gallery keeps: no more are learnt from."""

BATCH = 32
BATCH_PIXELS = 64_000_000
"""Decoded pixels that are held at a time: 192 MB, and one more photo."""


SPOILING = frozenset(
    ("blank", "blurred", "over_exposed", "under_exposed", "tiny")
    + ("face_blurred", "face_dark", "face_small")
)
"""Warnings of photos that score less with anything than a good photo of the same thing would."""

SPOILT = "Such a photo says too little of what strangers score; force keeps it all the same."


@dataclass(frozen=True, slots=True)
class Kept:
    """A photo that counts from now on, and the name of its file."""

    name: str
    negative: Negative


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not kept, and why."""

    name: str
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A file that was not kept because it may show an enrolled category after all."""

    name: str
    category: Category


@dataclass(slots=True)
class Added:
    """The files that were added, by what became of each."""

    kept: list[Kept] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Photo:
    name: str
    image: Image.Image
    sha256: str


@dataclass(frozen=True, slots=True)
class _Stored:
    """A negative to be, whose files are written; ``ahead`` are the rows that hold them."""

    name: str
    negative: Negative
    data: bytes
    ahead: tuple[int, ...]


@with_present_encoder
def add_negatives(
    *, gallery: Gallery, files: Sequence[File[Any]], user: User | None = None, force: bool = False
) -> Added:
    """Keep photos of things that are not in the gallery, as impostors that are never recognised.

    A file that cannot be used is reported by its name, and the others are kept. Only with ``force``
    is one kept that looks like a category, since an enrolled person among the strangers makes the
    gallery doubt that person, or one that is flawed: blurred strangers are less like anything than
    sharp ones, and ten of them made a sharp photo of another person a match. All that are kept are
    kept in one transaction. Raises InvalidInput for none or more than 100 files, Conflict beyond
    2,000 photos, EncoderError, EncoderMismatch.
    """
    if not 1 <= len(files) <= MAX_FILES:
        raise InvalidInput(f"Give 1 to {MAX_FILES} photos at a time.")
    _check_room(gallery, len(files))
    gallery = current(gallery)
    known, encoder = fitted(gallery), bulk_encoder_of(gallery)
    added, stored = Added(), list[_Stored]()
    try:
        for batch in _batches(_photos(gallery, encoder, files, added, force=force)):
            for photo, vector in zip(batch, _vectors(encoder, batch), strict=True):
                category = None if force else _likeness(gallery, known, vector)
                if category is None:
                    stored.append(_store(gallery, photo, vector, user))
                else:
                    added.doubtful.append(Doubtful(photo.name, category))
        if stored:
            _commit(gallery, stored, added, user)
    finally:
        # Those of what was kept are its own since the commit.
        drop_ahead([row for each in stored for row in each.ahead])
    return added


def _check_room(gallery: Gallery, more: int) -> None:
    if Negative.objects.filter(gallery=gallery).count() + more > MAX_NEGATIVES:
        raise Conflict(
            f"A gallery keeps at most {MAX_NEGATIVES} photos of other things; remove some first."
        )


def _photos(
    gallery: Gallery,
    encoder: InspectingEncoder,
    files: Sequence[File[Any]],
    added: Added,
    *,
    force: bool,
) -> Iterator[_Photo]:
    """Yield the photos that can be used, each once; what is wrong with the others is ``added``."""
    seen = set(Negative.objects.filter(gallery=gallery).values_list("sha256", flat=True))
    for file in files:
        name = str(file.name or "")
        try:
            data = read_image_file(file)
            sha256 = hashlib.sha256(data).hexdigest()
            if sha256 in seen:
                added.refused.append(_twin(name))
                continue
            photo = _Photo(name, open_image(data, limits=image_limits()), sha256)
            check_region(encoder, photo.image)
            flaw = None if force else _flaw(encoder, photo.image)
            if flaw is not None:
                added.refused.append(Refused(name, flaw.code, f"{flaw.detail} {SPOILT}"))
                continue
        except RecognitionError as error:
            added.refused.append(Refused(name, error.code, error.detail))
            continue
        seen.add(sha256)
        yield photo


def _flaw(encoder: InspectingEncoder, image: Image.Image) -> QualityWarning | None:
    return next((warning for warning in encoder.inspect(image) if warning.code in SPOILING), None)


def _twin(name: str) -> Refused:
    return Refused(name, "duplicate", "The same file is known already, and counts once.")


def _batches(photos: Iterator[_Photo]) -> Iterator[list[_Photo]]:
    batch: list[_Photo] = []
    for photo in photos:
        batch.append(photo)
        pixels = sum(each.image.width * each.image.height for each in batch)
        if len(batch) >= BATCH or pixels >= BATCH_PIXELS:
            yield batch
            batch = []
    if batch:
        yield batch


def _vectors(encoder: InspectingEncoder, batch: Sequence[_Photo]) -> Sequence[Vector]:
    return list(encoder.encode_images([photo.image for photo in batch]))


def _likeness(gallery: Gallery, known: Fitted, vector: Vector) -> Category | None:
    """The category that a photo shows, if that can be told from chance.

    What only looks like one is what a negative is for: on its first day a gallery of people finds
    that every face may be the one it knows.
    """
    support = known.ready or contenders(gallery, known, vector[None], top_k=1)
    far = min(gallery.target_far, DOUBT)
    decision = decide(known.model, vector[None], support, top_k=1, far=far, rejected=known.rejected)
    threshold = verification_threshold(known.model, far)
    for best in decision.candidates:
        if best.score >= threshold.score:
            return Category.objects.filter(pk=best.category).first()
    return None


def _store(gallery: Gallery, photo: _Photo, vector: Vector, user: User | None) -> _Stored:
    negative = Negative(
        gallery=gallery,
        width=photo.image.width,
        height=photo.image.height,
        sha256=photo.sha256,
        created_by=user,
    )
    negative.image, negative.thumbnail = image_path(negative, ""), thumbnail_path(negative, "")
    files = {
        str(negative.image): encode_stored(photo.image),
        str(negative.thumbnail): thumbnail(photo.image),
    }
    negative.stored_bytes = sum(map(len, files.values()))
    check_bytes(gallery, negative.stored_bytes)
    ahead = store_ahead(files)
    return _Stored(photo.name, negative, Embedding.pack(vector), tuple(ahead.values()))


@transaction.atomic
def _commit(gallery: Gallery, stored: Sequence[_Stored], added: Added, user: User | None) -> None:
    locked = lock_gallery(gallery)
    if locked.encoder_id != gallery.encoder_id:
        raise EncoderChanged("The gallery's encoder was changed meanwhile; try again.")
    shas = [each.negative.sha256 for each in stored]
    twins = set(
        Negative.objects.filter(gallery=locked, sha256__in=shas).values_list("sha256", flat=True)
    )
    added.refused += [_twin(each.name) for each in stored if each.negative.sha256 in twins]
    new = [each for each in stored if each.negative.sha256 not in twins]
    if not new:
        return
    _check_room(locked, len(new))
    Negative.objects.bulk_create(each.negative for each in new)
    NegativeEmbedding.objects.bulk_create(
        NegativeEmbedding(negative=each.negative, encoder_id=locked.encoder_id, data=each.data)
        for each in new
    )
    keep_ahead([row for each in new for row in each.ahead])
    count_feedback(locked)
    made = [each.negative for each in new]
    record(AuditAction.CREATE, made[0], gallery=locked, user=user, **named(made))
    added.kept += [Kept(each.name, each.negative) for each in new]
