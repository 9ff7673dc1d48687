"""``oneshot`` with whatever names a file system has."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.client.test_cli import ONESHOT
from tests.images.test_ground import WHITE_MARKS
from tests.photos import FOLDER, another_view

CHELSEA = (FOLDER / "chelsea.png").read_bytes()
NAMES = {
    "Latin-1": b"M\xfcller.jpg",
    "half a character": b"caf\xc3.jpg",
    "line break": b"two\nlines.jpg",
    "quotes": b'"quoted"; filename=other.jpg',
    "escape": b"\x1b[31mred.jpg",
    "emoji": "🐱 кот.jpg".encode(),
    "dash": b"-create.jpg",
    "long": b"x" * 250 + b".jpg",
}


@pytest.fixture
def run(live_server, gallery, key, tmp_path):
    environment = os.environ | {"ONESHOT_URL": live_server.url, "ONESHOT_API_KEY": key}

    def oneshot(*arguments: bytes | str, **more: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*ONESHOT, *arguments],
            env=environment | {"PYTHONPATH": os.getcwd()} | more,
            capture_output=True,
            check=False,
            timeout=60,
            cwd=os.fsencode(tmp_path),
        )

    return oneshot


def written(folder: Path, name: bytes, data: bytes) -> bytes:
    with open(os.path.join(os.fsencode(folder), name), "wb") as file:
        file.write(data)
    return name


@pytest.mark.parametrize("kind", NAMES)
def test_a_file_of_any_name_is_enrolled_and_recognised(kind: str, run, tmp_path):
    name = written(tmp_path, NAMES[kind], CHELSEA)
    enrolled = run("enrol", "pets", "--category", "cat", "--create", "--json", "--", name)
    assert enrolled.returncode == 0, enrolled.stderr
    [line] = [json.loads(line) for line in enrolled.stdout.splitlines()]
    assert os.fsencode(line["file"]) == name
    for command in (["identify", "pets"], ["verify", "pets", "cat"], ["search", "pets"]):
        table = run(*command, "--", name)
        assert table.returncode == 0, table.stderr
        assert b"\x1b[31m" not in table.stdout


def test_a_name_that_is_not_utf8_stops_no_other_file(run, tmp_path):
    bad = written(tmp_path, b"b\xe4d.jpg", b"no photo")
    good = [written(tmp_path, name, CHELSEA) for name in (b"a.jpg", b"z\xfc.jpg")]
    done = run("enrol", "pets", good[0], bad, good[1], "--category", "cat", "--create")
    assert done.returncode == 1
    assert done.stdout.decode().count(" cat ") == 2
    assert done.stderr.decode().startswith("Error: b\ufffdd.jpg: This is text, not an image")
    assert b"Traceback" not in done.stderr


def test_a_folder_that_is_not_utf8_names_no_category_and_it_is_said(run, tmp_path):
    (tmp_path / "cat").mkdir()
    os.mkdir(os.path.join(os.fsencode(tmp_path), b"k\xe4tzchen"))
    inside = written(tmp_path, b"k\xe4tzchen/a.png", CHELSEA)
    other = written(tmp_path, b"cat/a.jpg", another_view("chelsea.png"))
    done = run("enrol", "pets", inside, other, "--create")
    assert done.returncode == 1
    assert "not UTF-8, so it names no category: give --category" in done.stderr.decode()
    assert "cat/a.jpg" in done.stdout.decode()
    assert run("enrol", "pets", inside, "--create", "--category", "cat").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("enrol", "pets", "a.png", "--create", "--category", b"k\xe4tzchen"),
        ("identify", b"p\xe4ts", "a.png"),
        ("search", "pets", "--text", b"k\xe4tzchen"),
    ],
)
def test_an_argument_that_is_not_utf8_is_told_in_a_line(arguments, run, tmp_path):
    written(tmp_path, b"a.png", CHELSEA)
    done = run(*arguments)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert "is not UTF-8" in done.stderr.decode()


def test_a_terminal_without_the_letters_is_no_reason_to_stop(run, tmp_path):
    name = written(tmp_path, "кот 🐱.png".encode(), CHELSEA)
    poor = {"PYTHONIOENCODING": "ascii"}
    given = ("enrol", "pets", name, "--create", "--category", "кот")
    table = run(*given, **poor)
    assert table.returncode == 0, table.stderr
    [line] = run(*given, "--json", **poor).stdout.splitlines()
    assert json.loads(line)["file"] == "кот 🐱.png"


def test_what_is_guessed_of_an_image_is_noted_below_the_table(run, tmp_path):
    mark = written(tmp_path, b"mark.png", WHITE_MARKS["PNG"])
    assert run("enrol", "pets", mark, "--create", "--category", "ring").returncode == 0
    for command in (["identify", "pets"], ["verify", "pets", "ring"]):
        done = run(*command, mark)
        assert done.returncode == 0
        assert "Note: mark.png: What the image shows is white on" in done.stderr.decode()
        assert "white" not in done.stdout.decode()


def test_a_file_that_is_not_there_is_named_whatever_its_name(run):
    done = run("identify", "pets", b"n\xf6.jpg")
    assert done.returncode == 1
    assert done.stderr.decode() == "Error: n\ufffd.jpg: No such file or directory\n"
