"""Every page, both schemes: no violation that axe-core finds, and no scrolling sideways."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from recognition.services.recognition.identify import identify
from tests.browser.conftest import SIZES
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = [
    "/",
    "/new/",
    "/g/pets/",
    "/g/pets/#add",
    "/g/pets/kiosk/",
    "/g/pets/c/cat/",
    "/g/pets/c/rocket/",
    "/g/pets/identify/",
    "/g/pets/search/?text=a+cat",
    "/g/pets/verify/",
    "/g/pets/queries/",
    "/g/pets/imports/",
    *(
        f"/g/pets/settings/{section}"
        for section in (
            "",
            "members/",
            "keys/",
            "encoder/",
            "retention/",
            "webhooks/",
            "export/",
            "delete/",
        )
    ),
]


def violations(page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for each in found
        for node in each["nodes"]
    ]


LOOKS = [("light", "desktop"), ("dark", "phone")]
ALL_LOOKS = [*LOOKS, ("dark", "desktop"), ("light", "phone")]


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_no_page_shuts_anybody_out(page, pets, gallery, alice):
    asked = [
        identify(gallery=gallery, data=data, user=alice).query.public_id
        for data in (another_view("chelsea.png"), photo("coins.png"))
    ]
    for url in [*PAGES, *(f"/g/pets/queries/{query}/" for query in asked)]:
        page.goto(url)
        for scheme, size in ALL_LOOKS if url == "/g/pets/" else LOOKS:
            width, height = SIZES[size]
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            assert violations(page) == [], (url, scheme, size)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_signing_in_shuts_nobody_out(scheme, chromium, live_server):
    page = chromium.new_page(color_scheme=scheme, base_url=live_server.url)
    page.goto("/login/")
    assert violations(page) == []
    page.close()
