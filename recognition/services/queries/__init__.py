"""The history of a gallery's queries."""
