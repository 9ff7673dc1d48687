"""A gallery's settings: one page a subject, one module a page."""
