"""References: enrolled, approved, moved."""
