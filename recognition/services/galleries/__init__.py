"""Galleries and their members."""
