"""Milvus, for galleries that outgrow one machine."""
