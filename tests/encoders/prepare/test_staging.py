"""A folder appears whole or not at all, and nothing half-made stays."""

from __future__ import annotations

import os

import pytest

from recognition.encoders.prepare.staging import put_in_place, staged_folder


def test_what_was_made_takes_the_place_of_what_was_there(tmp_path):
    folder = tmp_path / "model"
    for version in ("1", "2"):
        with staged_folder(folder) as made:
            (made / "weights").write_text(version)
            put_in_place(made, folder)
    assert (folder / "weights").read_text() == "2"
    assert os.listdir(tmp_path) == ["model"]


def test_what_fails_leaves_what_was_there(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "weights").write_text("1")
    with pytest.raises(OSError, match="full"), staged_folder(folder) as made:
        (made / "weights").write_text("half")
        raise OSError("disk full")
    assert (folder / "weights").read_text() == "1"
    assert os.listdir(tmp_path) == ["model"]


def test_what_a_killed_process_left_is_cleared(tmp_path):
    (tmp_path / ".making-model-x1y2" / "model").mkdir(parents=True)
    (tmp_path / ".making-other-x1y2").mkdir()
    with staged_folder(tmp_path / "model") as made:
        assert os.listdir(made) == []
    assert os.listdir(tmp_path) == [".making-other-x1y2"]
