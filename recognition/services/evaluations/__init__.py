"""Evaluations of galleries and of labelled sets."""
