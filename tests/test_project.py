"""What those who carry on rely on: checks that are the same everywhere, and a changelog."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from packaging.version import Version

from recognition import __version__

ROOT = Path(__file__).resolve().parent.parent


def test_commits_are_checked_as_make_check_does():
    recipe = (ROOT / "Makefile").read_text().partition("\ncheck:")[2].partition("\n\n")[0]
    commands = re.findall(r"^\t\$\(BIN\)/(.+)$", recipe, re.MULTILINE)
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    entries = [hook["entry"].removeprefix(".venv/bin/") for hook in hooks]
    # Templates are named by make, and by pre-commit itself.
    assert entries == [command.partition(" $$(")[0] for command in commands]


def test_the_changelog_tells_of_the_version():
    headings = re.findall(
        r"^## \[(.+?)\](?: - \d{4}-\d\d-\d\d)?$",
        (ROOT / "CHANGELOG.md").read_text(),
        re.MULTILINE,
    )
    unreleased, latest, *_ = headings
    assert unreleased == "Unreleased"
    version = Version(__version__)
    assert version == Version(latest) or (version.is_devrelease and version > Version(latest))


def test_every_decision_has_its_parts_and_is_listed():
    folder = ROOT / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text())
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert listed == records
    for name in records:
        parts = re.findall(r"^## (.+)$", (folder / name).read_text(), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"], name
