"""What every command is given: a client, and where its answers go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import click

from recognition.client.cli.output import Output
from recognition.client.clients import TIMEOUT_SECONDS, Client
from recognition.client.exchange import DEFAULT_URL, KEY_VARIABLE, URL_VARIABLE

FAR = click.FloatRange(1e-6, 0.5)
"""False-accept rates that the service takes."""


@dataclass(frozen=True, slots=True)
class Session:
    client: Client
    output: Output


def with_session(command: Callable[..., None]) -> Callable[..., None]:
    """Add the options that lead to the service, and give the command a Session for them."""

    @click.option("--url", envvar=URL_VARIABLE, default=DEFAULT_URL, show_envvar=True)
    @click.option("--key", envvar=KEY_VARIABLE, show_envvar=True, help="The API key.")
    @click.option(
        "--timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=TIMEOUT_SECONDS,
        show_default=True,
        help="Seconds to wait for an answer.",
    )
    @click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
    @wraps(command)
    def run(
        *args: Any, url: str, key: str | None, timeout: float, as_json: bool, **kwargs: Any
    ) -> None:
        with Client(url, key, timeout=timeout) as client:
            command(Session(client, Output(as_json)), *args, **kwargs)

    return run
