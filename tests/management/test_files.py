"""Commands that take files do all of them, and say which failed and why."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from recognition.models import Query, Reference
from tests.photos import photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """A photo, a text, a file that is not there, and another photo."""
    (tmp_path / "a.png").write_bytes(photo("chelsea.png"))
    (tmp_path / "bad.jpg").write_text("not a photo")
    (tmp_path / "z.jpg").write_bytes(photo("chelsea.png"))
    return [str(tmp_path / name) for name in ("a.png", "bad.jpg", "gone.jpg", "z.jpg")]


def run(*arguments: str, **options: object) -> tuple[str, str]:
    """What the command says, and how it fails."""
    out = StringIO()
    with pytest.raises(CommandError) as raised:
        call_command(*arguments, stdout=out, **options)
    return out.getvalue(), str(raised.value)


def test_the_files_around_a_bad_one_are_enrolled(gallery, files):
    said, failed = run("enrol", "pets", "cat", *files)
    assert Reference.objects.count() == 2
    assert files[0] in said
    assert files[3] in said
    first, *each = failed.splitlines()
    assert first == "2 of 4 failed:"
    assert each[0].startswith(f"{files[1]}: This is text")
    assert each[0].endswith("[image_unsupported]")
    assert each[1] == f"{files[2]} cannot be read: No such file or directory."


def test_the_files_around_a_bad_one_are_recognised(gallery, files):
    call_command("enrol", "pets", "cat", files[0], stdout=StringIO())
    said, failed = run("identify", "pets", *files)
    assert Query.objects.count() == 2
    assert said.count(": cat\n") == 2
    assert "bad.jpg: This is text" in failed


def test_views_of_one_thing_are_named_together(gallery, files):
    _, failed = run("identify", "pets", files[0], files[1], together=True)
    assert f"{files[0]}, {files[1]}: This is text" in failed
    assert not Query.objects.exists()


def test_a_name_that_is_not_utf8_is_enrolled_and_shown(gallery, tmp_path):
    name = os.fsdecode(os.path.join(os.fsencode(tmp_path), b"M\xfcller\x1b.png"))
    with open(name, "wb") as file:
        file.write(photo("chelsea.png"))
    out = StringIO()
    call_command("enrol", "pets", "cat", name, stdout=out)
    assert "M\ufffdller\ufffd.png: " in out.getvalue()
    out.getvalue().encode()


def test_a_failure_is_the_exit_status(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "identify", "nope", "a.jpg"],
        env=os.environ | {"ONESHOT_DATA_DIR": str(tmp_path)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
