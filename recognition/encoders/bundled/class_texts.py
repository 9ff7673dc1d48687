"""What ImageNet's thousand classes are called, and what they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise
from typing import Any

import numpy as np

from recognition.encoders.bundled.projection import Array, l2
from recognition.encoders.torchvision_import import import_torchvision

GLOSS_WEIGHT = 0.5

EmbedTexts = Callable[[Sequence[str]], Array]
"""Texts to L2-normalised rows."""


@dataclass(frozen=True, slots=True)
class ClassText:
    """A class's synonyms and its dictionary definition (WordNet's lemmas and gloss)."""

    lemmas: tuple[str, ...]
    gloss: str

    @property
    def phrases(self) -> list[str]:
        return [f"a photo of a {lemma}" for lemma in self.lemmas]


def imagenet_classes() -> list[ClassText]:
    """Return the thousand classes, in the order of the classifier's outputs, as timm knows them."""
    import_torchvision()
    from timm.data.imagenet_info import ImageNetInfo

    info: Any = ImageNetInfo("imagenet-1k")
    texts = []
    for synset in info.label_names():
        lemmas = info.label_name_to_description(synset)
        gloss = info.label_name_to_description(synset, detailed=True).removeprefix(f"{lemmas}: ")
        texts.append(ClassText(tuple(lemmas.split(", ")), gloss))
    return texts


def embed_classes(classes: Sequence[ClassText], embed: EmbedTexts) -> Array:
    """Embed classes, one L2-normalised row each: its names' mean plus half of its gloss."""
    phrases = embed(list(chain.from_iterable(each.phrases for each in classes)))
    glosses = embed([each.gloss for each in classes])
    ends = accumulate((len(each.lemmas) for each in classes), initial=0)
    names = np.stack([phrases[start:end].mean(axis=0) for start, end in pairwise(ends)])
    return l2(names + GLOSS_WEIGHT * glosses)
