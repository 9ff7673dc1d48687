"""Prompts: descriptions by which a category is recognised."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from recognition.core.errors import CategoryNotFound, InvalidInput
from recognition.core.texts import checked_text
from recognition.core.types import Matrix
from recognition.encoders.templates import encode_prompts
from recognition.models import AuditAction, Category, Embedding, Gallery, Prompt
from recognition.services.audit.trail import record
from recognition.services.change_log import lock_gallery, log_additions
from recognition.services.encoders.gallery_encoders import encoder_of
from recognition.services.encoders.present_encoder import with_present_encoder

MAX_LENGTH = 500
MAX_PROMPTS = 50


def clean_prompts(texts: Sequence[str], *, limit: int = MAX_PROMPTS) -> list[str]:
    """Clean prompts: stripped, in order, each once. Raises InvalidInput for a blank or an overlong
    one.
    """
    cleaned = [" ".join(text.split()) for text in texts]
    if any(not text for text in cleaned):
        raise InvalidInput("A prompt must say something: it is blank.")
    for text in cleaned:
        checked_text(text, "A prompt", most=MAX_LENGTH)
    unique = list(dict.fromkeys(cleaned))
    if len(unique) > limit:
        raise InvalidInput(f"Give at most {limit} descriptions.")
    return unique


@with_present_encoder
def describe(*, gallery: Gallery, category: Category, texts: Sequence[str]) -> list[Prompt]:
    """Enrol prompts of a category, leaving those it has as they are; returns the new ones."""
    new = [text for text in clean_prompts(texts) if not _has(category, text)]
    if not new:
        return []
    vectors = encode_prompts(encoder_of(gallery), new)
    with transaction.atomic():
        locked = lock_gallery(gallery)
        if not Category.objects.filter(pk=category.pk).exists():
            raise CategoryNotFound(f"The category {category.slug!r} has been deleted.")
        return add_prompts(locked, category, new, vectors, encoder_id=gallery.encoder_id)


def add_prompts(
    locked: Gallery, category: Category, texts: Sequence[str], vectors: Matrix, *, encoder_id: int
) -> list[Prompt]:
    """Save prompts with their embeddings, inside the transaction that locked the gallery."""
    prompts = [Prompt.objects.get_or_create(category=category, text=text) for text in texts]
    log_additions(
        locked,
        [
            Embedding(
                gallery=locked,
                category=category,
                encoder_id=encoder_id,
                prompt=prompt,
                data=Embedding.pack(vector),
            )
            for (prompt, created), vector in zip(prompts, vectors, strict=True)
            if created
        ],
    )
    made = [prompt for prompt, created in prompts if created]
    if made:
        record(
            AuditAction.ENROL, category, gallery=locked, prompts=[prompt.text for prompt in made]
        )
    return made


def _has(category: Category, text: str) -> bool:
    return Prompt.objects.filter(category=category, text=text).exists()
