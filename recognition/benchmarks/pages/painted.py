"""What a browser that knows nothing yet loads for a page, and when it first shows some of it.

First contentful paint is W3C's (https://www.w3.org/TR/paint-timing/); weight is what came over the
wire, headers and all, before images (Chrome DevTools Protocol, ``Network.loadingFinished``).
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from recognition.benchmarks.pages.report import PAINT_MS
from recognition.benchmarks.pages.shown import Shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
_WIDTH, _HEIGHT = 1280, 900
_LOOKS = 3
_PICTURES = {"Image", "Media"}
_PAINT = """() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime"""


class NoBrowser(Exception):
    """Why there is none."""


@dataclass(frozen=True, slots=True)
class Painted:
    weight_bytes: int
    paint_ms: float


@contextmanager
def chromium() -> Iterator[Browser]:
    """Raises NoBrowser."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise NoBrowser("playwright is not installed") from None
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=found, args=_ARGUMENTS)
        except Error as error:
            raise NoBrowser(f"Chromium did not start: {error.message.splitlines()[0]}") from None
        yield browser
        browser.close()


def painted(browser: Browser, origin: str, shown: Shown, session: str) -> Painted:
    """The soonest of some looks, where the first is late: a busy machine delays a page, and never
    hastens it."""
    looks = [_look(browser, origin, shown, session)]
    while looks[-1].paint_ms > PAINT_MS and len(looks) < _LOOKS:
        looks.append(_look(browser, origin, shown, session))
    return min(looks, key=lambda look: look.paint_ms)


def _look(browser: Browser, origin: str, shown: Shown, session: str) -> Painted:
    """In a context of its own, so that nothing is cached."""
    context = browser.new_context(viewport={"width": _WIDTH, "height": _HEIGHT}, base_url=origin)
    if shown.signed_in:
        name = settings.SESSION_COOKIE_NAME
        context.add_cookies([{"name": name, "value": session, "url": origin}])
    try:
        page = context.new_page()
        weights = _weighed(page)
        page.goto(shown.path, wait_until="networkidle")
        paint = page.wait_for_function(_PAINT).json_value()
        return Painted(sum(weights.values()), float(paint))
    finally:
        context.close()


def _weighed(page: Page) -> dict[str, int]:
    """Bytes by request, filled as they come."""
    wire = page.context.new_cdp_session(page)
    pictures: set[str] = set()
    weights: dict[str, int] = {}

    def respond(event: dict[str, Any]) -> None:
        if event["type"] in _PICTURES:
            pictures.add(event["requestId"])

    def finish(event: dict[str, Any]) -> None:
        if event["requestId"] not in pictures:
            weights[event["requestId"]] = event["encodedDataLength"]

    wire.on("Network.responseReceived", respond)
    wire.on("Network.loadingFinished", finish)
    wire.send("Network.enable")
    return weights
