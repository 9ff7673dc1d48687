"""The worker: its tasks, its turns at jobs, and what is queued again."""
