"""Picture the main pages of a running Oneshot with its demo, for the documentation.

Usage: python docs/screenshots/take.py [ADDRESS] [DATA_DIR] [PICTURE...]

Without names of pictures, all are taken.
"""

from __future__ import annotations

import secrets
import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

FOLDER = Path(__file__).parent
SIZE = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
PHONE_PICTURE = "phone"

# Of each picture its name, the page, and the demo's query that is dropped there.
PAGES = [
    ("gallery", "/g/demo/", ""),
    ("identify", "/g/demo/identify/", "chelsea-the-cat.jpg"),
    ("verify", "/g/demo/verify/?category=cup-of-coffee", "cup-of-coffee.jpg"),
    ("search", "/g/demo/search/?text=a+cat", ""),
    ("category", "/g/demo/c/chelsea-the-cat/", ""),
    ("review", "/g/demo/review/", ""),
    ("insights", "/g/demo/insights/", ""),
    (PHONE_PICTURE, "/g/demo/", ""),
]
LOOKED_BACK_ON = {"review", "insights"}


def main(address: str = "http://127.0.0.1:8000", data_dir: str = "var", *names: str) -> None:
    data = Path(data_dir)
    pages = [each for each in PAGES if not names or each[0] in names]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        if LOOKED_BACK_ON & {name for name, *_ in pages}:
            ask_and_measure(signed_in(browser, address, data, "light"), data)
        for scheme in ("light", "dark"):
            take(signed_in(browser, address, data, scheme), data, scheme, pages)
        browser.close()


def signed_in(browser: Browser, address: str, data: Path, scheme: str) -> Page:
    page = browser.new_page(viewport=SIZE, color_scheme=scheme, base_url=address)
    sign_in(page, data)
    return page


def ask_and_measure(page: Page, data: Path) -> None:
    """What the pages that look back have to show: queries with their answers, of which the matches
    are called right, and a measurement."""
    queries = sorted((data / "demo" / "queries").iterdir())
    page.goto("/g/demo/identify/")
    page.locator("[data-drop] input[type=file]").set_input_files(queries)
    page.locator("article.answer").nth(len(queries) - 1).wait_for()
    right = page.get_by_role("button", name="Right", exact=True)
    while left := right.count():
        right.first.click()
        expect(right).to_have_count(left - 1)
    page.goto("/g/demo/insights/")
    page.get_by_role("button", name="Measure now").click()
    page.get_by_text("Measured. The charts show it.").wait_for(timeout=120_000)
    page.close()


def take(page: Page, data: Path, scheme: str, pages: list[tuple[str, str, str]]) -> None:
    queries = data / "demo" / "queries"
    for name, path, dropped in pages:
        page.set_viewport_size(PHONE if name == PHONE_PICTURE else SIZE)
        page.goto(path)
        if dropped:
            page.locator("[data-drop] input[type=file]").set_input_files(queries / dropped)
            page.locator("article.answer").wait_for()
        page.wait_for_load_state("networkidle")
        picture(page, f"{name}-{scheme}")
    page.close()


def picture(page: Page, name: str) -> None:
    """In 256 colours, which halves the file and is hardly seen."""
    with Image.open(BytesIO(page.screenshot())) as shot:
        shot.convert("RGB").quantize(256).save(FOLDER / f"{name}.png", optimize=True)


def sign_in(page: Page, data: Path) -> None:
    """As the administrator, whose first password gives way to another one in the same file."""
    file = data / "admin_password"
    password = file.read_text().strip()
    page.goto("/login/")
    page.get_by_label("User name or e-mail").fill("admin")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/login/" not in address)
    if "/account/password/" in page.url:
        chosen = secrets.token_urlsafe(24)
        page.get_by_label("Present password").fill(password)
        page.get_by_label("New password", exact=True).fill(chosen)
        page.get_by_label("The new password again").fill(chosen)
        page.get_by_role("button", name="Change the password").click()
        page.get_by_text("Your password is changed.").wait_for()
        file.write_text(f"{chosen}\n")
        page.goto("/")
    page.get_by_role("heading", name="Galleries").wait_for()


if __name__ == "__main__":
    main(*sys.argv[1:])
