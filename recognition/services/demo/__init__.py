"""A first gallery to try things with."""
