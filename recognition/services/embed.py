"""Embeddings for the caller's own use."""

from __future__ import annotations

from recognition.errors import InvalidInput
from recognition.images import open_image
from recognition.services.answer import Answer, encoder_answer
from recognition.services.describe import clean_prompts
from recognition.services.encoders import default_encoder, load_encoder
from recognition.services.limits import image_limits


def embed(*, data: bytes | None = None, text: str | None = None) -> Answer:
    """The embedding of an image or of a text, taken as it is, by the default encoder."""
    if (data is None) == (text is None):
        raise InvalidInput("Give either an image or a text.")
    encoder = load_encoder(default_encoder().name)
    if data is not None:
        image = open_image(data, limits=image_limits(), fit=encoder.spec.input_size)
        [vector] = encoder.encode_images([image])
    else:
        [vector] = encoder.encode_texts(clean_prompts([text or ""]))
    return {"embedding": vector.tolist(), "encoder": encoder_answer(encoder.spec)}
