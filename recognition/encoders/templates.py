"""Prompts to text embeddings, by prompt ensembling (Radford et al. 2021, section 3.1.4)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise

import numpy as np

from recognition.core.types import Matrix
from recognition.encoders.protocol import Encoder
from recognition.encoders.text_reading import TextRead

TEMPLATES = (
    "a photo of a {}.",
    "itap of a {}.",
    "a bad photo of the {}.",
    "a photo of the large {}.",
    "a photo of the small {}.",
)
"""CLIP's first template, and those of its authors' seven best for ImageNet that tell of a photo."""

_LONGEST_NAME = 6
"""Words; what is longer describes, and CLIP was trained on descriptions as they are."""

_ARTICLE = re.compile(r"(a|an|the)\s+", re.IGNORECASE)
_CAPTION = re.compile(r"\b(photo|photograph|picture|image|drawing|painting)s?\b", re.IGNORECASE)


def encode_prompts(encoder: Encoder, texts: Sequence[str]) -> Matrix:
    """Embed prompts, one L2-normalised embedding each, ``(n, d)``: the mean over what it expands
    to.

    Raises InvalidInput for a blank text.
    """
    expanded = [expand(text) for text in texts]
    rows = encoder.encode_texts(list(chain.from_iterable(expanded)))
    ends = accumulate((len(each) for each in expanded), initial=0)
    means = [rows[start:end].mean(axis=0) for start, end in pairwise(ends)]
    vectors = np.array(means, dtype=np.float32).reshape(len(texts), rows.shape[1])
    normalised: Matrix = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return normalised


def read_prompts(encoder: Encoder, texts: Sequence[str]) -> list[TextRead]:
    """Return how much of each prompt is read in the longest text that it expands to; an empty list
    where that is not known.
    """
    shown = [max(expand(text), key=len) for text in texts]
    return [
        TextRead(len(text) - _lost(text, whole, read), len(text), read.unknown)
        for text, whole, read in zip(texts, shown, encoder.read_texts(shown), strict=False)
    ]


def _lost(text: str, whole: str, read: TextRead) -> int:
    """Characters at the end of a prompt; the full stop that a template adds is none of them."""
    added = 0 if whole == text else 1
    return min(max(read.total - read.characters - added, 0), len(text))


def expand(text: str) -> list[str]:
    """Put a name into every template, without its article; a caption or a description longer than
    six words stays as it is.
    """
    text = text.strip()
    if not text or _CAPTION.search(text) or len(text.split()) > _LONGEST_NAME:
        return [text]
    name = _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text
    return [template.format(name) for template in TEMPLATES]
