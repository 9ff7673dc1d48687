"""A bundle that a stranger sent, checked part by part."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import IO

import numpy as np
from numpy.lib import format as npy

from recognition.archives import ArchiveLimits, Entry, read_entries
from recognition.core.configuration import recognition_settings
from recognition.core.errors import ArchiveEntryError, EntryTooLarge, InvalidBundle
from recognition.core.types import Matrix
from recognition.core.vectors import STORED
from recognition.services.bundles.manifest import MANIFEST, VECTORS, Manifest, parse_manifest

MAX_MANIFEST_BYTES = 100_000_000
MAX_FILES = 200_000
NORM_TOLERANCE = 1e-3
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}


def bundle_limits() -> ArchiveLimits:
    settings = recognition_settings()
    return ArchiveLimits(
        max_entries=MAX_FILES,
        max_entry_bytes=settings.max_image_bytes,
        max_total_bytes=2 * settings.max_archive_bytes,
    )


def read_manifest(file: IO[bytes], limits: ArchiveLimits) -> Manifest:
    """Read a bundle's manifest. Raises InvalidBundle, ArchiveError."""
    return parse_manifest(_part(file, MANIFEST, MAX_MANIFEST_BYTES, limits))


def read_vectors(file: IO[bytes], manifest: Manifest, limits: ArchiveLimits) -> Matrix:
    """Read the embeddings ``(n, d)`` that the manifest refers to. Raises InvalidBundle."""
    dimension = manifest["encoder"]["dimension"]
    rows = [each["vector"] for each in manifest["references"]]
    rows += [each["vector"] for part in manifest["categories"] for each in part["prompts"]]
    if not rows:
        return np.empty((0, dimension), dtype=np.float32)
    size = 4 * dimension * len(rows) + 4096
    content = _part(file, VECTORS, size, limits)
    vectors = _array(content, dimension)
    if max(rows) >= len(vectors):
        raise InvalidBundle(f"{MANIFEST} names a vector that is not in {VECTORS}.")
    norms = np.linalg.norm(vectors, axis=1)
    if not np.all(np.abs(norms - 1) < NORM_TOLERANCE):
        raise InvalidBundle(f"{VECTORS} holds vectors that are not normalised.")
    return vectors.astype(np.float32)


def _array(content: bytes, dimension: int) -> Matrix:
    """The array of a file, of which nothing is allocated by what its header declares."""
    stream = io.BytesIO(content)
    try:
        read_header = _HEADERS[npy.read_magic(stream)]
        shape, in_columns, dtype = read_header(stream)
    except Exception as error:
        # NumPy lets through whatever Python's tokenizer and parser ran into.
        raise InvalidBundle(f"{VECTORS} cannot be read: its header makes no sense.") from error
    if dtype != STORED or len(shape) != 2 or shape[1] != dimension or in_columns:
        raise InvalidBundle(f"{VECTORS} does not hold float32 vectors of {dimension} dimensions.")
    rows = content[stream.tell() :]
    if len(rows) != 4 * shape[0] * dimension:
        raise InvalidBundle(f"{VECTORS} does not hold the {shape[0]} vectors that it declares.")
    return np.frombuffer(rows, dtype=np.float32).reshape(shape)


def read_images(
    file: IO[bytes], names: set[str], limits: ArchiveLimits
) -> Iterator[tuple[str, bytes]]:
    """Read the images of those names, in the archive's order. Raises InvalidBundle for a missing
    one.
    """
    missing = set(names)
    for entry in read_entries(file, limits):
        if entry.path in missing:
            missing.remove(entry.path)
            yield entry.path, _content(entry, limits.max_entry_bytes)
    if missing:
        raise InvalidBundle(f"{len(missing)} images are missing, such as {min(missing)}.")


def _part(file: IO[bytes], name: str, limit: int, limits: ArchiveLimits) -> bytes:
    for entry in read_entries(file, limits):
        if entry.path == name:
            return _content(entry, limit)
    raise InvalidBundle(f"The archive has no {name}: it is not a gallery's bundle.")


def _content(entry: Entry, limit: int) -> bytes:
    try:
        return entry.read(limit)
    except EntryTooLarge as error:
        raise InvalidBundle(f"{entry.path} is too large.") from error
    except ArchiveEntryError as error:
        raise InvalidBundle(f"{entry.path}: {error.detail}") from error
