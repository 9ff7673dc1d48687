"""Check an ONNX face model and keep it: ArcFace and whatever takes the same faces."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from recognition.core.errors import WeightsUnavailable
from recognition.core.types import Domain, EncoderSpec
from recognition.encoders.contents import is_intact
from recognition.encoders.digests import digest_file
from recognition.encoders.faces.alignment import TEMPLATE_SIDE
from recognition.encoders.faces.fingerprint import finder_digest, fingerprint
from recognition.encoders.faces.package import import_dlib
from recognition.encoders.faces.records import (
    EMBEDDING_FILE,
    PreparedFaces,
    find_prepared,
    prepared_folder,
    remember_name,
    write_prepared,
)
from recognition.encoders.faces.sources import FaceFile, FaceRepository, parse_source
from recognition.encoders.prepare.faces import WORKING_SIDE, write_detector
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.locking import locked
from recognition.encoders.prepare.staging import put_in_place, staged_folder

LARGEST = 1024**3
"""Bytes; the largest ArcFace models, of 100 layers, have 250 MB."""

USUAL_FILES = ("glintr100.onnx", "w600k_r50.onnx", "model.onnx")
"""What AuraFace, the ArcFace models of InsightFace and most others call it on the hub."""

LICENCE = (
    "The licence of this model is its owner's: check that it allows your use. Many face models are "
    "for research only."
)

_DIMENSIONS = range(16, 4097)
_FIRST_NODES = 8
"""Among these a model that scales pixels by itself does so, as InsightFace looks for it."""

_ROUNDING = 1e-3
"""Cosine by which one face may differ from itself when it is run with another."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """Findings about a model; see PreparedFaces."""

    dimension: int
    plain_pixels: bool
    single: bool


def prepare_face_model(name: str, models_dir: Path, hub: Hub) -> EncoderSpec:
    """Fetch an ONNX face model, check it, and keep a copy under ``models_dir``.

    A file that has changed makes another encoder of the same name. Raises UnknownEncoder for a
    name of nothing, WeightsUnavailable for a file that is not there or is no such model, or where
    dlib, which finds the faces for it, is not installed.
    """
    source = parse_source(name)
    import_dlib()
    path = _located(source, hub)
    finder = finder_digest()
    with locked(models_dir, hub.timeout):
        checked = _checked(path)
        settings = {"plain_pixels": checked.plain_pixels}
        digest = fingerprint(digest_file(path), finder, settings)
        found = find_prepared(models_dir, str(source))
        if found is None or found.spec.fingerprint != digest or not is_intact(found.folder):
            spec = EncoderSpec(
                str(source), digest, checked.dimension, WORKING_SIDE, 1.0, Domain.FACES, False
            )
            found = _keep(spec, checked, path, finder, models_dir)
    return found.spec


def _keep(
    spec: EncoderSpec, checked: _Checked, path: Path, finder: str, models_dir: Path
) -> PreparedFaces:
    folder = prepared_folder(models_dir, spec.fingerprint)
    with staged_folder(folder) as made:
        write_detector(made)
        shutil.copyfile(path, made / EMBEDDING_FILE)
        prepared = PreparedFaces(
            spec,
            made,
            finder,
            path.name,
            LICENCE,
            plain_pixels=checked.plain_pixels,
            single=checked.single,
        )
        write_prepared(prepared)
        put_in_place(made, folder)
    remember_name(models_dir, spec.name, spec.fingerprint)
    return replace(prepared, folder=folder)


def _located(source: FaceFile | FaceRepository, hub: Hub) -> Path:
    if isinstance(source, FaceRepository):
        return hub.fetch(source.repository, [source.file] if source.file else USUAL_FILES)
    if not source.path.is_file():
        raise WeightsUnavailable(f"There is no face model {source.path}.")
    return source.path


def _checked(path: Path) -> _Checked:
    """Look at a model's inputs and outputs, and run it. Raises WeightsUnavailable."""
    import onnxruntime as ort

    if path.stat().st_size > LARGEST:
        raise _refused(path, f"it is larger than {LARGEST // 2**20} MiB")
    ort.set_default_logger_severity(3)
    try:
        session = ort.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:
        first = next(iter(str(error).splitlines()), "")
        raise _refused(path, f"ONNX Runtime does not load it ({first})") from error
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        raise _refused(path, f"it has {len(inputs)} inputs and {len(outputs)} outputs, not one")
    _check_input(path, inputs[0])
    single = inputs[0].shape[0] == 1
    if isinstance(inputs[0].shape[0], int) and not single:
        raise _refused(path, f"it takes {inputs[0].shape[0]} faces at a time")
    dimension = _run(path, session, single=single)
    return _Checked(dimension, _scales_pixels(path), single)


def _check_input(path: Path, taken: Any) -> None:
    wanted = (3, TEMPLATE_SIDE, TEMPLATE_SIDE)
    shape = list(taken.shape)
    fits = len(shape) == 4 and all(
        not isinstance(side, int) or side == need
        for side, need in zip(shape[1:], wanted, strict=True)
    )
    if taken.type != "tensor(float)" or not fits:
        raise _refused(
            path,
            f"it takes {taken.type} of the shape {shape}, not floats of (n, 3, {TEMPLATE_SIDE}, "
            f"{TEMPLATE_SIDE})",
        )


def _run(path: Path, session: Any, *, single: bool) -> int:
    """The length of an embedding, after two faces of noise went through, alone and together."""
    shape = (2, 3, TEMPLATE_SIDE, TEMPLATE_SIDE)
    faces = np.random.default_rng(0).uniform(-1.0, 1.0, shape).astype(np.float32)
    name = session.get_inputs()[0].name
    try:
        alone = [np.asarray(session.run(None, {name: face[None]})[0]) for face in faces]
        both = np.concatenate(alone) if single else np.asarray(session.run(None, {name: faces})[0])
    except Exception as error:
        first = next(iter(str(error).splitlines()), "")
        raise _refused(path, f"it does not run ({first})") from error
    if both.ndim != 2 or len(both) != 2 or both.shape[1] not in _DIMENSIONS:
        raise _refused(path, f"it makes {list(both.shape)} of two faces, not two embeddings")
    norms = np.linalg.norm(both, axis=1)
    if not np.isfinite(both).all() or not (norms > 0).all():
        raise _refused(path, "it makes numbers that are not finite, or nothing, of a face")
    one = alone[0][0]
    if 1.0 - float(one @ both[0] / np.linalg.norm(one) / norms[0]) > _ROUNDING:
        raise _refused(path, "a face is embedded otherwise beside another than alone")
    return int(both.shape[1])


def _scales_pixels(path: Path) -> bool:
    """Say whether the model begins by taking a mean off pixels and scaling them, as some do.

    Others are given pixels from -1 to 1.
    """
    import onnx

    nodes = onnx.load(str(path), load_external_data=False).graph.node[:_FIRST_NODES]
    kinds = {node.op_type for node in nodes}
    return "Sub" in kinds and bool(kinds & {"Mul", "Div"})


def _refused(path: Path, reason: str) -> WeightsUnavailable:
    return WeightsUnavailable(
        f"{path.name} is no ONNX face model that can be used: {reason}. ArcFace and its relatives "
        f"take RGB faces of (n, 3, {TEMPLATE_SIDE}, {TEMPLATE_SIDE}) and make one row of each."
    )
