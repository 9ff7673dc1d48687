"""Encoders of galleries: chosen, prepared, warmed up."""
