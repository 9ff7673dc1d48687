"""The console's font is small, and draws every icon that a page shows."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from django.urls import reverse
from fontTools.ttLib import TTFont

from oneshot_site.icons import FONT, ligatures
from recognition.models import Gallery, Reference
from recognition.services.categories.create_category import create_category
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.admin.test_admin import MODELS, url_of
from tests.photos import photo

pytestmark = pytest.mark.django_db

MANY_BYTES = 40_000


class Icons(HTMLParser):
    """The names that stand where the font draws icons."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.shown: set[str] = set()
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = "material-symbols-outlined" in (dict(attrs).get("class") or "").split()

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside and data.strip():
            self.shown.add(data.strip())


@pytest.fixture(scope="module")
def font() -> Path:
    return Path(find(FONT))


@pytest.fixture
def filled(gallery, alice) -> Gallery:
    create_category(gallery=gallery, name="Cat", prompts=["a cat"])
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"))
    identify(gallery=gallery, data=photo("chelsea.png"))
    return gallery


def shown(client: Client, *addresses: str) -> set[str]:
    return {
        icon
        for address in addresses
        for icon in Icons(client.get(address, follow=True).content.decode()).shown
    }


def test_every_icon_that_a_page_shows_is_drawn(filled, boss, font):
    addresses = [reverse("admin:index")]
    for model in MODELS:
        addresses.append(url_of(model, "changelist"))
        addresses.append(url_of(model, "changelist") + "?q=nothing+is+called+so")
        if row := model.objects.first():
            addresses += [url_of(model, view, row.pk) for view in ("change", "delete", "history")]
    for model in ("user", "group"):
        addresses += [reverse(f"admin:auth_{model}_{view}") for view in ("changelist", "add")]
    addresses.append(reverse("admin:search") + "?s=cat")
    icons = shown(boss, *addresses)
    assert {"search", "space_dashboard", "photo_library", "upload"} <= icons
    assert icons <= ligatures(TTFont(font)).keys()


def test_the_font_holds_little_else(font):
    assert font.stat().st_size < MANY_BYTES
    assert len(ligatures(TTFont(font))) < 500


def test_an_icon_of_a_question_is_drawn_too(filled, boss, font):
    chosen = {"action": "move", "_selected_action": [Reference.objects.get().pk]}
    page = boss.post(url_of(Reference, "changelist"), chosen, follow=True).content.decode()
    assert Icons(page).shown <= ligatures(TTFont(font)).keys()
