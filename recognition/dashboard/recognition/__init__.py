"""Pages that ask: identify, verify, search."""
