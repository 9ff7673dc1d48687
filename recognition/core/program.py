"""The program that an operator of this installation calls before a command."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]

PROGRAM = "manage.py" if (_ROOT / "manage.py").is_file() else "oneshot-server"
"""``manage.py`` in a checkout; ``oneshot-server`` where the package was installed."""

TYPED = ".venv/bin/python manage.py" if PROGRAM == "manage.py" else PROGRAM
"""The same as it can be pasted into a shell: `make run` puts a checkout's Python there."""
