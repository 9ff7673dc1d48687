from __future__ import annotations

import subprocess
import sys

PROBE = """
import sys
import {module}
heavy = ("django", "rest_framework", "celery", "torch", "numpy", "faiss", "PIL")
strangers = [
    name
    for name in sys.modules
    if name.partition(".")[0] in heavy
    or name.startswith("recognition.") and not name.startswith("recognition.client")
]
sys.exit(", ".join(strangers))
"""


def strangers_of(module: str) -> str:
    probe = [sys.executable, "-c", PROBE.format(module=module)]
    return subprocess.run(probe, capture_output=True, text=True, check=False).stderr.strip()


def test_the_client_loads_nothing_of_the_service():
    assert strangers_of("recognition.client") == ""


def test_the_probe_sees_what_is_loaded():
    assert "numpy" in strangers_of("recognition.core.types")
