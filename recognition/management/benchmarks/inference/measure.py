"""The whole comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain, cycle, islice
from pathlib import Path

from PIL import Image

from recognition.encoders import registry
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.onnx.exported import Exported, read_export
from recognition.encoders.onnx.sessions import core_count
from recognition.encoders.open_clip import OpenClipEncoder
from recognition.encoders.protocol import Towers
from recognition.images import open_image
from recognition.inference.encoder import Load, QueuedEncoder
from recognition.management.benchmarks.inference.loops import OnnxLoop, TorchLoop, decoded
from recognition.management.benchmarks.inference.photos import photo_files
from recognition.management.benchmarks.inference.processes import (
    default_models_dir,
    fresh_process,
    resident_mib,
)
from recognition.management.benchmarks.inference.report import Row
from recognition.management.benchmarks.inference.server import ask, web_server
from recognition.management.benchmarks.inference.timing import latencies_ms, rates
from recognition.matching.views import views

BATCHES = (1, 8, 32)
CLIENTS = (1, 4, 16)
_TEXT = "a photo of a cup of coffee on a wooden table"

Loops = dict[str, Callable[[Sequence[Image.Image]], object]]


def measure(
    name: str, *, device: str, folder: Path | None, seconds: float, threads: int, http: bool
) -> list[Row]:
    """Every row of the table. Raises EncoderError kinds."""
    models_dir = default_models_dir().resolve()
    registry.prepare(name, models_dir=models_dir, progress=False)
    towers = registry.get_encoder(name, models_dir=models_dir, device=device, threads=threads)
    bare = registry.get_encoder(
        name, models_dir=models_dir, device=device, threads=threads, engine="torch"
    )
    torch_loop = TorchLoop(_torch(bare).load())
    onnx_loop = _onnx_loop(towers, models_dir, threads)
    files = photo_files(folder)
    loops: Loops = {"torch": torch_loop.images}
    if onnx_loop:
        loops["onnx"] = onnx_loop.images
    rows = [
        *_decoding(files, towers.spec.input_size, seconds),
        *_images(towers, loops, files, seconds),
        _whole(towers, loops, files, seconds),
        _texts(towers, torch_loop, onnx_loop, seconds),
    ]
    if device == "cpu":
        rows += _processes(name, models_dir)
    if http:
        rows += _http(name, threads, loops, files, seconds)
    return rows


def _torch(towers: Towers) -> OpenClipEncoder:
    if not isinstance(towers, OpenClipEncoder):
        raise TypeError("The torch engine is open_clip's.")
    return towers


def _onnx_loop(towers: Towers, models_dir: Path, threads: int) -> OnnxLoop | None:
    exported = read_export(models_dir, towers.spec.fingerprint)
    if isinstance(towers, OnnxEncoder) and isinstance(exported, Exported):
        return OnnxLoop(exported, threads=threads or core_count())
    return None


def _decoding(files: Sequence[bytes], side: int, seconds: float) -> Iterator[Row]:
    ours, bare = _each(files, partial(open_image, fit=side)), _each(files, decoded)
    found = latencies_ms({"ours": ours, "bare": bare}, seconds)
    yield Row(
        "decode", "ms a photo", found["ours"], found["bare"], found["bare"], more_is_better=False
    )


def _images(towers: Towers, loops: Loops, files: Sequence[bytes], seconds: float) -> Iterator[Row]:
    images = [decoded(data) for data in files]
    for batch in BATCHES:
        given = list(islice(cycle(images), batch))
        contenders = {
            label: _counted(partial(run, given), batch)
            for label, run in ({"ours": towers.encode_images} | loops).items()
        }
        yield _rate_row(f"images, batch {batch}", rates(contenders, seconds))


def _whole(towers: Towers, loops: Loops, files: Sequence[bytes], seconds: float) -> Row:
    """Files to embeddings, all that the process can."""
    queue = QueuedEncoder(towers, Load(capacity=len(files), remembered=0))
    side = towers.spec.input_size

    def ours() -> int:
        futures = [queue.submit(partial(open_image, data, fit=side), seconds=600) for data in files]
        for future in futures:
            future.result()
        return len(files)

    contenders = {label: _each(files, partial(_one, run)) for label, run in loops.items()}
    row = _rate_row("files to embeddings", rates({"ours": ours} | contenders, seconds * 2))
    queue.close()
    return row


def _one(run: Callable[[Sequence[Image.Image]], object], data: bytes) -> object:
    return run([decoded(data)])


def _seen(run: Callable[[Sequence[Image.Image]], object], data: bytes) -> object:
    return run(views(decoded(data)))


def _texts(towers: Towers, torch_loop: TorchLoop, onnx_loop: OnnxLoop | None, s: float) -> Row:
    contenders = {
        "ours": _counted(lambda: towers.encode_texts([_TEXT]), 1),
        "torch": _counted(lambda: torch_loop.texts([_TEXT]), 1),
    }
    if onnx_loop:
        contenders["onnx"] = _counted(lambda: onnx_loop.texts([_TEXT]), 1)
    found = latencies_ms(contenders, s)
    return Row("text", "ms", found["ours"], found["torch"], found.get("onnx"), more_is_better=False)


def _processes(name: str, models_dir: Path) -> Iterator[Row]:
    ours, torch = (fresh_process(name, models_dir, engine) for engine in ("auto", "torch"))
    yield Row("a process, resident", "MiB", ours[0], torch[0], more_is_better=False)
    yield Row("a process, from nothing to both towers run", "s", ours[1], torch[1], None, False)


def _http(
    name: str, threads: int, loops: Loops, files: Sequence[bytes], seconds: float
) -> Iterator[Row]:
    """The bare loops here encode the same views of each photo as the service does."""
    bare = rates(
        {label: _each(files, partial(_seen, run)) for label, run in loops.items()}, seconds
    )
    with web_server(name, threads=threads) as server:
        yield Row("web process, ready", "s", server.ready_seconds, more_is_better=False)
        ask(server, files, clients=2, count=len(files))
        for clients in CLIENTS:
            load = ask(server, files, clients=clients, seconds=max(4.0, 2 * seconds))
            what = f"identify over HTTP, {clients} client{'s' if clients > 1 else ''}"
            yield _rate_row(what, {"ours": load.rate, **bare})
            yield Row(f"{what}: median", "ms", load.percentile_ms(50), more_is_better=False)
            yield Row(f"{what}: p99", "ms", load.percentile_ms(99), more_is_better=False)
        yield Row("web process, resident", "MiB", resident_mib(server.pid), more_is_better=False)


def _rate_row(what: str, found: dict[str, float]) -> Row:
    return Row(what, "a second", found["ours"], found.get("torch"), found.get("onnx"))


def _each(files: Sequence[bytes], work: Callable[[bytes], object]) -> Callable[[], int]:
    """One file a call, in turn."""
    turns = chain.from_iterable(iter(lambda: files, None))

    def run() -> int:
        work(next(turns))
        return 1

    return run


def _counted(work: Callable[[], object], count: int) -> Callable[[], int]:
    def run() -> int:
        work()
        return count

    return run
