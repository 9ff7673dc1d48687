"""The curators' console. Writes go through the services, so that the index follows."""

from recognition.admin import access, categories, galleries, history, work

__all__ = ["access", "categories", "galleries", "history", "work"]
