"""Embeddings for the caller's own use."""

from __future__ import annotations

from recognition.core.errors import InvalidInput
from recognition.core.regions import Box, Regions
from recognition.images import read_image
from recognition.services.categories.describe import clean_prompts
from recognition.services.categories.text_warnings import reading_warnings
from recognition.services.encoders.gallery_encoders import default_encoder, load_encoder
from recognition.services.limits import image_limits
from recognition.services.recognition.answer import Answer, encoder_answer, warnings_answer
from recognition.services.recognition.regions import look, region_answer


def embed(
    *,
    data: bytes | None = None,
    text: str | None = None,
    box: Box | None = None,
    regions: Regions | None = None,
) -> Answer:
    """Embed an image or a text, taken as it is, by the default encoder. ``box`` is the part of the
    image that is meant; with ``regions``, the embedding of each of them is told as well.

    Raises InvalidInput unless one of image and text is given, InvalidBox, RegionsUnsupported.
    """
    if (data is None) == (text is None):
        raise InvalidInput("Give either an image or a text.")
    encoder = load_encoder(default_encoder().name)
    told: Answer = {}
    if box is not None or regions is not None:
        if data is None:
            raise InvalidInput("Regions are of an image: give one.")
        looked = look(data, encoder, box=box, regions=regions)
        rows = looked.encoded(encoder)
        vector, warnings = rows[0], looked.warnings
        told["regions"] = [
            {**region_answer(region), "embedding": row.tolist()}
            for region, row in zip(looked.regions, rows, strict=True)
        ]
    elif data is not None:
        opened = read_image(data, limits=image_limits(), fit=encoder.spec.input_size)
        [vector] = encoder.encode_images([opened.image])
        warnings = opened.warnings
    else:
        texts = clean_prompts([text or ""])
        [vector] = encoder.encode_texts(texts)
        warnings = reading_warnings(encoder, texts)
    return {
        "embedding": vector.tolist(),
        **told,
        "warnings": warnings_answer(warnings),
        "encoder": encoder_answer(encoder.spec),
    }
