"""``python -m recognition.client.cli``."""

from recognition.client.cli.app import main

main()
