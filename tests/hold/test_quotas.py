"""What a gallery and a user may keep, in bytes, by every way in, and how they see it."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from recognition.core.errors import QuotaExceeded
from recognition.models import Negative, Query, Reference
from recognition.selectors.usage import KEPT, bytes_of_gallery, bytes_of_user
from recognition.services import quotas
from recognition.services.bundles.export_gallery import export_gallery
from recognition.services.bundles.import_gallery import import_gallery
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.negatives.add import add_negatives
from recognition.services.queries.forget_queries import forget_queries
from recognition.services.recognition.identify import identify
from recognition.services.recognition.verify import verify
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_reference
from recognition.services.storage.measure_files import measure_files
from recognition.worker.take_turn import take_turn
from tests.archives.builders import image_bytes, zip_of
from tests.photos import another_view, photo
from tests.services.imports.running import report, start

pytestmark = pytest.mark.django_db
ROOM = 10_000_000


@pytest.fixture(autouse=True)
def measured_now(monkeypatch) -> None:
    """Galleries of other tests have had the same numbers."""
    monkeypatch.setattr(quotas, "_used", {})


@pytest.fixture
def limits(settings):
    def limit(**given: int) -> None:
        settings.RECOGNITION = {**settings.RECOGNITION, **given}

    return limit


def fill(gallery, user) -> None:
    """Something of all that is kept with files, by each way that stores them."""
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True, user=user)
    add_negatives(gallery=gallery, files=[ContentFile(photo("rocket.jpg"), name="rocket.jpg")])
    identify(gallery=gallery, data=another_view("chelsea.png"), user=user)
    take_turn(start(gallery, zip_of({"mug/1.png": image_bytes(1), "cup/2.png": image_bytes(2)})).pk)


def on_disk(model) -> int:
    fields = ("image", "thumbnail") if model is not Query else ("image",)
    rows = model.objects.values_list(*fields)
    return sum(default_storage.size(name) for row in rows for name in row if name)


def test_every_way_in_counts_what_it_stores(gallery, alice):
    fill(gallery, alice)
    other = import_gallery(
        bundle=ContentFile(b"".join(export_gallery(gallery=gallery, images=True))),
        owner=alice,
        slug="other",
    )
    kept = {model: on_disk(model) for model in KEPT}
    assert all(kept.values())
    for model, size in kept.items():
        assert sum(model.objects.values_list("stored_bytes", flat=True)) == size
    assert bytes_of_gallery(gallery) + bytes_of_gallery(other) == sum(kept.values())
    assert bytes_of_user(alice) == sum(kept.values())


def test_what_an_older_version_stored_is_measured(gallery, alice):
    fill(gallery, alice)
    before = bytes_of_gallery(gallery)
    for model in KEPT:
        model.objects.update(stored_bytes=None)
    missing = Negative.objects.get()
    default_storage.delete(missing.image.name)
    assert bytes_of_gallery(gallery) == 0
    assert measure_files() == 5
    assert 0 < bytes_of_gallery(gallery) < before
    assert measure_files() == 0


def test_a_gallery_that_is_full_takes_nothing_more(gallery, alice, as_alice, limits):
    fill(gallery, alice)
    limits(max_gallery_bytes=bytes_of_gallery(gallery))
    with pytest.raises(QuotaExceeded, match="ONESHOT_MAX_GALLERY_BYTES"):
        enrol(gallery=gallery, category="cat", data=photo("coffee.png"))
    with pytest.raises(QuotaExceeded):
        identify(gallery=gallery, data=photo("coffee.png"))
    with pytest.raises(QuotaExceeded):
        verify(gallery=gallery, data=photo("coffee.png"), category="cat")
    with pytest.raises(QuotaExceeded):
        add_negatives(gallery=gallery, files=[ContentFile(photo("coffee.png"), name="c.png")])
    job = start(gallery, zip_of({"mug/3.png": image_bytes(3)}))
    take_turn(job.pk)
    assert report(job) == {"mug/3.png": ("failed", "quota_exceeded")}
    assert [model.objects.count() for model in KEPT] == [3, 1, 1]
    # What goes makes room at once.
    remove_reference(gallery=gallery, reference=Reference.objects.order_by("pk")[0])
    enrol(gallery=gallery, category="cat", data=image_bytes(4))


def test_what_is_not_kept_takes_no_room(gallery, alice, limits):
    gallery.query_images = False
    gallery.save()
    limits(max_gallery_bytes=1)
    identify(gallery=gallery, data=photo("coffee.png"))
    assert bytes_of_gallery(gallery) == 0


def test_images_of_queries_that_are_forgotten_make_room(gallery, alice):
    identify(gallery=gallery, data=photo("coffee.png"))
    assert bytes_of_gallery(gallery) > 0
    gallery.query_images = False
    gallery.save()
    forget_queries()
    assert bytes_of_gallery(gallery) == 0


def test_all_galleries_of_a_user_count_together(gallery, alice, bob, limits):
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    other = create_gallery(name="Other", owner=alice)
    limits(max_user_bytes=bytes_of_user(alice) + 10)
    with pytest.raises(QuotaExceeded, match="ONESHOT_MAX_USER_BYTES"):
        enrol(gallery=other, category="cat", data=photo("chelsea.png"), create=True)
    bobs = create_gallery(name="Bob's", owner=bob)
    enrol(gallery=bobs, category="cat", data=image_bytes(1, size=32), create=True)


def test_an_owner_sees_what_is_used(gallery, alice, as_alice, as_victor, limits):
    fill(gallery, alice)
    limits(max_gallery_bytes=ROOM)
    told = as_alice.get("/api/v1/galleries/pets/quotas/").json()["quotas"]
    found = {each["what"]: (each["used"], each["limit"]) for each in told}
    assert found == {
        "categories": (3, 100_000),
        "references": (3, 1_000_000),
        "queries": (1, None),
        "bytes": (bytes_of_gallery(gallery), ROOM),
        "owner_galleries": (1, 200),
        "owner_bytes": (bytes_of_user(alice), None),
    }
    page = reverse("dashboard:settings", args=["pets"])
    assert "9.5\u00a0MB" in as_alice.get(page).content.decode()
    assert "9.5\u00a0MB" not in as_victor.get(page).content.decode()
