from __future__ import annotations

from django.db import models

from recognition.models.category import Category


class Prompt(models.Model):
    """One text description of a category."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="prompts")
    text = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["category", "text"], name="one_prompt_a_category")
        ]

    def __str__(self) -> str:
        return self.text
