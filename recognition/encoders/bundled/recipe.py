"""The version of the recipe by which the bundled encoder is assembled."""

RECIPE = 1
"""Raised with every change that moves an embedding."""
