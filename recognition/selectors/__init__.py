"""Reads: query sets and values for pages, answers and services."""
