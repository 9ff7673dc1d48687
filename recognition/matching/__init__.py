"""From similarities to decisions: arrays in, decisions out."""
