"""A bundle's images into the media store, ahead of the gallery that will own them."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from PIL import Image

from recognition.core.errors import ImageError, InvalidBundle
from recognition.images import encode_stored, open_image, thumbnail
from recognition.models.identifiers import reference_id
from recognition.services.bundles.unpack import Unpacked
from recognition.services.limits import image_limits
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


class StoredImages:
    """Images by their names in the bundle. What is not kept goes again, also after a crash.

    Their folder is named at random, since the gallery has no number yet.
    """

    def __init__(self) -> None:
        self._folder = f"galleries/{secrets.token_hex(12)}"
        self._ahead: list[int] = []
        self._images: dict[str, StoredImage] = {}

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

    def __getitem__(self, name: str) -> StoredImage:
        return self._images[name]

    def store(self, bundle: Unpacked, names: Collection[str]) -> Iterator[tuple[str, Image.Image]]:
        """Store the images of those names, giving each as it goes by. Raises InvalidBundle."""
        for name, data in bundle.images(names):
            try:
                image = open_image(data, limits=image_limits())
            except ImageError as error:
                raise InvalidBundle(f"{name}: {error.detail}") from error
            self._images[name] = self._store(image)
            yield name, image

    def keep(self) -> None:
        """Keep the images, inside the transaction that writes their owners."""
        keep_ahead(self._ahead)

    def _store(self, image: Image.Image) -> StoredImage:
        public_id = reference_id()
        name = f"{self._folder}/references/{public_id}.webp"
        small = f"{self._folder}/thumbnails/{public_id}.webp"
        files = {name: encode_stored(image), small: thumbnail(image)}
        self._ahead += store_ahead(files).values()
        size = sum(map(len, files.values()))
        return StoredImage(public_id, name, small, image.width, image.height, size)
