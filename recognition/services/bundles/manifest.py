"""What a bundle says of itself, in its ``manifest.json``."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import serializers

from recognition.core.errors import InvalidBundle, InvalidInput
from recognition.core.rates import MAX_FAR, MIN_FAR
from recognition.core.regions import FARTHEST, Box
from recognition.core.storable import storable_json
from recognition.core.texts import MAX_DESCRIPTION, checked_metadata
from recognition.core.types import Domain

FORMAT = "oneshot-gallery"
VERSION = 1
WITH_BOXES = 2
"""The version of a bundle with regions of photos, which a service that knows none refuses."""

MANIFEST = "manifest.json"
VECTORS = "vectors.npy"
"""Embeddings ``(n, d)``, little-endian float32, which the manifest refers to by row."""

MAX_VALUES = 4_000_000
"""Counted before they are parsed, since each takes up to 70 bytes of memory."""

MAX_TOLD = 1000
"""Characters of what is wrong with it."""

Manifest = dict[str, Any]


def box_of(part: Manifest) -> Box | None:
    """Return the region that a reference's part tells of; None is the whole."""
    return Box(**part["box"]) if part["box"] else None


class GalleryPart(serializers.Serializer[Any]):
    slug = serializers.SlugField(max_length=100)
    name = serializers.CharField(max_length=200)
    description = serializers.CharField(max_length=MAX_DESCRIPTION, allow_blank=True)
    target_far = serializers.FloatField(min_value=MIN_FAR, max_value=MAX_FAR)
    review_references = serializers.BooleanField(default=False)
    domain = serializers.ChoiceField(
        choices=[domain.value for domain in Domain], default=Domain.GENERAL.value
    )


class EncoderPart(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=300)
    fingerprint = serializers.CharField(max_length=64)
    dimension = serializers.IntegerField(min_value=1, max_value=65536)


class PromptPart(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500)
    vector = serializers.IntegerField(min_value=0)


def _small(metadata: dict[str, Any]) -> None:
    try:
        checked_metadata(metadata)
    except InvalidInput as error:
        raise serializers.ValidationError(error.detail) from None


class CategoryPart(serializers.Serializer[Any]):
    slug = serializers.SlugField(max_length=100)
    name = serializers.CharField(max_length=200)
    external_id = serializers.CharField(max_length=200, allow_blank=True)
    metadata = serializers.DictField(validators=[_small])
    prompts = PromptPart(many=True)


class BoxPart(serializers.Serializer[Any]):
    x = serializers.IntegerField(min_value=0, max_value=FARTHEST)
    y = serializers.IntegerField(min_value=0, max_value=FARTHEST)
    width = serializers.IntegerField(min_value=1, max_value=FARTHEST)
    height = serializers.IntegerField(min_value=1, max_value=FARTHEST)


class ReferencePart(serializers.Serializer[Any]):
    category = serializers.SlugField(max_length=100)
    external_id = serializers.CharField(max_length=200, allow_blank=True)
    sha256 = serializers.RegexField(r"^[0-9a-f]{64}\Z")
    width = serializers.IntegerField(min_value=1, max_value=1_000_000)
    height = serializers.IntegerField(min_value=1, max_value=1_000_000)
    box = BoxPart(default=None, allow_null=True)
    image = serializers.CharField(max_length=200, allow_null=True)
    vector = serializers.IntegerField(min_value=0)


class ManifestPart(serializers.Serializer[Any]):
    gallery = GalleryPart()
    encoder = EncoderPart()
    categories = CategoryPart(many=True)
    references = ReferencePart(many=True)


def write_manifest(parts: Manifest) -> bytes:
    boxed = any(each["box"] for each in parts["references"])
    version = WITH_BOXES if boxed else VERSION
    return json.dumps({"format": FORMAT, "version": version, **parts}, indent=1).encode()


def parse_manifest(content: bytes) -> Manifest:
    """Parse a manifest. Raises InvalidBundle for what this version does not understand."""
    if sum(map(content.count, (b",", b"{", b"["))) > MAX_VALUES:
        raise InvalidBundle(f"{MANIFEST} holds more than {MAX_VALUES} values.")
    try:
        given = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise InvalidBundle(f"{MANIFEST} is not JSON: {error}.") from error
    try:
        storable_json(given)
    except (ValueError, RecursionError) as error:
        raise InvalidBundle(f"{MANIFEST} holds what cannot be kept: {error}") from error
    if not isinstance(given, dict) or given.get("format") != FORMAT:
        raise InvalidBundle("The archive is not a gallery's bundle.")
    if given.get("version") not in (VERSION, WITH_BOXES):
        raise InvalidBundle(
            f"The bundle has version {given.get('version')!r}; this service reads {VERSION} and "
            f"{WITH_BOXES}."
        )
    manifest = ManifestPart(data=given)
    if not manifest.is_valid():
        raise InvalidBundle(f"{MANIFEST} is not as it should be: {_told(manifest.errors)}")
    return dict(manifest.validated_data)


def _told(errors: Any) -> str:
    """The beginning of what is wrong: a manifest may be wrong a million times."""
    text = json.dumps(errors)
    return text if len(text) <= MAX_TOLD else f"{text[:MAX_TOLD]}…"
