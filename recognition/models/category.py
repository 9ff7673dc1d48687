from __future__ import annotations

from django.db import models

from recognition.models.gallery import Gallery


class Category(models.Model):
    """A thing to be recognised; one with prompts and no reference is zero-shot."""

    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="categories")
    slug = models.SlugField(max_length=100)
    name = models.CharField(max_length=200)
    external_id = models.CharField(
        max_length=200, blank=True, help_text="The caller's own identifier."
    )
    metadata = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["name", "id"], name="categories_in_order")]
        constraints = [
            models.UniqueConstraint(fields=["gallery", "slug"], name="one_slug_a_gallery"),
            models.UniqueConstraint(
                fields=["gallery", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_external_id_a_gallery",
            ),
        ]

    def __str__(self) -> str:
        return self.name
