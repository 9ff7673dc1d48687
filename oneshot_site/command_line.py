"""The command ``oneshot-server``: what ``manage.py`` is to a checkout."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run the command that the arguments name. ``--version`` prints this product's version."""
    if sys.argv[1:] in (["--version"], ["version"]):
        from recognition import __version__

        print(__version__)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oneshot_site.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
