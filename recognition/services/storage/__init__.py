"""Files, their places, and locks that processes share."""
