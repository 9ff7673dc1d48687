"""Reads for whoever looks after a gallery."""
