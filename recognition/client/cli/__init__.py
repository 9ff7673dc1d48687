"""``oneshot``, the command line of the client."""

from recognition.client.cli.app import main

__all__ = ["main"]
