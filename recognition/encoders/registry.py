"""The process's encoders, each loaded once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from threading import Lock

from recognition.core.errors import NotPrepared
from recognition.core.program import PROGRAM
from recognition.core.types import EncoderSpec
from recognition.encoders.clip.records import read_record, read_records
from recognition.encoders.engines import Engine, run_encoder
from recognition.encoders.faces.records import all_prepared
from recognition.encoders.names import (
    BUNDLED,
    DEFAULT_CLIP,
    SURFACES,
    Drawings,
    EncoderName,
    FaceModel,
    Faces,
    Surfaces,
    parse_name,
)
from recognition.encoders.onnx.exported import Exported, Refused, read_export
from recognition.encoders.precision import Precision
from recognition.encoders.protocol import DualEncoder
from recognition.encoders.remote.client import remote_encoder
from recognition.encoders.remote.contract import parse_remote

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
    """Find the process's one encoder of that name; its weights are loaded at its first use.

    Nothing is downloaded, assembled or exported: ``recognition.encoders.prepare.preparing.prepare``
    did that before. Raises UnknownEncoder, NotPrepared, WeightsUnavailable, EngineUnavailable.
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
            _encoders[key] = _load(parsed, chosen, models_dir, device, threads)
        return _encoders[key]


def _load(
    name: EncoderName, engine: Engine, models_dir: Path, device: str, threads: int
) -> DualEncoder:
    # Where a machine serves a general encoder alone, what these need is not installed.
    match name:
        case Faces() | FaceModel():
            from recognition.encoders.faces.encoder import load_face_model

            return load_face_model(str(name), models_dir, threads)
        case Drawings():
            from recognition.encoders.drawings.encoder import load_drawings

            return load_drawings(threads)
        case Surfaces():
            return _load_patches(models_dir, threads)
    prepared = read_record(models_dir, str(name))
    if prepared is None:
        raise NotPrepared(
            f"The encoder {name} is not prepared on this machine. “{PROGRAM} encoder prepare "
            f"{name}” does it."
        )
    return run_encoder(prepared, engine, models_dir=models_dir, device=device, threads=threads)


def _load_patches(models_dir: Path, threads: int) -> DualEncoder:
    from recognition.encoders.patches.encoder import PatchEncoder

    prepared = read_record(models_dir, SURFACES)
    exported = prepared and read_export(models_dir, prepared.spec.fingerprint)
    if prepared is None or not isinstance(exported, Exported):
        raise NotPrepared(
            "The encoder surfaces is not prepared on this machine. “manage.py encoder prepare "
            "surfaces” does it."
        )
    return PatchEncoder(prepared.spec, exported, threads=threads)


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


def is_prepared(name: str, *, models_dir: Path) -> bool:
    """Say whether ``get_encoder`` would find an encoder; those elsewhere are taken to be there.

    Raises UnknownEncoder.
    """
    if parse_remote(name):
        return True
    return any(spec.name == str(parse_name(name)) for spec in installed(models_dir))


def resolve_auto(models_dir: Path) -> str:
    """Choose CLIP where it was prepared on this machine, else the bundled encoder."""
    return DEFAULT_CLIP if is_prepared(DEFAULT_CLIP, models_dir=models_dir) else BUNDLED


def installed(models_dir: Path) -> list[EncoderSpec]:
    """List the encoders that were prepared and still are."""
    from recognition.encoders.drawings.encoder import shipped_drawings

    models_dir = _resolved(models_dir)
    general = [prepared.spec for prepared in read_records(models_dir)]
    faces = [prepared.spec for prepared in all_prepared(models_dir)]
    return [*general, *faces, *shipped_drawings()]


@cache
def _resolved(folder: Path) -> Path:
    """Asking the file system at each request would take longer than all else here."""
    return folder.resolve()
