from __future__ import annotations

import shutil
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from filelock import FileLock

from recognition.core.errors import NotPrepared, UnknownEncoder, WeightsUnavailable
from recognition.core.types import EncoderSpec
from recognition.encoders import registry
from recognition.encoders.names import parse_name
from recognition.encoders.prepare.hub import Hub
from recognition.encoders.prepare.preparing import ensure_prepared, prepare
from tests.encoders.conftest import TINY, ensure


def run_python(code: str) -> str:
    command = [sys.executable, "-c", textwrap.dedent(code)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def prepared_in(folder) -> list[EncoderSpec]:
    """What was prepared there, less the encoder of drawings, which comes with the package."""
    return [spec for spec in registry.installed(folder) if spec.name != "drawings"]


def test_the_encoder_of_drawings_needs_no_preparation(tmp_path):
    assert [spec.name for spec in registry.installed(tmp_path)] == ["drawings"]
    assert registry.is_prepared("drawings", models_dir=tmp_path)


def test_eight_threads_get_one_encoder(tiny_name, tmp_path):
    barrier = Barrier(8)
    ensure(tiny_name, tmp_path)

    def get(_):
        barrier.wait()
        return registry.get_encoder(tiny_name, models_dir=tmp_path)

    with ThreadPoolExecutor(8) as pool:
        assert len({id(encoder) for encoder in pool.map(get, range(8))}) == 1


def test_another_device_is_another_encoder_of_the_same_spec(tiny_name, tmp_path):
    ensure(tiny_name, tmp_path)
    one = registry.get_encoder(tiny_name, models_dir=tmp_path, device="cpu")
    other = registry.get_encoder(tiny_name, models_dir=tmp_path, device="auto")
    assert one is not other
    assert one.spec == other.spec


def test_an_encoder_prepared_before_is_named_without_torch(bundled, models_dir):
    found = run_python(f"""
        import sys
        from pathlib import Path
        from recognition.encoders import registry
        models_dir = Path({str(models_dir)!r})
        print(registry.get_encoder("bundled", models_dir=models_dir).spec.fingerprint)
        print("bundled" in [spec.name for spec in registry.installed(models_dir)])
        print(registry.is_prepared("bundled", models_dir=models_dir))
        print([m for m in ("torch", "open_clip", "transformers", "django") if m in sys.modules])
    """)
    assert found.split("\n")[:4] == [bundled.spec.fingerprint, "True", "True", "[]"]


def test_installed_lists_what_was_prepared_and_still_is(
    tiny_name, exported, tmp_path, tiny_checkpoint
):
    assert prepared_in(tmp_path) == []
    copy = tmp_path / "copy.safetensors"
    shutil.copyfile(tiny_checkpoint, copy)
    one = prepare(tiny_name, models_dir=tmp_path)
    two = prepare(f"open_clip:{TINY}@{copy}", models_dir=tmp_path)
    by_name = {spec.name: spec for spec in prepared_in(tmp_path)}
    assert by_name == {one.name: one, two.name: two}
    copy.unlink()
    assert prepared_in(tmp_path) == [one]


def test_a_damaged_record_is_made_anew(tiny_name, exported, tmp_path):
    spec = prepare(tiny_name, models_dir=tmp_path)
    [record] = (tmp_path / "prepared").glob("*.json")
    record.write_text("{")
    assert prepared_in(tmp_path) == []
    assert prepare(tiny_name, models_dir=tmp_path) == spec


def test_a_moved_models_folder_keeps_its_encoders(tmp_path, tiny_checkpoint):
    weights = tmp_path / "before" / "tiny.safetensors"
    weights.parent.mkdir()
    shutil.copyfile(tiny_checkpoint, weights)
    spec = prepare(f"open_clip:{TINY}@{weights}", models_dir=tmp_path / "before")
    (tmp_path / "before").rename(tmp_path / "after")
    assert prepared_in(tmp_path / "after") == [spec]


def test_auto_is_the_bundled_encoder_until_clip_is_prepared(tmp_path, tiny_name, monkeypatch):
    assert registry.resolve_auto(tmp_path) == "bundled"
    folder = tmp_path / "hub" / "laion--CLIP-ViT-B-32-DataComp.XL-s13B-b90K"
    folder.mkdir(parents=True)
    (folder / "open_clip_model.safetensors").write_bytes(b"present, but not prepared")
    assert registry.resolve_auto(tmp_path) == "bundled"
    ensure(tiny_name, tmp_path)
    monkeypatch.setattr(registry, "DEFAULT_CLIP", tiny_name)
    assert registry.resolve_auto(tmp_path) == tiny_name


def test_an_encoder_is_never_prepared_while_it_is_asked_for(tmp_path, tiny_name):
    assert not registry.is_prepared("bundled", models_dir=tmp_path)
    for name in ("bundled", tiny_name):
        with pytest.raises(NotPrepared, match="encoder prepare"):
            registry.get_encoder(name, models_dir=tmp_path)
    assert not list(tmp_path.glob("*/"))
    ensure(tiny_name, tmp_path)
    assert registry.is_prepared(tiny_name, models_dir=tmp_path)
    assert registry.get_encoder(tiny_name, models_dir=tmp_path).spec.name == tiny_name
    with pytest.raises(UnknownEncoder):
        registry.is_prepared("nonsense", models_dir=tmp_path)


def test_whoever_waits_too_long_for_another_process_is_told(tiny_name, tmp_path):
    with (
        FileLock(tmp_path / ".lock"),
        pytest.raises(WeightsUnavailable, match="Another process"),
    ):
        ensure_prepared(
            parse_name(tiny_name), models_dir=tmp_path, hub=Hub(tmp_path / "hub", timeout=0.1)
        )


def test_processes_that_prepare_at_the_same_time_agree(tmp_path, models_dir, bundled):
    code = f"""
        from pathlib import Path
        from recognition.encoders.prepare.preparing import prepare
        models_dir = Path({str(tmp_path / "models")!r})
        print(prepare("bundled", models_dir=models_dir).fingerprint)
    """
    shutil.copytree(models_dir / "bundled", tmp_path / "models" / "bundled")
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(run_python, [code, code]))
    assert [each.strip() for each in found] == [bundled.spec.fingerprint] * 2
    assert len(list((tmp_path / "models" / "prepared").iterdir())) == 1
