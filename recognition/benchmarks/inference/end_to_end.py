"""Identification as a whole, through the service and through HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http import HTTPStatus

from PIL import Image

from recognition.benchmarks.inference.load import Ask, Load, drive
from recognition.benchmarks.inference.loops import decoded
from recognition.benchmarks.inference.processes import resident_mib
from recognition.benchmarks.inference.report import Row, rate_row
from recognition.benchmarks.inference.server import (
    Installation,
    Server,
    installation,
    web_server,
)
from recognition.benchmarks.inference.service import service
from recognition.benchmarks.inference.setup import Setup
from recognition.images.views import views

CLIENTS = (1, 4, 8, 16)

SPELLS = 6

Spell = Callable[[float], Load]
"""Drives something for so many seconds."""

Run = Callable[[Sequence[Image.Image]], object]


def end_to_end(setup: Setup, loops: dict[str, Run], files: Sequence[bytes]) -> Iterator[Row]:
    """The bare loops here encode the same views of each photo as the service does. They take turns
    with what is beside them, so that a machine whose speed drifts is fair to both."""
    seconds = max(6.0, 2 * setup.seconds)
    bare: dict[str, Spell] = {
        label: partial(_drive_loop, run, files) for label, run in loops.items()
    }
    with installation(setup.name, models_dir=setup.models_dir, threads=setup.threads) as installed:
        yield from _service(installed, files, seconds, bare)
        with web_server(installed) as server:
            yield Row("web process, ready", "s", server.ready_seconds, more_is_better=False)
            yield from _http(server, files, seconds, bare)
            yield Row(
                "web process, resident", "MiB", resident_mib(server.pid), more_is_better=False
            )


def _drive_loop(run: Run, files: Sequence[bytes], seconds: float) -> Load:
    def ask(turn: int) -> int:
        run([view() for view in views(decoded(files[turn % len(files)]))])
        return HTTPStatus.OK

    return drive(lambda: ask, clients=1, seconds=seconds)


def _service(
    installed: Installation, files: Sequence[bytes], seconds: float, bare: dict[str, Spell]
) -> Iterator[Row]:
    folder = installed.folder / "photos"
    folder.mkdir()
    for number, data in enumerate(files):
        (folder / f"{number:04d}").write_bytes(data)
    with service(installed, folder) as drive_service:
        for clients in CLIENTS:
            loads = _in_turns({"ours": partial(drive_service, clients), **bare}, seconds)
            yield from _rows("identify through the service", clients, loads)


def _http(
    server: Server, files: Sequence[bytes], seconds: float, bare: dict[str, Spell]
) -> Iterator[Row]:
    connect = partial(server.client, files)
    drive(connect, clients=2, count=len(files))
    for clients in CLIENTS:
        ours = partial(_drive_http, connect, clients)
        loads = _in_turns({"ours": ours, **bare}, seconds * (2 if clients == CLIENTS[-1] else 1))
        if failed := [status for status in loads["ours"].statuses if status != HTTPStatus.OK]:
            raise RuntimeError(f"{len(failed)} requests failed, the first with {failed[0]}.")
        yield from _rows("identify over HTTP", clients, loads)
        slowest = loads["ours"].percentile_ms(99)
        yield Row(_named("identify over HTTP", clients, "p99"), "ms", slowest, more_is_better=False)


def _drive_http(connect: Callable[[], Ask], clients: int, seconds: float) -> Load:
    return drive(connect, clients=clients, seconds=seconds)


def _in_turns(contenders: dict[str, Spell], seconds: float) -> dict[str, Load]:
    """What each got in so many seconds, a spell of some of them at a time."""
    loads = dict.fromkeys(contenders, Load())
    for _ in range(SPELLS):
        for name, spell in contenders.items():
            loads[name] += spell(seconds / SPELLS)
    return loads


def _rows(what: str, clients: int, loads: dict[str, Load]) -> Iterator[Row]:
    """Rates and medians; a bare loop's photo has as much to itself as a client that is alone."""
    yield rate_row(_named(what, clients), {name: load.rate for name, load in loads.items()})
    beside = loads if clients == 1 else {"ours": loads["ours"]}
    medians = {name: load.percentile_ms(50) for name, load in beside.items()}
    yield Row(
        _named(what, clients, "median"),
        "ms",
        medians["ours"],
        medians.get("torch"),
        medians.get("onnx"),
        more_is_better=False,
    )


def _named(what: str, clients: int, figure: str = "") -> str:
    number = "1 client" if clients == 1 else f"{clients} clients"
    return f"{what}, {number}" + (f": {figure}" if figure else "")
