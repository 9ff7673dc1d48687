from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from rest_framework_api_key.models import AbstractAPIKey, APIKeyManager

from recognition.models.gallery import Gallery


class Scope(models.TextChoices):
    """What a key may be used for, besides reading."""

    IDENTIFY = "identify", "Identify, verify, search, classify, embed"
    ENROL = "enrol", "Enrol, remove, import, evaluate, give feedback"
    MANAGE = "manage", "Manage galleries, webhooks, bundles"


def every_scope() -> list[str]:
    return list(Scope.values)


class LiveKeys(APIKeyManager):
    def get_usable_keys(self) -> models.QuerySet[ApiKey]:
        keys: models.QuerySet[ApiKey] = super().get_usable_keys()
        return keys.select_related("user")


class ApiKey(AbstractAPIKey):
    """A program's credential: it acts as its user, within its scopes and galleries.

    Hashed at rest and shown once.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys"
    )
    scopes = models.JSONField(default=every_scope)
    galleries = models.ManyToManyField(
        Gallery, blank=True, related_name="api_keys", help_text="Those that it is bound to."
    )
    is_bound = models.BooleanField(
        default=False,
        help_text="It reaches these galleries alone, also when they are gone, and not all of its "
        "user's.",
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[LiveKeys] = LiveKeys()

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "API key"
        verbose_name_plural = "API keys"
