"""Zero-shot classification: an image against labels, nothing enrolled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from recognition.core.errors import InvalidInput
from recognition.core.timing import Timings
from recognition.encoders.templates import encode_prompts
from recognition.images import read_image
from recognition.services.categories.describe import clean_prompts
from recognition.services.categories.text_warnings import label_warnings
from recognition.services.encoders.gallery_encoders import default_encoder, load_encoder
from recognition.services.limits import image_limits
from recognition.services.recognition.answer import Answer, encoder_answer, warnings_answer

MAX_LABELS = 1000


def classify(*, data: bytes, labels: Sequence[str]) -> Answer:
    """Rank labels by how well they describe the image, as CLIP's authors do (Radford et al. 2021).

    ``share`` is a softmax over the given labels alone; it says nothing of labels not given.
    """
    texts = clean_prompts(labels, limit=MAX_LABELS)
    if not texts:
        raise InvalidInput("Give at least one label.")
    record = default_encoder()
    encoder = load_encoder(record.name)
    timings = Timings()
    with timings.step("decode"):
        opened = read_image(data, limits=image_limits(), fit=record.input_size)
    with timings.step("encode"):
        [query] = encoder.encode_images([opened.image])
        vectors = encode_prompts(encoder, texts)
    similarities = vectors @ query
    logits = similarities * encoder.spec.logit_scale
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    return {
        "labels": [
            {"label": texts[i], "similarity": float(similarities[i]), "share": float(shares[i])}
            for i in np.argsort(-shares, kind="stable")
        ],
        "warnings": warnings_answer((*opened.warnings, *label_warnings(encoder, texts, vectors))),
        "encoder": encoder_answer(encoder.spec),
        "timings_ms": timings,
    }
