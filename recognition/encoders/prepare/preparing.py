"""Make an encoder ready: fetch or assemble it, load it once, hash it, remember it."""

from __future__ import annotations

from pathlib import Path

from recognition.core.errors import EngineUnavailable
from recognition.core.types import EncoderSpec
from recognition.encoders.clip.fingerprint import fingerprint
from recognition.encoders.clip.hub_cache import HUB_FOLDER
from recognition.encoders.clip.loading import LoadedModel, load_model
from recognition.encoders.clip.records import Prepared, read_record, write_record
from recognition.encoders.drawings.encoder import load_drawings
from recognition.encoders.names import (
    ClipName,
    Drawings,
    FaceModel,
    Faces,
    Reduced,
    Surfaces,
    Timm,
    WholeName,
    parse_name,
)
from recognition.encoders.onnx.exported import Exported, Refused, read_undamaged
from recognition.encoders.precision import Precision, reduced
from recognition.encoders.prepare.face_models import prepare_face_model
from recognition.encoders.prepare.faces import prepare_faces
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.locate import locate
from recognition.encoders.prepare.locking import locked
from recognition.encoders.prepare.patches import prepare_patches
from recognition.encoders.prepare.timm_models import prepare_timm
from recognition.encoders.remote.client import remote_encoder
from recognition.encoders.remote.contract import parse_remote


def prepare(
    name: str, *, models_dir: Path, progress: bool = True, timeout: float = 600.0
) -> EncoderSpec:
    """Fetch or assemble an encoder, export it for ONNX Runtime, and say what it is.

    Downloads show their progress and stop after ``timeout`` seconds; the next call goes on from
    there. Raises UnknownEncoder, WeightsUnavailable, and EngineUnavailable for reduced precision
    that spoils the encoder, or one of images alone that ONNX Runtime does not run as torch does.
    """
    if remote := parse_remote(name):
        return remote_encoder(remote).spec
    models_dir = models_dir.resolve()
    parsed = parse_name(name)
    hub = Hub(models_dir / HUB_FOLDER, online=True, progress=progress, timeout=timeout)
    match parsed:
        case Faces():
            return prepare_faces(models_dir, timeout=timeout)
        case FaceModel():
            return prepare_face_model(str(parsed), models_dir, hub)
        case Drawings():
            return load_drawings().spec
        case Surfaces():
            return prepare_patches(models_dir, timeout)
        case Timm():
            return prepare_timm(parsed, models_dir, hub)
    prepared = ensure_prepared(parsed, models_dir=models_dir, hub=hub)
    exported = ensure_exported(prepared, models_dir=models_dir, hub=hub)
    if prepared.precision is Precision.INT8 and isinstance(exported, Refused):
        raise EngineUnavailable(f"{prepared.spec.name} cannot be had: {exported.reason}.")
    return prepared.spec


def ensure_prepared(name: ClipName, *, models_dir: Path, hub: Hub) -> Prepared:
    """What is recorded of the encoder, after preparing it where nothing is.

    One process prepares at a time, the others wait for it. Raises UnknownEncoder,
    WeightsUnavailable.
    """
    if prepared := read_record(models_dir, str(name)):
        return prepared
    with locked(models_dir, hub.timeout):
        return read_record(models_dir, str(name)) or _prepare(name, models_dir, hub)


def ensure_exported(prepared: Prepared, *, models_dir: Path, hub: Hub) -> Exported | Refused:
    """What came of the encoder's export to ONNX, after exporting it where that was not tried, or
    where what came of it is damaged.

    Raises WeightsUnavailable.
    """
    if found := read_undamaged(models_dir, prepared.spec.fingerprint):
        return found
    with locked(models_dir, hub.timeout):
        return _export(prepared, models_dir, hub)


def _export(prepared: Prepared, models_dir: Path, hub: Hub) -> Exported | Refused:
    if found := read_undamaged(models_dir, prepared.spec.fingerprint):
        return found
    if prepared.whole is None:
        from recognition.encoders.prepare.export import export

        return export(prepared, models_dir=models_dir, cache_dir=hub.folder)
    whole = _export(Prepared(prepared.whole, prepared.files), models_dir, hub)
    if isinstance(whole, Refused):
        return whole
    if prepared.precision is not Precision.INT8:
        return Refused(f"{prepared.precision} is torch's")
    from recognition.encoders.prepare.quantise import quantise

    return quantise(prepared.spec, whole, models_dir=models_dir)


def _prepare(name: ClipName, models_dir: Path, hub: Hub) -> Prepared:
    if isinstance(name, Reduced):
        whole = read_record(models_dir, str(name.whole)) or _prepare(name.whole, models_dir, hub)
        spec = reduced(whole.spec, name.precision)
        prepared = Prepared(spec, whole.files, name.precision, whole.spec)
    else:
        prepared = _prepare_whole(name, models_dir, hub)
    write_record(models_dir, prepared)
    return prepared


def _prepare_whole(name: WholeName, models_dir: Path, hub: Hub) -> Prepared:
    files = locate(name, models_dir=models_dir, hub=hub)
    loaded = load_model(files, cache_dir=hub.folder, online=hub.online)
    spec = EncoderSpec(
        name=str(name),
        fingerprint=fingerprint(files, loaded),
        dimension=_dimension(loaded),
        input_size=_input_size(loaded),
        logit_scale=float(loaded.model.logit_scale.exp()),
    )
    return Prepared(spec, files)


def _dimension(loaded: LoadedModel) -> int:
    import torch

    with torch.inference_mode():
        return int(loaded.model.encode_text(loaded.tokenize(["a photo"])).shape[-1])


def _input_size(loaded: LoadedModel) -> int:
    """The shorter side, in pixels."""
    size = loaded.model.visual.preprocess_cfg["size"]
    return int(size if isinstance(size, int) else min(size))
