"""Picture the main pages of a running Oneshot with its demo, for the documentation.

Usage: python docs/screenshots/take.py [ADDRESS] [DATA_DIR]
"""

from __future__ import annotations

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).parent
SIZE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}

# Of each picture its name, the page, and the demo's query that is dropped there.
PAGES = [
    ("gallery", "/g/demo/", ""),
    ("identify", "/g/demo/identify/", "chelsea-the-cat.jpg"),
    ("verify", "/g/demo/verify/?category=cup-of-coffee", "cup-of-coffee.jpg"),
    ("search", "/g/demo/search/?text=a+cat", ""),
    ("category", "/g/demo/c/chelsea-the-cat/", ""),
]


def main(address: str = "http://127.0.0.1:8000", data_dir: str = "var") -> None:
    data = Path(data_dir)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for scheme in ("light", "dark"):
            take(browser, address, data, scheme)
        browser.close()


def take(browser: Browser, address: str, data: Path, scheme: str) -> None:
    page = browser.new_page(viewport=SIZE, color_scheme=scheme, base_url=address)
    sign_in(page, (data / "admin_password").read_text().strip())
    queries = data / "demo" / "queries"
    for name, path, dropped in PAGES:
        page.goto(path)
        if dropped:
            page.locator("[data-drop] input").set_input_files(queries / dropped)
            page.locator("article.answer").wait_for()
        page.wait_for_load_state("networkidle")
        picture(page, f"{name}-{scheme}")
    page.set_viewport_size(PHONE)
    page.goto("/g/demo/", wait_until="networkidle")
    picture(page, f"phone-{scheme}")
    page.close()


def picture(page: Page, name: str) -> None:
    """In 256 colours, which halves the file and is hardly seen."""
    with Image.open(BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").quantize(256).save(FOLDER / f"{name}.png", optimize=True)


def sign_in(page: Page, password: str) -> None:
    page.goto("/login/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Galleries").wait_for()


if __name__ == "__main__":
    main(*sys.argv[1:])
