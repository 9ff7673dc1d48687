"""Queries so far, and those that wait for a person."""
