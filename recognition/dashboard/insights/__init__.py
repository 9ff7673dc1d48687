"""How a gallery decides, how well, and what it was asked."""
