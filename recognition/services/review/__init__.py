"""Queries that wait for a person."""
