"""Encoders under load: bounded queues, batches, deadlines, caches."""
