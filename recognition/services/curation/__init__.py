"""Look after a gallery: its health, and what belongs together."""
