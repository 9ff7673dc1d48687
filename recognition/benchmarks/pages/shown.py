"""What is measured of a page, and the pages that there are to measure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from recognition.benchmarks.inference.server import Installation

_INSIDE = "recognition.benchmarks.pages.inside"


@dataclass(frozen=True, slots=True)
class Shown:
    """An address that shows something: a page, or a part that a page loads once it is there.

    ``queries`` are the database's; ``signed_in`` is false where only strangers are shown it.
    """

    name: str
    path: str
    queries: int
    is_page: bool
    signed_in: bool


@dataclass(frozen=True, slots=True)
class Survey:
    """``pictures`` are paths by name; ``left_out`` names what shows nothing, by the reason."""

    session: str
    shown: Sequence[Shown]
    pictures: Mapping[str, str]
    left_out: Mapping[str, Sequence[str]]


def survey(installed: Installation, only: Sequence[str]) -> Survey:
    """What an installation's own process finds; ``only`` are patterns of names."""
    output = json.loads(installed.run("-m", _INSIDE).splitlines()[-1])
    shown = [Shown(**each) for each in output["shown"]]
    wanted = [each for each in shown if any(fnmatch(each.name, pattern) for pattern in only)]
    return Survey(output["session"], wanted, output["pictures"], output["left_out"])
