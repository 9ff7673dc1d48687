"""The fitted model of a gallery: shared through the database, kept by each process."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TypeAlias

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef

from recognition.core.errors import (
    EncoderChanged,
    EncoderMismatch,
    GalleryNotFitted,
    GalleryNotFound,
)
from recognition.matching.fit import fit
from recognition.matching.model import GalleryModel
from recognition.matching.scoring import Prepared
from recognition.matching.support import SupportSet
from recognition.models import FittedModel, Gallery, Webhook
from recognition.selectors.statement import Statement
from recognition.selectors.support import (
    feedback_of,
    rejections_of,
    strangers_of,
    support_of,
)
from recognition.services.encoders.background import background_of
from recognition.services.queueing import queue

SMALL = 256
"""References and prompts up to which a gallery is fitted anew at once, kept in memory and weighed
as a whole, all in milliseconds."""

MOST_AT_ONCE = 4_096
"""References and prompts up to which a gallery that was never fitted is fitted while one waits,
in a second or two. A gallery that grows gets there long after the worker has fitted it."""

FITTING_SECONDS = 60
"""For so long nobody tells the worker again to fit a gallery."""

MOST_KEPT = 256
"""Galleries whose models a process keeps, a megabyte or two each; the oldest goes first."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A process's knowledge of a gallery at a generation. ``support``, and what queries are
    compared with, is None of a large one.
    """

    stamp: Stamp
    model: GalleryModel
    support: SupportSet | None
    ready: Prepared | None
    rejected: SupportSet


Stamp: TypeAlias = tuple[datetime, int, int, int, datetime | None]

_also_known = {
    "fitted_at": F("fitted_model__fitted_at"),
    "has_webhooks": Exists(Webhook.objects.filter(gallery=OuterRef("pk"), active=True)),
}
_by_pk: Statement[Gallery] = Statement(
    lambda pk: Gallery.objects.annotate(**_also_known).filter(pk=pk)
)

_guard = Lock()
_locks = tuple(Lock() for _ in range(64))
"""One gallery is fitted by one thread at a time, and hardly ever waits for another's."""

_fitted: dict[int, Fitted] = {}


def current(gallery: Gallery) -> Gallery:
    """Read the gallery as committed by now, so that an acknowledged enrolment is seen.

    Raises GalleryNotFound, and EncoderChanged where vectors that were made for ``gallery`` are not
    of its present encoder.
    """
    found = _by_pk.first(gallery.pk)
    if found is None:
        raise GalleryNotFound(f"The gallery {gallery.slug!r} has been deleted.")
    if found.encoder_id != gallery.encoder_id:
        raise EncoderChanged("The gallery's encoder was changed meanwhile; try again.")
    found.encoder = gallery.encoder
    return found


def fitted(gallery: Gallery, *, asked: bool = False) -> Fitted:
    """Return the gallery's model as of the state that ``gallery`` was read at by ``current``.

    A small gallery is fitted at once; a large one keeps the model that it had until the worker has
    fitted the next, which changes little from one reference to the next. One that was never
    fitted is fitted now or, where it is ``asked`` about an image, raises GalleryNotFitted.
    """
    stamp = _stamp(gallery)
    known = _fitted.get(gallery.pk)
    if known is not None and known.stamp == stamp:
        return known
    with _locks[gallery.pk % len(_locks)]:
        known = _fitted.get(gallery.pk)
        if known is None or known.stamp != stamp:
            known = _load(gallery, stamp, MOST_AT_ONCE if asked else None)
            _keep(gallery.pk, known)
        return known


def _keep(gallery: int, known: Fitted) -> None:
    with _guard:
        _fitted.pop(gallery, None)
        _fitted[gallery] = known
        while len(_fitted) > MOST_KEPT:
            del _fitted[next(iter(_fitted))]


def is_small(gallery: Gallery) -> bool:
    """Say whether all of a gallery may be looked at while somebody waits for a page."""
    return _size(gallery) <= SMALL


def _size(gallery: Gallery) -> int:
    return gallery.embeddings.filter(encoder_id=gallery.encoder_id).count()


def refit_stale() -> int:
    """Fit the large galleries that have changed since they were last fitted; returns how many.

    What was learnt from a gallery that is small again goes, with the queries' vectors in it. One
    that cannot be fitted keeps no other from it.
    """
    sized = Gallery.objects.annotate(size=Count("embeddings"))
    FittedModel.objects.filter(gallery__in=sized.filter(size__lte=SMALL).values("pk")).delete()
    stale = [
        gallery
        for gallery in sized.filter(size__gt=SMALL)
        .select_related("encoder", "fitted_model")
        .defer("fitted_model__data")
        if _is_stale(gallery)
    ]
    return sum(_tried_to_refit(gallery) for gallery in stale)


def _tried_to_refit(gallery: Gallery) -> bool:
    try:
        refit(gallery)
    except Exception:
        logger.exception("%s could not be fitted; its older model goes on", gallery)
        return False
    return True


def _is_stale(gallery: Gallery) -> bool:
    model = getattr(gallery, "fitted_model", None)
    return model is None or (model.encoder_id, model.generation, model.feedback_generation) != (
        gallery.encoder_id,
        gallery.generation,
        gallery.feedback_generation,
    )


def fit_gallery(pk: int) -> bool:
    """Fit the gallery that a request found without a model; False where it has been deleted."""
    gallery = Gallery.objects.select_related("encoder").filter(pk=pk).first()
    if gallery is not None:
        refit(gallery)
    return gallery is not None


def refit(gallery: Gallery) -> FittedModel:
    """Fit a gallery and keep the model for all processes."""
    model = _fit(gallery, support_of(gallery), rejections_of(gallery))
    row, _ = FittedModel.objects.update_or_create(
        gallery=gallery,
        defaults={
            "encoder_id": gallery.encoder_id,
            "generation": gallery.generation,
            "feedback_generation": gallery.feedback_generation,
            "data": model.to_bytes(),
        },
    )
    return row


def _load(gallery: Gallery, stamp: Stamp, most: int | None) -> Fitted:
    size = _size(gallery)
    if size <= SMALL:
        support = support_of(gallery)
        rejected = rejections_of(gallery)
        model = _fit(gallery, support, rejected)
        return Fitted(stamp, model, support, model.prepare(support), rejected)
    stored = _stored(gallery)
    if stored is None and most is not None and size > most:
        raise _not_fitted(gallery)
    model = stored or _restored(refit(gallery))
    return Fitted(stamp, model, None, None, rejections_of(gallery))


def _not_fitted(gallery: Gallery) -> GalleryNotFitted:
    """Make the error of a large gallery without a model, and have the worker fit it."""
    if cache.add(f"fitting:{gallery.pk}", True, FITTING_SECONDS):
        queue("fit_gallery", gallery.pk)
    return GalleryNotFitted(
        f"The gallery {gallery.slug!r} is being made ready for its first question. Try again in "
        "half a minute."
    )


def _stored(gallery: Gallery) -> GalleryModel | None:
    """Read what was last fitted; None where it was never, or by a version that kept other
    things.
    """
    row = FittedModel.objects.filter(gallery=gallery, encoder_id=gallery.encoder_id).first()
    try:
        return _restored(row) if row else None
    except EncoderMismatch:
        return None


def _restored(row: FittedModel) -> GalleryModel:
    return GalleryModel.from_bytes(bytes(row.data), background_of(row.gallery))


def _fit(gallery: Gallery, support: SupportSet, rejected: SupportSet) -> GalleryModel:
    return fit(
        support,
        background_of(gallery),
        generation=gallery.generation,
        own=strangers_of(gallery),
        feedback=feedback_of(gallery),
        rejected=rejected,
    )


def _stamp(gallery: Gallery) -> Stamp:
    return (
        gallery.created_at,
        gallery.encoder_id,
        gallery.generation,
        gallery.feedback_generation,
        gallery.fitted_at,
    )
