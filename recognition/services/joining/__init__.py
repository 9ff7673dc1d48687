"""Invite people into galleries."""
