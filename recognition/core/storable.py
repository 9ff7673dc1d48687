"""JSON that every database can keep."""

from __future__ import annotations

import json
import re
from typing import Any

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def storable_json(value: Any) -> bytes:
    """Encode a JSON value as UTF-8. Raises ValueError for a NUL, half a surrogate pair or an
    infinite number, which PostgreSQL cannot keep.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if _NUL.search(text):
        raise ValueError("It holds a NUL.")
    return text.encode()
