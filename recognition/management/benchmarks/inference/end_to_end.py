"""Identification as a whole, through the service and through HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PIL import Image

from recognition.management.benchmarks.inference.load import drive
from recognition.management.benchmarks.inference.loops import decoded
from recognition.management.benchmarks.inference.processes import resident_mib
from recognition.management.benchmarks.inference.report import Row, rate_row
from recognition.management.benchmarks.inference.server import (
    Installation,
    Server,
    installation,
    web_server,
)
from recognition.management.benchmarks.inference.timing import each, rates
from recognition.matching.views import views

if TYPE_CHECKING:
    from recognition.management.benchmarks.inference.measure import Setup

CLIENTS = (1, 4, 8, 16)
_SERVICE = "recognition.management.benchmarks.inference.service"

Run = Callable[[Sequence[Image.Image]], object]


def end_to_end(setup: Setup, loops: dict[str, Run], files: Sequence[bytes]) -> Iterator[Row]:
    """The bare loops here encode the same views of each photo as the service does."""
    seconds = max(4.0, 2 * setup.seconds)
    bare = rates({label: each(files, partial(_seen, run)) for label, run in loops.items()}, seconds)
    with installation(setup.name, models_dir=setup.models_dir, threads=setup.threads) as installed:
        yield from _service(installed, files, seconds, bare)
        with web_server(installed) as server:
            yield Row("web process, ready", "s", server.ready_seconds, more_is_better=False)
            yield from _http(server, files, seconds, bare)
            yield Row(
                "web process, resident", "MiB", resident_mib(server.pid), more_is_better=False
            )


def _seen(run: Run, data: bytes) -> object:
    return run(views(decoded(data)))


def _service(
    installed: Installation, files: Sequence[bytes], seconds: float, bare: dict[str, float]
) -> Iterator[Row]:
    folder = installed.folder / "photos"
    folder.mkdir()
    for number, data in enumerate(files):
        (folder / f"{number:04d}").write_bytes(data)
    said = installed.run("-m", _SERVICE, str(folder), str(seconds), *map(str, CLIENTS))
    for clients, (rate, median) in json.loads(said.splitlines()[-1]).items():
        what = f"identify through the service, {_clients(int(clients))}"
        yield rate_row(what, {"ours": rate, **bare})
        yield Row(f"{what}: median", "ms", median, more_is_better=False)


def _http(
    server: Server, files: Sequence[bytes], seconds: float, bare: dict[str, float]
) -> Iterator[Row]:
    connect = partial(server.client, files)
    drive(connect, clients=2, count=len(files))
    for clients in CLIENTS:
        load = drive(connect, clients=clients, seconds=seconds * (2 if clients == 16 else 1))
        if failed := [status for status in load.statuses if status != 200]:
            raise RuntimeError(f"{len(failed)} requests failed, the first with {failed[0]}.")
        what = f"identify over HTTP, {_clients(clients)}"
        yield rate_row(what, {"ours": load.rate, **bare})
        yield Row(f"{what}: median", "ms", load.percentile_ms(50), more_is_better=False)
        yield Row(f"{what}: p99", "ms", load.percentile_ms(99), more_is_better=False)


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"
