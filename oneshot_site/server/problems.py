"""What the web server itself answers, in the shape of the API's errors (RFC 9457)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as waitress answers it."""

    status: HTTPStatus
    code: str
    detail: str
    retry_after: int = 0

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        body = {
            "type": "about:blank",
            "title": self.status.phrase,
            "status": int(self.status),
            "code": self.code,
            "detail": self.detail,
        }
        headers = [("Content-Type", "application/problem+json"), ("Cache-Control", "no-store")]
        if self.retry_after:
            headers.append(("Retry-After", str(self.retry_after)))
        return f"{int(self.status)} {self.status.phrase}", headers, json.dumps(body).encode()
