"""Encoders that can be had, with what helps to choose one of them."""

from __future__ import annotations

from dataclasses import dataclass

from recognition.core.types import Domain

_OPEN_CLIP = "open_clip's results, docs/openclip_results.csv"
_SIGLIP2 = "Tschannen et al. 2025, table 1"
_PERCEPTION = "Bolya et al. 2025, table 1"
_DINO = "Oquab et al. 2023, table 4"
_MOBILE = "Faghri et al. 2025, table of checkpoints"

APPLE = "Apple's for research (apple-amlr)"
"""A licence that allows no commercial use."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An encoder that can be had.

    ``size`` are megabytes of weights, ``cost`` thousand millions of multiplications and additions
    an image and a text, where they are published, ``hub`` whether the weights come from the
    Hugging Face hub. ``accuracy`` is a sentence with its number, and ``source`` who published it.
    """

    name: str
    domain: Domain
    reads_texts: bool
    size: int
    licence: str
    accuracy: str
    source: str
    cost: float | None = None
    hub: bool = True


def _clip(
    name: str, size: int, licence: str, top1: float, source: str, cost: float | None = None
) -> Offer:
    return Offer(
        f"open_clip:{name}",
        Domain.GENERAL,
        True,
        size,
        licence,
        f"{top1} % of ImageNet named from words alone",
        source,
        cost,
    )


OFFERS = (
    Offer(
        "bundled",
        Domain.GENERAL,
        True,
        65,
        "Apache-2.0",
        "see docs/matching.md; knows everyday English words alone",
        "measured here",
        hub=False,
    ),
    Offer(
        "faces",
        Domain.FACES,
        False,
        22,
        "public domain (dlib's models)",
        "99.38 % of LFW's pairs told right",
        "dlib's documentation",
        hub=False,
    ),
    Offer(
        "drawings",
        Domain.DRAWINGS,
        False,
        6,
        "Apache-2.0, as this project",
        "see docs/drawings.md",
        "measured here",
        hub=False,
    ),
    Offer(
        "timm:vit_small_patch14_dinov2.lvd142m/224",
        Domain.GENERAL,
        False,
        88,
        "Apache-2.0",
        "79.0 % of ImageNet named from their nearest neighbours",
        _DINO,
    ),
    _clip("ViT-B-32/datacomp_xl_s13b_b90k", 605, "MIT", 69.2, _OPEN_CLIP, 14.8),
    _clip("ViT-B-32-256/datacomp_s34b_b86k", 605, "MIT", 72.8, _OPEN_CLIP, 17.5),
    _clip("ViT-B-16/datacomp_xl_s13b_b90k", 599, "MIT", 73.5, _OPEN_CLIP, 41.1),
    _clip("ViT-L-14/datacomp_xl_s13b_b90k", 1711, "MIT", 79.2, _OPEN_CLIP, 175.3),
    _clip("ViT-B-32-SigLIP2-256/webli", 1507, "Apache-2.0", 74.0, _SIGLIP2),
    _clip("ViT-B-16-SigLIP2-256/webli", 1500, "Apache-2.0", 79.1, _SIGLIP2),
    _clip("PE-Core-B-16/meta", 1790, "Apache-2.0", 78.4, _PERCEPTION),
    _clip("PE-Core-L-14-336/meta", 2680, "Apache-2.0", 83.5, _PERCEPTION),
    _clip("MobileCLIP2-S0/dfndr2b", 300, APPLE, 71.5, _MOBILE),
    _clip("MobileCLIP2-S2/dfndr2b", 398, APPLE, 77.2, _MOBILE),
    _clip("ViT-B-16-quickgelu/dfn2b", 599, APPLE, 76.2, _OPEN_CLIP, 41.1),
    _clip("ViT-L-14-quickgelu/dfn2b", 1711, APPLE, 81.4, _OPEN_CLIP, 175.3),
)


def offer_of(name: str) -> Offer | None:
    """Find what is known of an encoder by its name, in any precision; None for another's."""
    plain = name.partition("+")[0]
    return next((offer for offer in OFFERS if offer.name == plain), None)
