"""Snapshots that hold what was removed: a vector never outlives its image."""

from __future__ import annotations

from recognition.selectors.changes import removed_since
from recognition.services.storage.index_places import snapshot_folders


def discard_snapshots(gallery_id: int) -> None:
    """Delete a gallery's snapshots, once a removal has committed. Raises OSError."""
    for folder in snapshot_folders(gallery_id):
        folder.discard()


def discard_overtaken(gallery_id: int) -> bool:
    """Delete them where a process died between a removal's commit and their deletion."""
    oldest = [folder.oldest() for folder in snapshot_folders(gallery_id)]
    held = min((generation for generation in oldest if generation is not None), default=None)
    if held is None or not removed_since(gallery_id, held):
        return False
    discard_snapshots(gallery_id)
    return True
