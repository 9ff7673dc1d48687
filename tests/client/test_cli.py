"""``oneshot`` as it is run: a process of its own, against the real service."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.client.scripted_server import Answer, scripted_server
from tests.photos import FOLDER, another_view

Run = Callable[..., subprocess.CompletedProcess[str]]

ONESHOT = [sys.executable, "-m", "recognition.client.cli"]


@pytest.fixture
def environment(live_server, gallery, key) -> dict[str, str]:
    return os.environ | {"ONESHOT_URL": live_server.url, "ONESHOT_API_KEY": key}


@pytest.fixture
def oneshot(environment) -> Run:
    def run(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*ONESHOT, *map(str, arguments)],
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    return run


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder a category, and ``new`` with photos to be recognised."""
    for category, file in [("cat", "chelsea.png"), ("coffee", "coffee.png")]:
        (tmp_path / category).mkdir()
        (tmp_path / category / file).write_bytes((FOLDER / file).read_bytes())
    (tmp_path / "new").mkdir()
    for file in ("chelsea.png", "coffee.png", "rocket.jpg"):
        (tmp_path / "new" / file).with_suffix(".jpg").write_bytes(another_view(file))
    return tmp_path


@pytest.fixture
def enrolled(oneshot, photos) -> subprocess.CompletedProcess[str]:
    files = sorted(photos.glob("c*/*.png"))
    return oneshot("enrol", "pets", *files, "--create", "--json")


def lines(run: subprocess.CompletedProcess[str]) -> list[dict]:
    return [json.loads(line) for line in run.stdout.splitlines()]


def test_files_are_enrolled_by_the_folder_that_they_lie_in(enrolled, client):
    assert enrolled.returncode == 0
    assert [line["category"] for line in lines(enrolled)] == ["cat", "coffee"]
    assert {category.slug for category in client.list_categories("pets")} == {"cat", "coffee"}


def test_many_files_are_identified_in_their_order(enrolled, oneshot, photos):
    run = oneshot("identify", "pets", *sorted(photos.glob("new/*")), "--json")
    assert [(Path(line["file"]).name, line["category"]) for line in lines(run)] == [
        ("chelsea.jpg", "cat"),
        ("coffee.jpg", "coffee"),
        ("rocket.jpg", None),
    ]


def test_a_claim_is_verified_for_each_file(enrolled, oneshot, photos):
    files = [photos / "new" / name for name in ("chelsea.jpg", "coffee.jpg")]
    run = oneshot("verify", "pets", "cat", *files, "--json")
    assert [line["accepted"] for line in lines(run)] == [True, False]
    rows = oneshot("verify", "pets", "cat", *files).stdout.splitlines()[1:]
    assert [row.split()[1] for row in rows] == ["yes", "no"]


def test_people_get_an_aligned_table_without_colours_in_a_pipe(enrolled, oneshot, photos):
    run = oneshot("identify", "pets", *sorted(photos.glob("new/*")))
    header, *rows = run.stdout.splitlines()
    assert header.split() == [
        *("FILE", "DECISION", "BEST", "SCORE", "THRESHOLD", "CONFIDENCE", "ANSWER")
    ]
    assert len(rows) == 3
    start = header.index("DECISION")
    assert [row[start:].split()[0] for row in rows] == ["match", "match", "unknown"]
    assert "\x1b" not in run.stdout


def test_people_at_a_terminal_get_colours(enrolled, environment, photos):
    ours, theirs = pty.openpty()
    environment |= {"TERM": "xterm-256color", "COLUMNS": "200"}
    environment.pop("NO_COLOR", None)
    command = [*ONESHOT, "identify", "pets", str(photos / "new" / "coffee.jpg")]
    subprocess.run(command, env=environment, stdout=theirs, check=True, timeout=60)
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert "\x1b[32mmatch" in shown


def test_one_bad_file_does_not_stop_the_others(enrolled, oneshot, photos):
    (photos / "new" / "bad.jpg").write_text("no image")
    files = [photos / "new" / name for name in ("bad.jpg", "coffee.jpg", "missing.jpg")]
    run = oneshot("identify", "pets", *files)
    assert run.returncode == 1
    assert [row.split()[1] for row in run.stdout.splitlines()] == ["DECISION", "match"]
    bad, missing = run.stderr.splitlines()
    assert bad.startswith(f"Error: {files[0]}: ")
    assert missing == f"Error: {files[2]}: No such file or directory"
    codes = [
        line.get("error", {}).get("code")
        for line in lines(oneshot("identify", "pets", *files, "--json"))
    ]
    assert codes == ["image_unsupported", None, "file_unreadable"]


def test_search_by_text_and_by_image(enrolled, oneshot, photos):
    by_text = oneshot("search", "pets", "--text", "a cat", "--limit", "1", "--json")
    by_image = oneshot("search", "pets", photos / "new" / "coffee.jpg", "--limit", "1")
    assert [line["category"] for line in lines(by_text)] == ["cat"]
    assert "coffee" in by_image.stdout


def test_what_is_there_is_listed(enrolled, oneshot):
    assert [line["slug"] for line in lines(oneshot("galleries", "--json"))] == ["pets"]
    rows = [row.split() for row in oneshot("categories", "pets").stdout.splitlines()]
    assert sorted((row[0], row[3]) for row in rows[1:]) == [("cat", "1"), ("coffee", "1")]


def test_a_gallery_is_made(oneshot, client):
    run = oneshot("create-gallery", "Mugs", "--target-far", "0.001", "--json")
    assert lines(run)[0]["slug"] == "mugs"
    assert client.get_gallery("mugs").target_far == 0.001


@pytest.mark.parametrize(
    ("arguments", "environment_change", "said"),
    [
        (["categories", "dogs"], {}, "dogs"),
        (["galleries"], {"ONESHOT_API_KEY": "abc.def"}, "key"),
        (["galleries", "--url", "http://127.0.0.1:1"], {}, "No answer from http://127.0.0.1:1"),
        (["galleries", "--url", "nowhere"], {}, "no address"),
    ],
)
def test_an_error_is_one_line_and_a_status(arguments, environment_change, said, oneshot):
    run = oneshot(*arguments, **environment_change)
    assert (run.returncode, run.stdout) == (1, "")
    [line] = run.stderr.splitlines()
    assert line.startswith("Error: ")
    assert said in line


def test_the_address_and_the_key_may_be_flags(oneshot, live_server, key):
    run = oneshot(
        "galleries", "--url", live_server.url, "--key", key, ONESHOT_URL="", ONESHOT_API_KEY=""
    )
    assert run.returncode == 0


def test_a_command_that_makes_no_sense_is_a_usage_error(oneshot):
    assert oneshot("search", "pets").returncode == 2
    assert oneshot("identify", "pets").returncode == 2


def test_a_name_cannot_take_over_the_terminal(oneshot):
    evil = {"slug": "pets", "name": "\x1b[2JGone", "description": "", "target_far": 0.1}
    evil |= {"encoder": {"name": "e", "fingerprint": "f"}, "generation": 0, "categories": 0}
    evil |= {"references": 0, "created_at": "2026-01-01T00:00:00Z", "review_references": False}
    evil |= {"retention": {"query_days": None, "query_images": True}}
    with scripted_server(Answer(200, {"next": None, "results": [evil]})) as server:
        run = oneshot("galleries", "--url", server.url)
    assert "Gone" in run.stdout
    assert "\x1b" not in run.stdout
