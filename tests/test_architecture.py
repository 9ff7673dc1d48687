"""The tree, the import contracts and the drawing in docs/architecture.md say the same."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text()
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS = {contract["id"]: contract for contract in LINTER["contracts"]}

WALKS = ("A query", "An enrolment", "A row of an import")
MOST_STEPS = 15
MOST_MODULES = 23
"""Of a folder: about twenty are taken in at a glance."""


def drawing(name: str) -> list[str]:
    """The layers of a drawing, each without its description."""
    block = re.search(rf"^```{name}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert block, f"there is no drawing of {name}"
    return [re.split(r"\s{2,}", line)[0] for line in block[1].splitlines()]


def walk(title: str) -> list[str]:
    """The functions that a section numbers, in order."""
    section = PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    steps = re.findall(r"^(\d+)\. `([\w.]+)`", section, re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    return [name for _, name in steps]


def packages_and_modules(folder: Path) -> set[str]:
    return {
        path.stem
        for path in folder.iterdir()
        if (path.suffix == ".py" and path.stem != "__init__") or (path / "__init__.py").exists()
    }


def is_defined(name: str) -> bool:
    """Whether a dotted name is a function of a module, or a method of a class there."""
    module, _, rest = name.rpartition(".")
    if not (ROOT / f"{module.replace('.', '/')}.py").exists():
        module, _, owner = module.rpartition(".")
        rest = f"{owner}.{rest}"
    path = ROOT / f"{module.replace('.', '/')}.py"
    if not path.exists():
        return False
    body: list[ast.stmt] = ast.parse(path.read_text()).body
    for part in rest.split("."):
        found = [node for node in body if getattr(node, "name", None) == part]
        if not found:
            return False
        body = getattr(found[0], "body", [])
    return isinstance(found[0], ast.FunctionDef)


@pytest.mark.parametrize(("name", "contract"), [("layers", "layers"), ("services", "services")])
def test_the_drawing_is_the_contract(name, contract):
    assert drawing(name) == CONTRACTS[contract]["layers"]


def test_every_part_is_drawn():
    drawn = {part for layer in drawing("layers") for part in layer.split(" | ")}
    ignored = set(CONTRACTS["layers"]["exhaustive_ignores"])
    assert drawn | ignored == packages_and_modules(ROOT / "recognition")


def test_imports_keep_the_contracts():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_a_folder_can_be_taken_in_at_a_glance():
    modules = Counter(
        path.parent.relative_to(ROOT).as_posix()
        for folder in ("recognition", "oneshot_site")
        for path in (ROOT / folder).rglob("*.py")
        if path.name != "__init__.py" and path.parent.name != "migrations"
    )
    assert {folder: count for folder, count in modules.items() if count > MOST_MODULES} == {}


def test_no_module_takes_another_modules_private_names():
    taken = [
        f"{path.relative_to(ROOT)}: {node.module}.{alias.name}"
        for path in (ROOT / "recognition").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("recognition")
        for alias in node.names
        if alias.name.startswith("_")
    ]
    assert taken == []


@pytest.mark.parametrize("title", WALKS)
def test_a_walk_is_short_and_its_functions_exist(title):
    steps = walk(title)
    assert 5 <= len(steps) <= MOST_STEPS
    assert [name for name in steps if not is_defined(name)] == []


def test_the_page_names_files_that_exist():
    named = re.findall(r"`((?:recognition/|services/|core/|tests/)[\w/]+\.py)`", PAGE)
    places = (ROOT, ROOT / "recognition")
    assert [name for name in named if not any((place / name).exists() for place in places)] == []
