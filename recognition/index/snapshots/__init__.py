"""Indexes on disk, from which processes start."""
