"""The curators' console. Writes go through the services, so that the index follows."""

from recognition.admin import access, audit, categories, galleries, history, work

__all__ = ["access", "audit", "categories", "galleries", "history", "work"]
