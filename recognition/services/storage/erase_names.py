"""A removed category's names leave what was answered, sent and written down of it."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db import models, transaction

from recognition.models import (
    AuditEntry,
    Category,
    Delivery,
    Erasure,
    Gallery,
    IdempotentRequest,
    Query,
)

ERASED = "(erased)"
GRACE = timedelta(minutes=1)
"""In which what was under way while the category was removed has been kept."""

SAID = ("sentence", "help")
"""Parts of an answer that name its best candidates, or what was claimed, within a sentence."""

CHUNK = 500
AT_ONCE = 20_000
"""Queries of one sweep: the rest is the next one's."""


def plan_erasure(locked: Gallery, category: Category) -> None:
    """Plan the erasure of a category's name, inside the transaction that removes the category."""
    prompts = list(category.prompts.values_list("text", flat=True))
    texts = [text for text in (category.name, category.external_id, *prompts) if text]
    Erasure.objects.create(gallery=locked, slug=category.slug, texts=texts)


def erase_names() -> int:
    """Go on with every erasure. Returns how many rows were changed."""
    return sum(_go_on(erasure) for erasure in Erasure.objects.select_related("gallery"))


def without(answer: Any, slug: str, texts: Collection[str]) -> Any:
    """Return an answer as if the category had not been among the candidates; what else says its
    name says that it was erased.
    """
    if isinstance(answer, dict):
        said = _said(answer, slug, texts)
        return {
            key: None
            if key == "category" and value == slug
            else _unsaid(value, said)
            if key in SAID and said
            else without(value, slug, texts)
            for key, value in answer.items()
        }
    if isinstance(answer, list):
        kept = [each for each in answer if _is_region(each) or not _is_of(each, slug)]
        return [without(each, slug, texts) for each in kept]
    return _replaced(answer, texts) if isinstance(answer, str) else answer


def _said(answer: dict[str, Any], slug: str, texts: Collection[str]) -> list[str]:
    """List by which names the answer's sentences may tell of the category, as it was called
    then.
    """
    if SAID[0] not in answer:
        return []
    if "candidates" not in answer:
        return list(texts)
    return [each["name"] for each in answer["candidates"] if _is_of(each, slug)]


def _unsaid(value: Any, names: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _unsaid(inner, names) for key, inner in value.items()}
    if isinstance(value, list):
        return [_unsaid(inner, names) for inner in value]
    if not isinstance(value, str):
        return value
    for name in names:
        value = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", ERASED, value)
    return value


def _is_of(value: Any, slug: str) -> bool:
    return value == slug or (isinstance(value, dict) and value.get("category") == slug)


def _is_region(value: Any) -> bool:
    """A region of a photo stays, whatever it was taken for."""
    return isinstance(value, dict) and "box" in value


def _replaced(text: str, texts: Collection[str]) -> str:
    if text in texts:
        return ERASED
    for each in texts:
        # Sentences quote names, so that no shorter one is found within another word.
        text = text.replace(f"“{each}”", ERASED)
    return text


def _go_on(erasure: Erasure) -> int:
    changed, left = 0, AT_ONCE
    until = erasure.at + GRACE
    queries = Query.objects.filter(gallery=erasure.gallery, created_at__lte=until).order_by("pk")
    while left > 0:
        rows = list(queries.filter(pk__gt=erasure.position).only("answer")[:CHUNK])
        if not rows:
            return changed + _finish(erasure)
        with transaction.atomic():
            changed += sum(_rewritten(row, "answer", erasure) for row in rows)
            erasure.position = rows[-1].pk
            erasure.save(update_fields=["position"])
        left -= len(rows)
    return changed


@transaction.atomic
def _finish(erasure: Erasure) -> int:
    """Erase from what is little, and the plan itself, which names the names. Returns how many rows
    were changed.
    """
    until = erasure.at + GRACE
    of_gallery = Delivery.objects.filter(webhook__gallery=erasure.gallery, created_at__lte=until)
    changed = sum(_rewrite_body(row, erasure) for row in of_gallery.iterator(CHUNK))
    users = erasure.gallery.memberships.values("user")
    requests = IdempotentRequest.objects.filter(user__in=users, started_at__lte=until)
    for request in requests.exclude(answer=None):
        if without(request.answer, erasure.slug, erasure.texts) != request.answer:
            # What was made is not made again: the same request finds the key taken.
            changed += _rewritten(request, "answer", erasure)
    # The trail is written once; an erasure alone takes names from it.
    trail: models.QuerySet[AuditEntry] = models.QuerySet(AuditEntry).filter(
        gallery=erasure.gallery, at__lte=until
    )
    for entry in trail.iterator(CHUNK):
        changed += _erase_entry(entry, erasure)
    erasure.delete()
    return changed


def _rewritten(row: Any, field: str, erasure: Erasure) -> bool:
    before = getattr(row, field)
    after = without(before, erasure.slug, erasure.texts)
    if after == before:
        return False
    type(row)._default_manager.filter(pk=row.pk).update(**{field: after})
    return True


def _rewrite_body(delivery: Delivery, erasure: Erasure) -> bool:
    try:
        before = json.loads(delivery.body)
    except ValueError:
        return False
    after = without(before, erasure.slug, erasure.texts)
    if after == before:
        return False
    Delivery.objects.filter(pk=delivery.pk).update(body=json.dumps(after))
    return True


def _erase_entry(entry: AuditEntry, erasure: Erasure) -> bool:
    known = {erasure.slug, *erasure.texts}
    detail = _scrubbed(entry.detail, known)
    is_its_own = entry.kind == "category" and entry.subject == erasure.slug
    if detail == entry.detail and not is_its_own:
        return False
    names = {"subject": ERASED, "name": ""} if is_its_own else {}
    models.QuerySet(AuditEntry).filter(pk=entry.pk).update(detail=detail, **names)
    return True


def _scrubbed(value: Any, known: Collection[str]) -> Any:
    if isinstance(value, dict):
        return {key: _scrubbed(inner, known) for key, inner in value.items()}
    if isinstance(value, list):
        return [_scrubbed(inner, known) for inner in value]
    return ERASED if isinstance(value, str) and value in known else value
