"""What lists may be ordered by; ``-`` before it reverses."""

from __future__ import annotations

from typing import Literal

ByMaking = Literal["created_at", "-created_at"]
ByName = ByMaking | Literal["name", "-name", "slug", "-slug"]
ByNameOrSize = ByName | Literal["references", "-references"]
ByTime = Literal["at", "-at"]
ByNumber = Literal["number", "-number"]
