from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.functional import cached_property
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

from recognition.models.gallery import Gallery


class Scope(models.TextChoices):
    """What a key may be used for, besides reading."""

    IDENTIFY = "identify", "Identify, verify, search, classify, embed"
    ENROL = "enrol", "Enrol, remove, import, give feedback"
    MANAGE = "manage", "Manage galleries, webhooks, bundles, evaluations"


def every_scope() -> list[str]:
    return list(Scope.values)


class LiveKeys(APIKeyManager):
    def get_usable_keys(self) -> models.QuerySet[ApiKey]:
        keys: models.QuerySet[ApiKey] = super().get_usable_keys()
        bound = Exists(Gallery.objects.filter(api_keys=OuterRef("pk")))
        return keys.select_related("user").annotate(is_bound=bound)  # type: ignore[no-redef]


class ApiKey(AbstractAPIKey):
    """A program's credential: it acts as its user, within its scopes and galleries.

    Hashed at rest and shown once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    scopes = models.JSONField(default=every_scope)
    galleries = models.ManyToManyField(
        Gallery, blank=True, related_name="api_keys", help_text="None means all of its user's."
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[LiveKeys] = LiveKeys()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"

    @cached_property
    def is_bound(self) -> bool:
        """Whether it reaches only some galleries; known beforehand of a key that a program sent."""
        return self.galleries.exists()
