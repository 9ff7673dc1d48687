"""Replicas, which follow a gallery's change log."""
