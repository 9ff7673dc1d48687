"""How well recognition works: episodes, protocols, metrics."""
