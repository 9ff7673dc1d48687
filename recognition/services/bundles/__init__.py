"""Galleries as archives: exported and imported."""
