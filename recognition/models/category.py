from __future__ import annotations

from typing import Any

from django.db import models

from recognition.core.names import KEY_LENGTH, name_key, order_key
from recognition.models.gallery import Gallery


class NameKeyField(models.CharField):  # type: ignore[type-arg]
    """The key of the row's ``name``, which the row need not be told: it follows the name whenever
    the row is saved, by itself or in bulk. Only ``QuerySet.update`` has to give both."""

    key = staticmethod(name_key)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"max_length": KEY_LENGTH, "editable": False, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        key = self.key(getattr(model_instance, "name", ""))
        setattr(model_instance, self.attname, key)
        return key


class OrderKeyField(NameKeyField):
    """What the row is sorted by, which follows its name likewise."""

    key = staticmethod(order_key)


class Category(models.Model):
    """A thing to be recognised; one with prompts and no reference is known from its description."""

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="categories")
    slug = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    name_key = NameKeyField()
    order_key = OrderKeyField(default="")
    external_id = models.CharField(
        max_length=200, blank=True, help_text="The caller's own identifier."
    )
    metadata = models.JSONField(default=dict, blank=True)
    twin_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="twins",
        help_text="The category that had the same name, until a curator says whether they are one.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["order_key", "id"]
        indexes = [
            models.Index(fields=["order_key", "id"], name="categories_in_order"),
            models.Index(fields=["gallery", "order_key", "id"], name="categories_sorted"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["gallery", "slug"], name="one_slug_a_gallery"),
            models.UniqueConstraint(fields=["gallery", "name_key"], name="one_name_a_gallery"),
            models.UniqueConstraint(
                fields=["gallery", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_external_id_a_gallery",
            ),
        ]

    def __str__(self) -> str:
        return self.name
