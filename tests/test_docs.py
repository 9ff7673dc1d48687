"""What an operator may set is written down, and only that."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_every_setting_is_documented():
    settings = (ROOT / "oneshot_site" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings)) | {"DATABASE_URL"}
    documented = re.findall(
        r"^\| `([A-Z_]+)` \|", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE
    )
    assert set(documented) == read
    assert len(documented) == len(set(documented))
