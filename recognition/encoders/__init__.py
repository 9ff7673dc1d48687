"""What makes embeddings of images and texts."""
