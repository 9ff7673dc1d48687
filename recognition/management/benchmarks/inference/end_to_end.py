"""Identification as a whole, through the service and through HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import mean
from typing import TYPE_CHECKING

from PIL import Image

from recognition.management.benchmarks.inference.load import Ask, Load, drive
from recognition.management.benchmarks.inference.loops import decoded
from recognition.management.benchmarks.inference.processes import resident_mib
from recognition.management.benchmarks.inference.report import Row, rate_row
from recognition.management.benchmarks.inference.server import (
    Installation,
    Server,
    installation,
    web_server,
)
from recognition.management.benchmarks.inference.service import service
from recognition.management.benchmarks.inference.timing import ROUNDS, each, rate
from recognition.matching.views import views

if TYPE_CHECKING:
    from recognition.management.benchmarks.inference.measure import Setup

CLIENTS = (1, 4, 8, 16)

Bare = dict[str, Callable[[], int]]
Run = Callable[[Sequence[Image.Image]], object]


def end_to_end(setup: Setup, loops: dict[str, Run], files: Sequence[bytes]) -> Iterator[Row]:
    """The bare loops here encode the same views of each photo as the service does. They take turns
    with what is beside them, so that a machine whose speed drifts is fair to both."""
    seconds = max(4.0, 2 * setup.seconds)
    bare = {label: each(files, partial(_seen, run)) for label, run in loops.items()}
    with installation(setup.name, models_dir=setup.models_dir, threads=setup.threads) as installed:
        yield from _service(installed, files, seconds, bare)
        with web_server(installed) as server:
            yield Row("web process, ready", "s", server.ready_seconds, more_is_better=False)
            yield from _http(server, files, seconds, bare)
            yield Row(
                "web process, resident", "MiB", resident_mib(server.pid), more_is_better=False
            )


def _seen(run: Run, data: bytes) -> object:
    return run([view() for view in views(decoded(data))])


def _service(
    installed: Installation, files: Sequence[bytes], seconds: float, bare: Bare
) -> Iterator[Row]:
    folder = installed.folder / "photos"
    folder.mkdir()
    for number, data in enumerate(files):
        (folder / f"{number:04d}").write_bytes(data)
    with service(installed, folder) as drive_service:
        for clients in CLIENTS:
            load, beside = _in_turns(partial(drive_service, clients), bare, seconds)
            what = f"identify through the service, {_clients(clients)}"
            yield rate_row(what, {"ours": load.rate, **beside})
            yield _median_row(what, load, beside if clients == 1 else {})


def _http(server: Server, files: Sequence[bytes], seconds: float, bare: Bare) -> Iterator[Row]:
    connect = partial(server.client, files)
    drive(connect, clients=2, count=len(files))
    for clients in CLIENTS:
        ours = partial(_drive_http, connect, clients)
        load, beside = _in_turns(ours, bare, seconds * (2 if clients == 16 else 1))
        if failed := [status for status in load.statuses if status != 200]:
            raise RuntimeError(f"{len(failed)} requests failed, the first with {failed[0]}.")
        what = f"identify over HTTP, {_clients(clients)}"
        yield rate_row(what, {"ours": load.rate, **beside})
        yield _median_row(what, load, beside if clients == 1 else {})
        yield Row(f"{what}: p99", "ms", load.percentile_ms(99), more_is_better=False)


def _drive_http(connect: Callable[[], Ask], clients: int, seconds: float) -> Load:
    return drive(connect, clients=clients, seconds=seconds)


def _median_row(what: str, load: Load, beside: dict[str, float]) -> Row:
    """Beside a client that is alone, what the bare loops take for a photo."""
    taken = {label: 1000 / each for label, each in beside.items()}
    return Row(
        f"{what}: median",
        "ms",
        load.percentile_ms(50),
        taken.get("torch"),
        taken.get("onnx"),
        more_is_better=False,
    )


def _in_turns(
    ours: Callable[[float], Load], bare: Bare, seconds: float
) -> tuple[Load, dict[str, float]]:
    """What clients got in so many seconds, and the rates of the bare loops in the same time."""
    load = Load()
    found: dict[str, list[float]] = {label: [] for label in bare}
    for _ in range(ROUNDS):
        load += ours(seconds / ROUNDS)
        for label, work in bare.items():
            found[label].append(rate(work, seconds / ROUNDS))
    return load, {label: mean(each) for label, each in found.items()}


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"
