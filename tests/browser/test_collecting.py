"""How a gallery comes to hold what it holds, and who may make it so."""

from __future__ import annotations

from threading import Thread

import pytest
from django.db import connection
from playwright.sync_api import expect

from recognition.models import Category, Gallery, Job
from recognition.worker.take_turn import take_turn
from tests.browser.conftest import answer, drop
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_an_empty_installation_to_a_first_right_answer(page, photos):
    Gallery.objects.all().delete()
    page.goto("/")
    page.keyboard.type("Old coins")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing to recognise yet")).to_be_visible()
    drop(page, photos / "coins_again.png")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Try it with another photo").click()
    drop(page, photos / "coins.jpg")
    expect(answer(page).get_by_role("heading", name="coins again")).to_be_visible()


def test_a_folder_is_imported_while_its_progress_is_seen(page, tmp_path):
    folder = tmp_path / "Sammlung"
    for name, data in {
        "Katzen/chelsea.png": photo("chelsea.png"),
        "Töpfe/coffee.jpg": another_view("coffee.png"),
        "Töpfe/text.jpg": b"this is no image",
        f"Töpfe/{'lang ' * 30}.png": photo("coffee.png"),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    page.goto("/g/pets/imports/")
    page.locator("input[webkitdirectory]").set_input_files(folder)
    expect(page.get_by_text("4 files in 2 folders")).to_be_visible()
    page.get_by_role("button", name="Plan the import").click()
    expect(page.get_by_role("button", name="Cancel import")).to_be_visible()
    work(Job.objects.get())
    expect(page.get_by_role("heading", name="4 photos of 2 categories")).to_be_visible()
    page.get_by_role("button", name="Add 4 photos").click()
    page.goto("/g/pets/")
    work(Job.objects.get())
    page.goto("/g/pets/imports/")
    page.locator("ul.rows a").first.click()
    expect(page.get_by_text("4 of 4 files")).to_be_visible()
    expect(page.get_by_role("cell", name="image_unsupported")).to_be_visible()
    page.get_by_role("link", name="Show categories").click()
    expect(page.locator("#tiles h2")).to_have_text(["Töpfe", "Katzen"])


def test_an_import_that_is_watched_tells_its_end(page, tmp_path):
    page.goto("/g/pets/imports/")
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat" / "chelsea.png").write_bytes(photo("chelsea.png"))
    page.locator("input[webkitdirectory]").set_input_files(tmp_path / "cat")
    page.get_by_role("button", name="Plan the import").click()
    expect(page.get_by_role("button", name="Cancel import")).to_be_visible()
    work(Job.objects.get())
    words = "The plan is ready. Confirm it, or cancel the import."
    expect(page.locator("#announcements")).to_have_text(words)
    page.get_by_role("button", name="Add 1 photo").click()
    expect(page.get_by_text("Nothing has been added yet")).to_be_hidden()
    work(Job.objects.get())
    expect(page.get_by_text("1 of 1 file")).to_be_visible()
    expect(page.locator("#announcements")).to_have_text("The import has succeeded: 1 enrolled.")


def test_who_goes_back_finds_the_place(page, gallery):
    Category.objects.bulk_create(
        Category(gallery=gallery, slug=f"thing-{number}", name=f"Thing {number:03}")
        for number in range(150)
    )
    page.goto("/g/pets/")
    last = page.get_by_role("link", name="Thing 149")
    while not last.count():
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(50)
    last.scroll_into_view_if_needed()
    last.click()
    expect(page.get_by_role("heading", name="Thing 149", level=1)).to_be_visible()
    page.go_back()
    expect(last).to_be_in_viewport()
    page.reload()
    expect(page.get_by_role("link", name="Thing 000")).to_have_count(1)
    expect(last).to_have_count(1)


def test_a_viewer_does_not_see_what_an_owner_sees(visit, pets, alice, victor):
    owner, viewer = visit(alice), visit(victor)
    for page in (owner, viewer):
        page.goto("/g/pets/c/cat/")
        if (more := page.get_by_role("button", name="More")).is_visible():
            more.click()
    for name in ("Import", "Log"):
        expect(owner.get_by_role("link", name=name, exact=True)).to_be_visible()
        expect(viewer.get_by_role("link", name=name, exact=True)).to_have_count(0)
    expect(owner.get_by_role("button", name="Remove the reference")).to_have_count(1)
    for page in (owner, viewer):
        page.goto("/g/pets/")
    expect(owner.get_by_role("link", name="Add categories")).to_be_visible()
    expect(viewer.get_by_role("link", name="Identify a photo")).to_be_visible()
    expect(viewer.locator("main form:not([role=search]), main [data-drop]")).to_have_count(0)
    assert viewer.request.get("/g/pets/imports/").status == 403


def work(job: Job) -> None:
    """The worker's turn, in a thread of its own as a worker has it."""

    def turn() -> None:
        take_turn(job.pk)
        connection.close()

    worker = Thread(target=turn)
    worker.start()
    worker.join()
