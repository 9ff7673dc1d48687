"""Dual encoders run by open_clip on torch."""
