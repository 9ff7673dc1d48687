"""However an archive is packed, its photos mean the same: nothing is lost, split or merged.

``ONESHOT_FUZZ_CASES`` says how many archives are made up, 100 without it; ``ONESHOT_FUZZ_SEED``
which ones.
"""

from __future__ import annotations

import csv
import io
import os
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, assume, given, seed, settings
from hypothesis import strategies as st

from recognition.archives import ArchiveLimits, Plan, plan_archive
from recognition.archives.layout import SPLITS
from recognition.archives.leftovers import is_leftover
from recognition.core.names import forbidden_character, is_path_trick, name_key
from tests.archives.builders import tar_of, zip_of

LIMITS = ArchiveLimits(max_entries=1000, max_entry_bytes=100_000, max_total_bytes=10_000_000)
CASES = int(os.environ.get("ONESHOT_FUZZ_CASES", "100"))
SEED = int(os.environ.get("ONESHOT_FUZZ_SEED", "0"))
BUILDS = {"zip": zip_of, "tar": tar_of}
LEFTOVERS = ("Thumbs.db", ".DS_Store", "@eaDir/{}.png", ".ipynb_checkpoints/{}.png")

LETTERS = st.sampled_from(
    "aAbBmM09éÉßﬁÅøłЖжαΩשלמی山田猫カｶ한국🐱👨 \u00a0\u3000\u202f\u200c\u200d._-+#&%()[]{}'=,;~@!"
)


def is_name(name: str) -> bool:
    refused = not name_key(name) or is_path_trick(name) or forbidden_character(name)
    return not (refused or is_leftover(name) or name_key(name) in SPLITS)


NAMES = st.text(LETTERS, min_size=1, max_size=12).filter(is_name)
WRITINGS: list[Callable[[str], str]] = [
    str,
    str.upper,
    lambda name: unicodedata.normalize("NFD", name),
    lambda name: unicodedata.normalize("NFKC", name),
    lambda name: name.replace(" ", "  "),
]
PATHS: list[Callable[[str], str]] = [
    str,
    lambda path: f"./{path}",
    lambda path: path.replace("/", "\\"),
    lambda path: path.replace("/", "//"),
    lambda path: unicodedata.normalize("NFD", path),
]


@dataclass(frozen=True)
class Packed:
    """Files by their paths, and what each photo shows, by its number, which its file name bears."""

    files: Mapping[str, bytes]
    shows: Mapping[str, str]
    left_out: int


@st.composite
def archives(draw: st.DrawFn) -> Packed:
    """Folders of photos below a root of any depth, each written in several ways, with leftovers."""
    things = draw(st.lists(NAMES, min_size=2, max_size=5, unique_by=name_key))
    root = "".join(f"{each}/" for each in draw(st.lists(NAMES, max_size=2)))
    files: dict[str, bytes] = {}
    shows: dict[str, str] = {}
    numbers = iter(range(1000))
    for thing in things:
        for _ in range(draw(st.integers(1, 4))):
            folder = draw(st.sampled_from(WRITINGS))(thing)
            assume(is_name(folder) and name_key(folder) == name_key(thing))
            below = "".join(f"{each}/" for each in draw(st.lists(NAMES, max_size=2)))
            number = f"{next(numbers):03}"
            path = draw(st.sampled_from(PATHS))(f"{root}{folder}/{below}{number}.png")
            files[path] = b"\x89PNG"
            shows[number] = name_key(thing)
    left_out = draw(st.lists(st.sampled_from(LEFTOVERS), max_size=3, unique=True))
    for name in left_out:
        files[f"{root}{things[0]}/{name.format('x')}"] = b"x"
    order = draw(st.permutations(list(files)))
    return Packed({path: files[path] for path in order}, shows, len(left_out))


def planned(data: bytes) -> tuple[Plan, dict[str, str]]:
    """The plan, and the category of each photo by its number."""
    plan = plan_archive(io.BytesIO(data), LIMITS)
    assert [row for row in plan.rows if row.code] == []
    numbers = [row.path.removesuffix(".png")[-3:] for row in plan.rows]
    assert len(set(numbers)) == len(numbers)
    return plan, {
        number: name_key(row.category) for number, row in zip(numbers, plan.rows, strict=True)
    }


made_up = settings(
    max_examples=CASES, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.parametrize("build", BUILDS)
@seed(SEED)
@made_up
@given(packed=archives())
def test_each_photo_shows_what_its_top_folder_is_called(build: str, packed: Packed):
    plan, found = planned(BUILDS[build](packed.files))
    assert found == packed.shows
    assert plan.left_out.count == packed.left_out
    assert not plan.is_guess


@pytest.mark.parametrize("build", BUILDS)
@seed(SEED)
@made_up
@given(
    packed=archives(),
    written=st.lists(st.sampled_from(PATHS), min_size=20, max_size=20),
    delimiter=st.sampled_from(",;\t"),
    mark=st.sampled_from(["", "\ufeff"]),
    beside=st.integers(0, 2),
    blank=st.booleans(),
)
def test_a_table_may_say_the_same_however_a_spreadsheet_writes_it(
    build: str,
    packed: Packed,
    written: list[Callable[[str], str]],
    delimiter: str,
    mark: str,
    beside: int,
    blank: bool,
):
    # The folders would say something else: the table alone knows.
    shows = {number: f"thing {thing}" for number, thing in packed.shows.items()}
    table = io.StringIO(mark)
    table.seek(0, io.SEEK_END)
    rows = csv.writer(table, delimiter=delimiter)
    rows.writerow(["file", "category", *[""] * beside])
    for at, path in enumerate(packed.files):
        number = path.removesuffix(".png")[-3:]
        if number in shows:
            said = written[at % len(written)](path)
            rows.writerow([said, shows[number], *[""] * beside])
        if blank:
            rows.writerow(["", "", *[""] * beside])
    files = {**packed.files, "manifest.csv": table.getvalue().encode()}
    plan, found = planned(BUILDS[build](files))
    assert found == {number: name_key(thing) for number, thing in shows.items()}
    assert (plan.manifest, plan.left_out.count) == ("manifest.csv", packed.left_out)
