"""The index of each gallery: followed, rebuilt, verified, moved."""
