"""From embeddings to a decision, with what was fitted to a gallery."""
