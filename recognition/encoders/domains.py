"""What an encoder that was made for one domain asks of what it is given."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from recognition.core.errors import NoRegion, TextsUnsupported
from recognition.core.regions import Box
from recognition.core.types import Domain, EncoderSpec
from recognition.encoders.protocol import InspectingEncoder


def check_texts(spec: EncoderSpec, texts: Sequence[str]) -> None:
    """Raises TextsUnsupported where an encoder of images alone is given descriptions."""
    if texts and not spec.reads_texts:
        raise texts_unsupported(spec)


def texts_unsupported(spec: EncoderSpec) -> TextsUnsupported:
    """Make the error of a description for an encoder that reads none."""
    match spec.domain:
        case Domain.FACES:
            return TextsUnsupported(
                f"{spec.name} embeds faces and no texts: describe a person by a photo."
            )
        case Domain.DRAWINGS:
            return TextsUnsupported(
                "The drawings encoder compares shapes and reads no texts. Enrol a drawing instead, "
                "or use a general gallery for descriptions."
            )
    return TextsUnsupported(
        f"The encoder {spec.name} recognises by example photos alone; it reads no descriptions. "
        "Add a photo, or use a gallery whose encoder reads them."
    )


def check_region(
    encoder: InspectingEncoder, image: Image.Image, about: str = "", box: Box | None = None
) -> None:
    """Raises NoRegion where an image, or a box of it, shows nothing of the encoder's domain.

    ``about`` says which image it is, where there are many. A general encoder takes any.
    """
    if encoder.spec.domain is Domain.GENERAL:
        return
    try:
        encoder.inspect(image, box)
    except NoRegion as error:
        raise type(error)(f"{about}: {error.detail}" if about else error.detail) from None
