"""A bundle's images into the media store, ahead of the gallery that will own them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from PIL import Image

from recognition.core.errors import ImageError, InvalidBox, InvalidBundle
from recognition.core.regions import Box
from recognition.core.types import Domain
from recognition.images import encode_stored, open_image
from recognition.images.regions import PhotoRegion, region_of
from recognition.models.identifiers import reference_id
from recognition.services.bundles.manifest import Manifest, box_of
from recognition.services.bundles.unpack import Unpacked
from recognition.services.limits import image_limits
from recognition.services.references.regions import thumbnail_of
from recognition.services.storage.files import drop_ahead, keep_ahead, store_ahead


@dataclass(frozen=True, slots=True)
class StoredImage:
    """``public_id`` is that of the reference that it becomes; ``size`` is in bytes, of both."""

    public_id: str
    image: str
    thumbnail: str
    width: int
    height: int
    size: int
    box: Box | None = None


class StoredImages:
    """Images by the references that they are of. What is not kept goes again, also after a crash.

    Their folder is named at random, since the gallery has no number yet.
    """

    def __init__(self) -> None:
        self._folder = f"galleries/{secrets.token_hex(12)}"
        self._ahead: list[int] = []
        self._images: dict[int, StoredImage] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            drop_ahead(self._ahead)

    def of(self, part: Manifest) -> StoredImage:
        """Return what was stored for a reference's part of the manifest."""
        return self._images[id(part)]

    def store(self, bundle: Unpacked, manifest: Manifest) -> Iterator[tuple[Manifest, PhotoRegion]]:
        """Store the images of the references, that of one photo once, giving each reference's part
        of the manifest with its region as it goes by. Raises InvalidBundle.
        """
        domain = Domain(manifest["gallery"]["domain"])
        parts: dict[str, list[Manifest]] = {}
        for part in manifest["references"]:
            if part["image"] is not None:
                parts.setdefault(part["image"], []).append(part)
        for name, data in bundle.images(set(parts)):
            try:
                image = open_image(data, limits=image_limits())
                regions = [_region(image, part) for part in parts[name]]
            except (ImageError, InvalidBox) as error:
                raise InvalidBundle(f"{name}: {error.detail}") from error
            photo = f"{self._folder}/references/{reference_id()}.webp"
            content = encode_stored(image)
            self._ahead += store_ahead({photo: content}).values()
            # The photo counts once, with the first that has it.
            for part, region in zip(parts[name], regions, strict=True):
                shared = len(content) if part is parts[name][0] else 0
                self._images[id(part)] = self._store(photo, region, domain, shared)
                yield part, region

    def keep(self) -> None:
        """Keep the images, inside the transaction that writes their owners."""
        keep_ahead(self._ahead)

    def _store(self, photo: str, region: PhotoRegion, domain: Domain, shared: int) -> StoredImage:
        public_id, image = reference_id(), region.photo
        small = f"{self._folder}/thumbnails/{public_id}.webp"
        tile = thumbnail_of(image, region.box, domain)
        self._ahead += store_ahead({small: tile}).values()
        return StoredImage(
            public_id, photo, small, image.width, image.height, shared + len(tile), region.box
        )


def _region(image: Image.Image, part: Manifest) -> PhotoRegion:
    """The region of an image, whose box was drawn on one of the width and height that are told."""
    box = box_of(part)
    size = part["width"], part["height"]
    return region_of(image, box and box.within(size), size)
