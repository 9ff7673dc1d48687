"""The whole comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import cycle, islice
from pathlib import Path

from PIL import Image

from recognition.benchmarks.inference.end_to_end import end_to_end
from recognition.benchmarks.inference.loops import OnnxLoop, TorchLoop, decoded
from recognition.benchmarks.inference.meanwhile import decoding_meanwhile
from recognition.benchmarks.inference.photos import photo_files
from recognition.benchmarks.inference.processes import fresh_process
from recognition.benchmarks.inference.report import (
    BESIDE_FORWARD,
    MEANWHILE,
    Row,
    rate_row,
)
from recognition.benchmarks.inference.setup import Setup
from recognition.benchmarks.inference.timing import counted, each, latencies_ms, rates
from recognition.core.cores import core_count
from recognition.encoders.batching.queued_encoder import QueuedEncoder, QueueLimits
from recognition.encoders.clip.torch_encoder import OpenClipEncoder
from recognition.encoders.names import Reduced, parse_name
from recognition.encoders.onnx.encoder import OnnxEncoder
from recognition.encoders.onnx.exported import Exported, read_export
from recognition.encoders.precision import Precision
from recognition.encoders.prepare.preparing import prepare
from recognition.encoders.protocol import DualEncoder
from recognition.images import open_image

_TEXT = "a photo of a cup of coffee on a wooden table"

_BATCHES_OF_FILES = 16
"""Batches of the largest size in one pass over files on a GPU, so that it has gathered speed."""

Loops = dict[str, TorchLoop | OnnxLoop]

Batch = tuple[int, Sequence[Image.Image]]
"""A size, and so many decoded photos."""


def measure(setup: Setup, *, folder: Path | None, http: bool) -> list[Row]:
    """Every row of the table. Raises EncoderError."""
    prepare(setup.name, models_dir=setup.models_dir, progress=False)
    dual_encoder = setup.encoder(setup.name, "auto")
    parsed = parse_name(setup.name)
    whole = parsed.whole if isinstance(parsed, Reduced) else parsed
    torch_loop = TorchLoop(
        _torch(setup.encoder(str(whole), "torch")).load(),
        bf16=isinstance(parsed, Reduced) and parsed.precision is Precision.BF16,
    )
    onnx_loop = _onnx_loop(dual_encoder, setup)
    files = photo_files(folder)
    loops: Loops = {"torch": torch_loop}
    if onnx_loop:
        loops["onnx"] = onnx_loop
    batches = _batches(files, setup.batches)
    rows = [
        *_decoding(files, dual_encoder.spec.input_size, setup.seconds),
        *_images(dual_encoder, loops, batches, setup.seconds),
        *_forward(dual_encoder, loops, batches, setup.seconds),
        _whole(dual_encoder, loops, files, setup.seconds),
        _texts(dual_encoder, loops, setup.seconds),
    ]
    if setup.device == "cpu":
        rows += _processes(setup.name, str(whole), setup.models_dir)
    else:
        largest = max(batches, key=lambda each: each[0])
        rows += _meanwhile(dual_encoder, torch_loop, files, largest, setup.seconds)
    if http:
        rows += end_to_end(setup, {name: loop.images for name, loop in loops.items()}, files)
    return rows


def _torch(dual_encoder: DualEncoder) -> OpenClipEncoder:
    if not isinstance(dual_encoder, OpenClipEncoder):
        raise TypeError("The torch engine is open_clip's.")
    return dual_encoder


def _onnx_loop(dual_encoder: DualEncoder, setup: Setup) -> OnnxLoop | None:
    exported = read_export(setup.models_dir, dual_encoder.spec.fingerprint)
    if isinstance(dual_encoder, OnnxEncoder) and isinstance(exported, Exported):
        return OnnxLoop(exported, threads=setup.threads or core_count())
    return None


def _decoding(files: Sequence[bytes], side: int, seconds: float) -> Iterator[Row]:
    ours, bare = each(files, partial(open_image, fit=side)), each(files, decoded)
    found = latencies_ms({"ours": ours, "bare": bare}, seconds)
    yield Row(
        "decode", "ms a photo", found["ours"], found["bare"], found["bare"], more_is_better=False
    )


def _images(
    dual_encoder: DualEncoder, loops: Loops, batches: list[Batch], seconds: float
) -> Iterator[Row]:
    """Decoded images to embeddings: what is done to their pixels, and the forward pass."""
    for batch, images in batches:
        runs = {label: loop.images for label, loop in loops.items()}
        contenders = {
            label: counted(partial(run, images), batch)
            for label, run in ({"ours": dual_encoder.encode_images} | runs).items()
        }
        yield rate_row(f"images, batch {batch}", rates(contenders, seconds))


def _forward(
    dual_encoder: DualEncoder, loops: Loops, batches: list[Batch], seconds: float
) -> Iterator[Row]:
    """The forward pass alone; the bare loops' pixels are where their model is already."""
    for batch, images in batches:
        crops = [dual_encoder.crop(image) for image in images]
        contenders = {"ours": counted(partial(dual_encoder.forward_images, crops), batch)}
        for label, loop in loops.items():
            contenders[label] = counted(partial(loop.forward, loop.pixels(images)), batch)
        yield rate_row(f"forward, batch {batch}", rates(contenders, seconds))


def _batches(files: Sequence[bytes], sizes: Sequence[int]) -> list[Batch]:
    images = [decoded(data) for data in files]
    return [(size, list(islice(cycle(images), size))) for size in sizes]


def _whole(dual_encoder: DualEncoder, loops: Loops, files: Sequence[bytes], seconds: float) -> Row:
    """Files to embeddings, all that the process can."""
    contenders = {label: each(files, partial(_one, loop.images)) for label, loop in loops.items()}
    with _service(dual_encoder, files) as ours:
        return rate_row("files to embeddings", rates({"ours": ours} | contenders, seconds * 2))


def _meanwhile(
    dual_encoder: DualEncoder,
    loop: TorchLoop,
    files: Sequence[bytes],
    largest: Batch,
    seconds: float,
) -> Iterator[Row]:
    """On a GPU: beside a bare loop that decodes meanwhile too, and beside its forward pass alone,
    which no decoding holds up."""
    batch, images = largest
    many = list(islice(cycle(files), _BATCHES_OF_FILES * batch))
    contenders = {
        "torch": decoding_meanwhile(loop, many, batch),
        "forward": counted(partial(loop.forward, loop.pixels(images)), batch),
    }
    with _service(dual_encoder, many) as ours:
        found = rates({"ours": ours} | contenders, seconds * 3)
    yield rate_row(MEANWHILE, found)
    yield Row(BESIDE_FORWARD, "a second", found["ours"], found["forward"])


@contextmanager
def _service(dual_encoder: DualEncoder, files: Sequence[bytes]) -> Iterator[Callable[[], int]]:
    """A contender that embeds all files through the queues."""
    loaders = [partial(open_image, data, fit=dual_encoder.spec.input_size) for data in files]
    with closing(
        QueuedEncoder(dual_encoder, QueueLimits(capacity=len(files), remembered=0))
    ) as queue:
        yield lambda: len(queue.encode_loaded(loaders, bulk=True))


def _one(run: Callable[[Sequence[Image.Image]], object], data: bytes) -> object:
    return run([decoded(data)])


def _texts(dual_encoder: DualEncoder, loops: Loops, seconds: float) -> Row:
    runs = {"ours": dual_encoder.encode_texts} | {
        label: loop.texts for label, loop in loops.items()
    }
    contenders = {label: counted(partial(run, [_TEXT]), 1) for label, run in runs.items()}
    found = latencies_ms(contenders, seconds)
    return Row("text", "ms", found["ours"], found["torch"], found.get("onnx"), more_is_better=False)


def _processes(name: str, whole: str, models_dir: Path) -> Iterator[Row]:
    ours = fresh_process(name, models_dir, "auto")
    torch = fresh_process(whole, models_dir, "torch")
    yield Row("a process, resident", "MiB", ours[0], torch[0], more_is_better=False)
    yield Row("a process, from nothing to both towers run", "s", ours[1], torch[1], None, False)
