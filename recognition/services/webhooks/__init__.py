"""Webhooks: events into the outbox, and out of it."""
