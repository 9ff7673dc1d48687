"""Exact search with FAISS."""
