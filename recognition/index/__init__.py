"""What finds the nearest embeddings."""
