"""Moving a gallery's index to another backend while it is searched."""

from __future__ import annotations

import time

from django.db import transaction

from recognition.core.errors import IndexUnavailable, InvalidInput
from recognition.index.backends import parse_backend
from recognition.index.replica.opening import write_snapshot
from recognition.index.replica.replica import Replica
from recognition.models import AuditAction, Gallery
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery
from recognition.services.indexes.drop_index import drop_index
from recognition.services.indexes.rebuild_index import settle
from recognition.services.indexes.replicas import open_gallery_replica, source_of
from recognition.services.indexes.verify_index import Verification, compare_with_database
from recognition.services.storage.index_places import absolute, backend_of, snapshot_store

GRACE = 10.0
"""Seconds that searches under way in the old backend have to end."""


def migrate_index(gallery: Gallery, backend: str, *, grace: float = GRACE) -> Verification:
    """Fill the index in ``backend``, compare it with the database, switch, drop the old one.

    Searches use the old backend up to the switch, in one transaction, and the new one after it;
    neither misses a change, since each search first brings its replica along the change log. The
    old index is dropped ``grace`` seconds later. Raises InvalidInput, IndexUnavailable, OSError.
    """
    try:
        target = absolute(parse_backend(backend))
    except ValueError as error:
        raise InvalidInput(str(error)) from None
    old = backend_of(gallery)
    if target == old:
        raise InvalidInput(f"The index of {gallery.slug!r} is in {old.text} already.")
    replica = open_gallery_replica(gallery, target)
    replica.rebuild()
    if isinstance(replica, Replica):
        settle(replica)
        write_snapshot(replica, source_of(gallery), snapshot_store(gallery))
    verification = compare_with_database(replica, source_of(gallery))
    if not verification.is_clean:
        raise IndexUnavailable(f"The index in {backend} differs from the database; not moved.")
    _switch(gallery, backend)
    time.sleep(grace)
    drop_index(gallery.pk, old)
    return verification


@transaction.atomic
def _switch(gallery: Gallery, backend: str) -> None:
    locked = lock_gallery(gallery)
    locked.index_backend = gallery.index_backend = backend
    locked.save(update_fields=["index_backend"])
    record(AuditAction.CHANGE, locked, gallery=locked, index_backend=parse_backend(backend).text)
