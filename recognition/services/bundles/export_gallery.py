"""A gallery as a bundle: a zip archive with a manifest, vectors and images."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from numpy.lib import format as npy

from recognition.core.vectors import STORED
from recognition.models import AuditAction, Category, Embedding, Gallery, Reference
from recognition.services.audit.trail import record
from recognition.services.bundles.manifest import MANIFEST, VECTORS, Manifest, write_manifest
from recognition.services.bundles.zip_stream import ZipStream

CHUNK = 200
PIECE_BYTES = 1 << 20
MEMORY_BYTES = 16 << 20


class VectorFile:
    """Vectors on their way to ``vectors.npy``, kept in ``rows`` until they are counted."""

    def __init__(self, rows: IO[bytes], *, dimension: int) -> None:
        self._rows = rows
        self._dimension = dimension
        self._count = 0

    def add(self, embedding: Embedding) -> int:
        """Add an embedding and return the vector's row."""
        self._rows.write(bytes(embedding.data))
        self._count += 1
        return self._count - 1

    def pieces(self) -> Iterator[bytes]:
        header = io.BytesIO()
        shape = (self._count, self._dimension)
        npy.write_array_header_1_0(
            header,
            {"descr": STORED.str, "fortran_order": False, "shape": shape},
        )
        yield header.getvalue()
        self._rows.seek(0)
        while piece := self._rows.read(PIECE_BYTES):
            yield piece


def export_gallery(*, gallery: Gallery, images: bool = True) -> Iterator[bytes]:
    """Yield the bundle in pieces. Without ``images`` it can be read only with the same encoder.

    What is removed meanwhile is left out: the manifest comes last, and tells only of what is in.
    """
    record(AuditAction.EXPORT, gallery, gallery=gallery, images=images)
    return _pieces(gallery, images=images)


def _pieces(gallery: Gallery, *, images: bool) -> Iterator[bytes]:
    stream = ZipStream()
    with SpooledTemporaryFile(max_size=MEMORY_BYTES) as rows:
        vectors = VectorFile(rows, dimension=gallery.encoder.dimension)
        categories = list(_categories(gallery, vectors))
        slugs = {category["slug"] for category in categories}
        references: list[Manifest] = []
        names: dict[str, str] = {}
        for reference, embedding in _references(gallery):
            if reference.category.slug not in slugs:
                continue
            name = None
            if images and reference.image:
                # Of one photo, however many references it has, there is one file.
                name = names.get(str(reference.image.name))
            if images and reference.image and name is None:
                name = f"images/{reference.public_id}.webp"
                try:
                    content = reference.image.open("rb")
                except FileNotFoundError:
                    continue
                with content:
                    yield from stream.add(name, content.chunks())
                names[str(reference.image.name)] = name
            references.append(_reference_part(reference, name, vectors.add(embedding)))
        yield from stream.add(VECTORS, vectors.pieces())
        manifest = write_manifest(
            {**_head(gallery), "categories": categories, "references": references}
        )
        yield from stream.add(MANIFEST, [manifest], method=zipfile.ZIP_DEFLATED)
        yield stream.end()


def _head(gallery: Gallery) -> Manifest:
    encoder = gallery.encoder
    return {
        "gallery": {
            "slug": gallery.slug,
            "name": gallery.name,
            "description": gallery.description,
            "target_far": gallery.target_far,
            "review_references": gallery.review_references,
            "domain": gallery.domain.value,
        },
        "encoder": {
            "name": encoder.name,
            "fingerprint": encoder.fingerprint,
            "dimension": encoder.dimension,
        },
    }


def _categories(gallery: Gallery, vectors: VectorFile) -> Iterator[Manifest]:
    prompts: dict[int, list[Manifest]] = {}
    embeddings = Embedding.objects.filter(
        gallery=gallery, encoder=gallery.encoder, prompt__isnull=False
    )
    for embedding in embeddings.select_related("prompt").order_by("prompt_id"):
        if embedding.prompt is not None:
            part = {"text": embedding.prompt.text, "vector": vectors.add(embedding)}
            prompts.setdefault(embedding.category_id, []).append(part)
    for category in Category.objects.filter(gallery=gallery).order_by("id"):
        yield {
            "slug": category.slug,
            "name": category.name,
            "external_id": category.external_id,
            "metadata": category.metadata,
            "prompts": prompts.get(category.pk, []),
        }


def _references(gallery: Gallery) -> Iterator[tuple[Reference, Embedding]]:
    found = Embedding.objects.filter(
        gallery=gallery, encoder=gallery.encoder, reference__isnull=False
    )
    keys = list(found.order_by("reference_id").values_list("pk", flat=True))
    for start in range(0, len(keys), CHUNK):
        chunk = found.filter(pk__in=keys[start : start + CHUNK])
        for embedding in chunk.select_related("reference__category").order_by("reference_id"):
            if embedding.reference is not None:
                yield embedding.reference, embedding


def _reference_part(reference: Reference, image: str | None, row: int) -> Manifest:
    return {
        "category": reference.category.slug,
        "external_id": reference.external_id,
        "sha256": reference.sha256,
        "width": reference.width,
        "height": reference.height,
        "box": reference.box.as_json() if reference.box else None,
        "image": image,
        "vector": row,
    }
