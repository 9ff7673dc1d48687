"""Any ONNX face model beside dlib's: checked, kept, run on faces aligned to the template."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from recognition.core.errors import NoFace, UnknownEncoder, WeightsUnavailable
from recognition.core.types import Domain
from recognition.encoders.faces.alignment import similarity
from recognition.encoders.faces.encoder import load_face_model
from recognition.encoders.faces.sources import parse_source
from recognition.encoders.prepare import face_models as preparing
from recognition.encoders.prepare.face_models import prepare_face_model
from recognition.encoders.prepare.hub import Hub


def face_model(
    path: Path, *, taken=("n", 3, 112, 112), dimension=24, seed=0, scales=False, kind=1, outputs=1
) -> Path:
    """A small network of the shape that face models have: a convolution, a mean, a projection."""
    rng = np.random.default_rng(seed)
    weights = {
        "filters": rng.normal(size=(8, 3, 16, 16)) / 30,
        "projection": rng.normal(size=(8 * 49, dimension)),
        "mean": np.full(1, 127.5),
        "scale": np.full(1, 1 / 127.5),
    }
    given = "image"
    nodes = []
    if scales:
        nodes = [
            helper.make_node("Sub", ["image", "mean"], ["centred"]),
            helper.make_node("Mul", ["centred", "scale"], ["scaled"]),
        ]
        given = "scaled"
    nodes += [
        helper.make_node("Conv", [given, "filters"], ["maps"], strides=[16, 16]),
        helper.make_node("Relu", ["maps"], ["kept"]),
        helper.make_node("Flatten", ["kept"], ["flat"]),
        helper.make_node("MatMul", ["flat", "projection"], ["rows"]),
    ]
    rows = [helper.make_tensor_value_info("rows", TensorProto.FLOAT, [taken[0], dimension])]
    if outputs == 2:
        rows.append(helper.make_tensor_value_info("flat", TensorProto.FLOAT, [taken[0], 8 * 49]))
    graph = helper.make_graph(
        nodes,
        "face",
        [helper.make_tensor_value_info("image", kind, taken)],
        rows,
        [numpy_helper.from_array(v.astype(np.float32), k) for k, v in weights.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=9), path)
    return path


@pytest.fixture
def hub(tmp_path):
    return Hub(tmp_path / "hub", online=True, progress=False)


@pytest.fixture
def prepared(face_models, tmp_path, hub):
    """A models folder and the name of a model in it."""
    path = face_model(tmp_path / "arc.onnx")
    spec = prepare_face_model(f"face:{path}", tmp_path / "models", hub)
    return tmp_path / "models", spec


def test_a_model_in_a_file_embeds_faces(prepared, portrait, astronaut, cameraman):
    models, spec = prepared
    assert (spec.dimension, spec.domain, spec.reads_texts) == (24, Domain.FACES, False)
    encoder = load_face_model(spec.name, models, 1)
    assert encoder.crop(portrait).shape == (112, 112, 3)
    rows = encoder.encode_images([portrait, astronaut, cameraman] * 2)
    assert rows.shape == (6, 24)
    assert rows[:3] == pytest.approx(
        encoder.encode_images([portrait, astronaut, cameraman]), abs=1e-4
    )
    assert rows[0] @ rows[1] > 0.95
    with pytest.raises(NoFace):
        encoder.crop(portrait.crop((0, 0, 40, 40)))


def test_its_licence_is_its_owners_to_check(prepared):
    models, spec = prepared
    assert "check that it allows your use" in load_face_model(spec.name, models, 1).prepared.licence


def test_the_original_is_needed_no_more(prepared, portrait):
    models, spec = prepared
    Path(spec.name.removeprefix("face:")).unlink()
    assert load_face_model(spec.name, models, 1).encode_images([portrait]).shape == (1, 24)


def test_the_fingerprint_is_that_of_the_content(face_models, tmp_path, hub):
    models = tmp_path / "models"
    one = prepare_face_model(f"face:{face_model(tmp_path / 'one.onnx')}", models, hub)
    same = prepare_face_model(f"face:{face_model(tmp_path / 'same.onnx')}", models, hub)
    other = prepare_face_model(f"face:{face_model(tmp_path / 'one.onnx', seed=1)}", models, hub)
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert load_face_model(one.name, models, 1).spec.fingerprint == other.fingerprint


def test_eyes_and_nose_come_to_lie_on_the_template(prepared, portrait):
    models, spec = prepared
    encoder = load_face_model(spec.name, models, 1)
    aligned = encoder.crop(portrait).astype(float)
    turned = encoder.crop(portrait.rotate(15)).astype(float)
    assert np.abs(aligned[30:90, 20:90] - turned[30:90, 20:90]).mean() < 16
    points = np.array([[1.0, 2.0], [5.0, 2.0], [3.0, 6.0]])
    rotation = np.array([[0.0, -1.0], [1.0, 0.0]])
    scale, turn, shift = similarity(points, 3 * points @ rotation.T + (7, -2))
    assert scale == pytest.approx(3) and turn == pytest.approx(rotation, abs=1e-9)
    assert shift == pytest.approx((7, -2))


def test_a_model_that_scales_pixels_itself_is_given_plain_ones(
    face_models, tmp_path, hub, portrait
):
    models = tmp_path / "models"
    rows = []
    for scales in (False, True):
        path = face_model(tmp_path / f"{scales}.onnx", scales=scales)
        spec = prepare_face_model(f"face:{path}", models, hub)
        rows.append(load_face_model(spec.name, models, 1).encode_images([portrait])[0])
    assert rows[0] == pytest.approx(rows[1], abs=1e-4)


def test_a_model_of_one_face_at_a_time_is_run_so(face_models, tmp_path, hub, portrait, cameraman):
    path = face_model(tmp_path / "one.onnx", taken=(1, 3, 112, 112))
    spec = prepare_face_model(f"face:{path}", tmp_path / "models", hub)
    encoder = load_face_model(spec.name, tmp_path / "models", 1)
    assert encoder.encode_images([portrait, cameraman]).shape == (2, 24)


@pytest.mark.parametrize(("options", "reason"), [
    ({"taken": ("n", 112, 112, 3)}, "it takes|not run|load"),
    ({"kind": TensorProto.UINT8}, "load|it takes"),
    ({"taken": (4, 3, 112, 112)}, "4 faces at a time"),
    ({"outputs": 2}, "2 outputs"),
    ({"dimension": 5}, "not two embeddings"),
])  # fmt: skip
def test_another_model_is_refused_with_the_reason(face_models, tmp_path, hub, options, reason):
    path = face_model(tmp_path / "other.onnx", **options)
    with pytest.raises(WeightsUnavailable, match=reason):
        prepare_face_model(f"face:{path}", tmp_path / "models", hub)


def test_files_that_are_no_models_are_refused(face_models, tmp_path, hub, monkeypatch):
    path = tmp_path / "notes.onnx"
    path.write_bytes(b"not a model")
    with pytest.raises(WeightsUnavailable, match="does not load"):
        prepare_face_model(f"face:{path}", tmp_path / "models", hub)
    with pytest.raises(WeightsUnavailable, match="There is no face model"):
        prepare_face_model(f"face:{tmp_path / 'gone.onnx'}", tmp_path / "models", hub)
    monkeypatch.setattr(preparing, "LARGEST", 5)
    with pytest.raises(WeightsUnavailable, match="larger than"):
        prepare_face_model(f"face:{path}", tmp_path / "models", hub)


def test_a_model_of_the_hub_is_fetched_once(face_models, tmp_path, hub, local_hub):
    content = face_model(tmp_path / "a.onnx").read_bytes()
    local_hub.put("alice/aura", "glintr100.onnx", content)
    local_hub.put("alice/aura", "other.onnx", face_model(tmp_path / "b.onnx", seed=3).read_bytes())
    models = tmp_path / "models"
    spec = prepare_face_model("face:alice/aura", models, hub)
    other = prepare_face_model("face:alice/aura/other.onnx", models, hub)
    assert spec.name == "face:alice/aura" and spec.fingerprint != other.fingerprint
    offline = Hub(hub.folder)
    assert prepare_face_model("face:alice/aura", models, offline) == spec
    with pytest.raises(WeightsUnavailable):
        prepare_face_model("face:alice/unknown", models, offline)
    assert load_face_model(spec.name, models, 1).spec == spec


def test_names(tmp_path):
    assert str(parse_source("face:./arc.onnx")) == f"face:{Path('arc.onnx').absolute()}"
    assert str(parse_source("face:alice/aura/x.onnx")) == "face:alice/aura/x.onnx"
    for name in ("face:", "face:alice", "faces", "face:a/b/c/d", "face:/tmp/model.pt"):
        with pytest.raises(UnknownEncoder, match="names no face model"):
            parse_source(name)
