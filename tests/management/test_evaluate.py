"""``manage.py evaluate`` on a few real photos, seen by the bundled encoder."""

from __future__ import annotations

import json
import re
import shutil
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image, ImageDraw

from recognition.evaluation import shipped
from recognition.evaluation.methods import ABLATION
from recognition.evaluation.omniglot import RUNS
from recognition.services.references.enrol import enrol
from tests.archives.builders import zip_of
from tests.photos import another_view, photo

THINGS = ("chelsea.png", "coffee.png", "coins.png", "rocket.jpg")
SMALL = ["--shots", "1", "--episodes", "2", "--encoder", "bundled"]


def evaluate(*arguments: str | Path) -> tuple[str, str]:
    said, told = StringIO(), StringIO()
    call_command("evaluate", *map(str, arguments), stdout=said, stderr=told)
    return said.getvalue(), told.getvalue()


@pytest.fixture
def things(tmp_path: Path, models_dir) -> Path:
    """A folder a thing with two photos of it, and a file that is no photo."""
    folder = tmp_path / "things"
    for name in THINGS:
        (folder / Path(name).stem).mkdir(parents=True)
        (folder / Path(name).stem / "1.png").write_bytes(photo(name))
        (folder / Path(name).stem / "2.jpg").write_bytes(another_view(name))
    (folder / "coffee" / "notes.txt").write_text("cups")
    return folder


def test_a_folder_is_measured_drawn_and_told_for_programs(things, tmp_path):
    pictures = tmp_path / "pictures"
    said, told = evaluate(things, *SMALL, "--far", "0.05", "--pictures", pictures, "--json")
    [[measured]] = json.loads(said).values()
    assert (measured["name"], measured["shots"]) == ("things", 1)
    assert measured["closed"]["categories"] == 4
    assert measured["closed"]["identification"]["top1"]["value"] == 1.0
    [opened] = measured["opened"]
    assert (opened["categories"], opened["known"], opened["unknown"]) == (2, 2 * 2, 2 * 4)
    assert opened["promise"]["target"] == 0.05
    assert "coffee/notes.txt is left out" in told
    for what in ("det", "reliability", "scores"):
        with Image.open(pictures / f"things-1-{what}.png") as drawn:
            assert len(set(np.asarray(drawn.convert("L")).ravel().tolist())) > 10


def test_nothing_is_embedded_twice(things, data_dir, monkeypatch):
    evaluate(things, *SMALL)
    [kept] = (data_dir / "evaluations").glob("*.npz")
    with np.load(kept) as stored:
        assert len(stored["keys"]) == len(THINGS) * 2
    shutil.copytree(things, things.with_name("copied"))
    before = kept.stat().st_mtime_ns
    said, _ = evaluate(things.with_name("copied"), *SMALL)
    assert kept.stat().st_mtime_ns == before
    assert said.startswith("copied: 2 episodes")


def test_an_archive_gives_what_its_folder_gives(things, tmp_path):
    names = [path.relative_to(things).as_posix() for path in sorted(things.rglob("*.*"))]
    archive = tmp_path / "things.zip"
    archive.write_bytes(zip_of({name: (things / name).read_bytes() for name in names}))
    assert evaluate(archive, *SMALL)[0] == evaluate(things, *SMALL)[0]


def test_what_each_step_adds_is_shown(things):
    said, _ = evaluate(things, *SMALL, "--ablate")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in said.splitlines()[4:]]
    methods = {row[2]: row[4] for row in rows}
    assert set(ABLATION) < set(methods)
    assert methods["nearest neighbour"].startswith("+0.0")
    assert "nearest neighbour, one view" in methods


def test_a_half_of_the_classes_can_be_kept_from_tuning(things):
    halves = [
        json.loads(evaluate(things, *SMALL, "--half", half, "--json")[0])
        for half in ("tune", "report")
    ]
    [tuned, reported] = [
        {row["category"] for row in each[0]["closed"]["identification"]["categories"]}
        for [each] in (half.values() for half in halves)
    ]
    assert len(tuned) == len(reported) == 2 and not tuned & reported


def test_a_gallery_is_left_out_of_itself(gallery):
    for name in THINGS[:2]:
        enrol(gallery=gallery, category=name[:4], data=photo(name), create=True, advise=False)
    enrol(gallery=gallery, category="chel", data=another_view(THINGS[0]), advise=False)
    said, _ = evaluate("pets", "--far", "0.05")
    assert said.startswith("pets: leave-one-out") and "100.0" in said


def drawing(character: int, shift: int) -> bytes:
    """One of twenty characters, by a shaky hand: each is a path of its own through a grid."""
    points = np.random.default_rng(character).integers(15, 90, size=(5, 2)) + shift
    image = Image.new("L", (105, 105), 255)
    ImageDraw.Draw(image).line([tuple(point) for point in points.tolist()], fill=0, width=3)
    buffer = BytesIO()
    image.convert("1").save(buffer, "PNG")
    return buffer.getvalue()


def test_omniglots_runs_are_set_beside_people(tmp_path, models_dir):
    archive = tmp_path / "runs.zip"
    with ZipFile(archive, "w") as file:
        for run in range(1, RUNS + 1):
            pairs = [(f"run{run:02d}/test/{n}.png", f"run{run:02d}/training/{n}.png") for n in "ab"]
            labels = "\n".join(" ".join(pair) for pair in pairs)
            file.writestr(f"run{run:02d}/class_labels.txt", labels)
            for number, (query, reference) in enumerate(pairs):
                file.writestr(query, drawing(number, 1))
                file.writestr(reference, drawing(number, 0))
    said, _ = evaluate(archive, "--encoder", "bundled")
    assert "people (Lake et al. 2015)" in said
    assert "| pixels, nearest neighbour" in said and "| 100.0" in said


@pytest.fixture
def few_are_shipped(monkeypatch):
    """A few of the shipped pictures: each is embedded ten times, as drawings are."""
    monkeypatch.setattr(shipped, "_DIGITS_EACH", 2)
    monkeypatch.setattr(shipped, "_CHARACTERS", "A8@")
    monkeypatch.setattr(shipped, "_FONTS", re.compile(r"DejaVuSans(-Bold|-Oblique)?\.ttf"))


def test_a_shipped_set_is_measured_as_a_folder_is(few_are_shipped, models_dir):
    said, _ = evaluate("matplotlib-glyphs", *SMALL, "--json")
    [[measured]] = json.loads(said).values()
    assert measured["closed"]["categories"] == 3
    said, _ = evaluate("matplotlib-glyphs", *SMALL, "--ablate")
    assert "nearest neighbour, one view" in said


def test_the_report_needs_only_the_sets_that_are_there(things, tmp_path, few_are_shipped):
    shutil.copytree(things, tmp_path / "data" / "orl-faces")
    said, _ = evaluate("--report", tmp_path / "data", *SMALL)
    titles = [line for line in said.splitlines() if line and not line.startswith("|")]
    assert [title.split(":")[0] for title in titles] == [
        "Top-1 of the product less that of the plain nearest neighbour",
        "What each step is worth",
        "The promise",
        "The promise, set by set",
        "sklearn-digits",
        "matplotlib-glyphs",
        "Twenty names alone, in many galleries",
        "Twenty descriptions alone, in one gallery",
        "The same, with images judged to show none of them",
        "Six things by a photo and six by words, in one gallery and alone",
    ]
    assert "| faces | 1 " in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Name what is to be evaluated"),
        (["nowhere"], "gallery_not_found"),
        (["nowhere", "--far", "2"], "A false-accept rate"),
        (["nowhere", "--shots", "0"], "positive"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, said, db):
    with pytest.raises(CommandError, match=said):
        evaluate(*arguments)
