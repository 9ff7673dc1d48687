"""False-accept rates that may be asked for.

Whether a gallery's scores can speak of so rare an error is another question, which each answer
settles by itself (``supported``).
"""

MIN_FAR = 1e-6
MAX_FAR = 0.5

DEFAULT_FAR = 0.01
"""Of a new gallery: one impostor in a hundred."""
