from __future__ import annotations

from django.forms import Media
from unfold.admin import ModelAdmin

UNUSED = ("urlify.js", "prepopulate.js", "xregexp.min.js", "xregexp.js")


class ConsoleAdmin(ModelAdmin):  # type: ignore[misc]
    """Light pages: without what Django loads for slugs that fill themselves in."""

    list_per_page = 50

    @property
    def media(self) -> Media:
        media = super().media
        kept = [path for path in media._js if not str(path).endswith(UNUSED)]
        return Media(css=media._css, js=kept)
