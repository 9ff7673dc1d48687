"""Oneshot: recognise something after seeing it once."""

__version__ = "0.2.0.dev0"
"""By Semantic Versioning; ``.dev0`` until it is released."""
