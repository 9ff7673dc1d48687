"""Negatives: photos of things that a gallery does not hold, which say what chance looks like."""
