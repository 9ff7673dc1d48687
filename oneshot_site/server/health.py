"""What the health port answers, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

ANSWERED = frozenset({"/healthz", "/readyz", "/metrics"})
OF_OURS = "oneshot.health_port"
"""In the environment of what comes by the health port, which no header can set."""

Application = Callable[..., Iterable[bytes]]


def health_only(application: Any) -> Application:
    """The application for those addresses, by whatever name or number it is asked."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in ANSWERED:
            start_response(
                "404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")]
            )
            return [b""]
        known = environ | {"HTTP_HOST": "localhost", OF_OURS: True}
        answered: Iterable[bytes] = application(known, start_response)
        return answered

    return answer
