"""The measurement itself: an installation, its gallery, its web server, a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from recognition.benchmarks.inference.processes import default_models_dir
from recognition.benchmarks.inference.server import (
    Server,
    installation,
    web_server,
)
from recognition.benchmarks.pages.painted import NoBrowser, Painted, chromium, painted
from recognition.benchmarks.pages.report import Row
from recognition.benchmarks.pages.served import Picture, pictures, seconds
from recognition.benchmarks.pages.shown import Survey, survey

_FILL = "recognition.benchmarks.pages.fill"


@dataclass(frozen=True, slots=True)
class Measured:
    """``no_browser`` says why there is no weight and no paint; ``left_out`` what is no page."""

    rows: Sequence[Row]
    pictures: Sequence[Picture]
    no_browser: str
    left_out: Mapping[str, Sequence[str]]


def measure(sizes: tuple[int, int, int], rounds: int, only: Sequence[str]) -> Measured:
    """``sizes`` are references, categories and queries."""
    models_dir = default_models_dir().resolve()
    with installation("bundled", models_dir=models_dir, threads=0) as installed:
        installed.run("-m", "django", "collectstatic", "--noinput", "--verbosity", "0")
        installed.run("-m", _FILL, *map(str, sizes))
        found = survey(installed, only)
        with web_server(installed) as server:
            times = seconds(server, found, rounds)
            paints, no_browser = _paints(server, found)
            sent = pictures(server, found)
    rows = [
        Row(
            page.name,
            page.is_page,
            median(times[page.name]),
            max(times[page.name]),
            page.queries,
            *((paint.weight_bytes, paint.paint_ms) if (paint := paints.get(page.name)) else ()),
        )
        for page in found.shown
    ]
    return Measured(rows, sent, no_browser, found.left_out)


def _paints(server: Server, found: Survey) -> tuple[dict[str, Painted], str]:
    """By name of the page; without a browser none, and why."""
    origin = f"http://127.0.0.1:{server.port}"
    try:
        with chromium() as browser:
            return {
                page.name: painted(browser, origin, page, found.session)
                for page in found.shown
                if page.is_page
            }, ""
    except NoBrowser as why:
        return {}, str(why)
