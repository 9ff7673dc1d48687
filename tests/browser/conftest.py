"""A real browser against the real service, with the real encoder."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from recognition.models import Reference
from recognition.services.categories.create_category import create_category
from recognition.services.references.enrol import enrol
from tests.photos import another_view, photo

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ARGUMENTS += ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
FRAMES = 20

# The first answer waits for the encoder to be loaded.
expect.set_options(timeout=30_000)

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="chromium is not installed"))


@pytest.fixture(scope="module")
def chromium(django_db_setup, tmp_path_factory) -> Iterator[Browser]:
    """With a camera that sees the cat."""
    film = tmp_path_factory.mktemp("camera") / "cat.mjpeg"
    film.write_bytes(frame(another_view("chelsea.png")) * FRAMES)
    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        # Playwright keeps an event loop in the thread that the tests' own queries run in.
        patched.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*ARGUMENTS, f"--use-file-for-fake-video-capture={film}"],
        )
        yield browser
        browser.close()


def frame(data: bytes) -> bytes:
    """As a camera's sensor gives it: Chromium's fake one wants an even number of pixels."""
    buffer = BytesIO()
    with Image.open(BytesIO(data)) as image:
        image.resize((640, 480)).save(buffer, "JPEG")
    return buffer.getvalue()


# What the policy forbids is said as an error, whatever the browser makes of it.
TELL_OF_VIOLATIONS = """document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));"""


class Trouble(list[str]):
    """What went wrong on a page without its user seeing it: an error or a warning in the console,
    a request to elsewhere, a violation of the Content-Security-Policy."""

    def watch(self, page: Page, origin: str) -> None:
        page.on("console", lambda said: self._console(said.type, said.text))
        page.add_init_script(TELL_OF_VIOLATIONS)
        page.on("pageerror", lambda error: self.append(f"error: {error}"))
        page.on("request", lambda request: self._request(request.url, origin))

    def _console(self, kind: str, words: str) -> None:
        if kind in {"error", "warning"}:
            self.append(f"{kind}: {words}")

    def _request(self, url: str, origin: str) -> None:
        if not url.startswith((origin, "blob:")):
            self.append(f"off the origin: {url}")


@pytest.fixture(params=SIZES)
def size(request) -> tuple[int, int]:
    return SIZES[request.param]


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def page(visit, alice) -> Page:
    """Signed in as Alice; nothing may go wrong behind her back."""
    return visit(alice)


@pytest.fixture
def visit(chromium, live_server, size, gallery, trouble) -> Iterator[Callable[[User], Page]]:
    """A browser of its own for whoever comes."""
    contexts = []

    def enter(user: User) -> Page:
        context = context_of(chromium, live_server.url, size)
        contexts.append(context)
        context.add_cookies(
            [{"name": "sessionid", "value": session_of(user), "url": live_server.url}]
        )
        page = context.new_page()
        trouble.watch(page, live_server.url)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert trouble == []


def context_of(chromium: Browser, url: str, size: tuple[int, int]) -> BrowserContext:
    width, height = size
    return chromium.new_context(viewport={"width": width, "height": height}, base_url=url)


def session_of(user: User) -> str:
    """A signed-in session, as a browser's cookie holds it: the form is a story of its own."""
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.fixture
def pets(gallery, alice) -> list[Reference]:
    """A cat and a cup by one photo each, and a rocket by its description."""
    create_category(gallery=gallery, name="Rocket", prompts=["a rocket on its launch pad"])
    references = []
    for name, file in (("Cat", "chelsea.png"), ("Cup", "coffee.png")):
        category = create_category(gallery=gallery, name=name)
        references.append(
            enrol(gallery=gallery, category=category.slug, data=photo(file)).reference
        )
    return references


def drop(page: Page, *files: Path) -> None:
    page.locator("[data-drop] input[type=file]").first.set_input_files(
        [str(file) for file in files]
    )


def answer(page: Page, at: int = 0) -> Locator:
    return page.locator("article.answer").nth(at)


@pytest.fixture
def photos(tmp_path) -> Path:
    """Files to drop: other views of what is enrolled, and something that is not."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for name, data in {
        "cat.jpg": another_view("chelsea.png"),
        "cup.jpg": another_view("coffee.png"),
        "coins.jpg": another_view("coins.png"),
        "coins_again.png": photo("coins.png"),
        "text.jpg": b"this is no image",
    }.items():
        (folder / name).write_bytes(data)
    return folder
