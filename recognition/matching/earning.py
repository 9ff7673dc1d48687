"""What would let a gallery tell a likeness from chance sooner."""

from __future__ import annotations

from scipy import special

from recognition.core.types import Help
from recognition.matching.impostors import Impostors, Moments
from recognition.matching.model import GalleryModel
from recognition.matching.prior import Prior

NEGATIVES = 10
"""Photos of other things that are asked for at a time."""

CATEGORIES = 2
"""Categories that are asked for at a time."""

ENOUGH_SHOTS = 3
"""References of a category from which on another one does little for it."""


def helps(model: GalleryModel, shots: int) -> tuple[Help, ...]:
    """Order what would help by how much more is then known of chance, most first.

    ``shots`` is how many references the category in question has: another photo makes its own
    score steadier, and comes first only where the other ways are spent.
    """
    categories, strangers = model.categories, len(model.background.own)
    more = categories + CATEGORIES
    prior = model.background.prior
    gained = {
        Help.NEGATIVES: _known(prior, categories, strangers + NEGATIVES),
        Help.CATEGORIES: _known(prior, more, strangers),
    }
    order = sorted(gained, key=lambda each: -gained[each])
    return (*order, Help.PHOTO) if 0 < shots < ENOUGH_SHOTS else tuple(order)


def _known(prior: Prior, categories: int, strangers: int) -> float:
    """Degrees of freedom that a gallery's own scores would have, as far as it is its own centre."""
    pairs = categories * (categories - 1) / 2
    said = Moments(0.0, 0.0, pairs + strangers, pairs, 1.0)
    return prior.known_share(categories + strangers) * said.freedom


def allowance(impostors: Impostors, score: float) -> float:
    """Return how many times as far as with chance known for certain a match at the normal ``score``
    has to stand out, at least 1: by Student's t with the degrees of freedom that impostor scores
    have.
    """
    if impostors.tail is not None or score <= 0.0:
        return 1.0
    needed = -float(special.stdtrit(impostors.freedom, special.ndtr(-score)))
    return max(needed / score, 1.0)
