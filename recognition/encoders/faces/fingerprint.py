"""What makes the embeddings of two face encoders comparable."""

from __future__ import annotations

from recognition.encoders.digests import digest_file, digest_json
from recognition.encoders.faces.package import DETECTOR, LANDMARKS, model_file
from recognition.encoders.faces.records import VERSION


def finder_digest() -> str:
    """Digest what finds faces and their landmarks: the weights, and how they are used.

    Raises WeightsUnavailable.
    """
    files = [digest_file(model_file(name)) for name in (LANDMARKS, DETECTOR)]
    return digest_json({"version": VERSION, "files": files})


def fingerprint(weights: str, finder: str, settings: dict[str, bool]) -> str:
    """Return SHA-256, in hex, over the digest of the ``weights``, what finds faces, and how pixels
    are given to the network; no path enters it.
    """
    return digest_json({"weights": weights, "finder": finder, "settings": settings})
