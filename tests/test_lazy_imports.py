"""Heavy libraries are imported where they are used, not where they are named."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "oneshot_site.settings"
import django
django.setup()
import {module}
heavy = {{"torch", "open_clip", "transformers", "timm", "skimage"}} & set(sys.modules)
sys.exit(f"imported {{sorted(heavy)}}" if heavy else 0)
"""


@pytest.mark.parametrize(
    "module", ["recognition.api.urls", "recognition.worker.tasks", "recognition.dashboard.urls"]
)
def test_no_model_library_is_imported_before_its_use(module):
    program = PROGRAM.format(module=module)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
