"""Faults that an operator meets: each is provoked, and what the service does is looked at."""
