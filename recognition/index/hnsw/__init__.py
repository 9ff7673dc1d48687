"""Approximate search with FAISS, over a graph."""
