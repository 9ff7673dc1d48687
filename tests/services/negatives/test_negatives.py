"""Photos of things that are not in a gallery: impostors by which its threshold becomes surer."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageEnhance, ImageFilter

from recognition.core.errors import Conflict, InvalidInput
from recognition.models import (
    AuditAction,
    AuditEntry,
    Category,
    Embedding,
    FileDeletion,
    Gallery,
    Negative,
    NegativeEmbedding,
)
from recognition.selectors.support import strangers_of
from recognition.services.matching.gallery_model import current, fitted
from recognition.services.negatives import add
from recognition.services.negatives.add import Added, add_negatives
from recognition.services.negatives.remove import remove_all_negatives, remove_negative
from recognition.services.recognition.identify import identify
from recognition.services.recognition.search import search
from recognition.services.references.enrol import enrol
from recognition.services.removal import remove_gallery
from tests.photos import photo

pytestmark = pytest.mark.django_db
COINS = 24
GIVEN = range(1, 11)
STRANGERS = range(11, COINS)


@cache
def coin(number: int, *, again: bool = False) -> bytes:
    """One of the 24 Greek coins of a photo that scikit-image ships; ``again``: turned a little,
    nearer and in other light."""
    with Image.open(BytesIO(photo("coins.png"))) as opened:
        image = opened.convert("RGB")
    width, height = image.width / 6, image.height / 4
    row, column = divmod(number, 6)
    box = (column * width, row * height, (column + 1) * width, (row + 1) * height)
    image = image.crop(tuple(map(int, box)))
    if again:
        turned = image.rotate(5, resample=Image.Resampling.BICUBIC)
        image = turned.crop((5, 6, turned.width - 5, turned.height - 6))
        image = ImageEnhance.Brightness(image).enhance(0.85)
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def give(gallery: Gallery, photos: dict[str, bytes], **options) -> Added:
    files = [ContentFile(data, name=name) for name, data in photos.items()]
    return add_negatives(gallery=gallery, files=files, **options)


def coins(numbers) -> dict[str, bytes]:
    return {f"coin-{number}.png": coin(number) for number in numbers}


def files_of(negative: Negative) -> list[str]:
    return [negative.image.name, negative.thumbnail.name]


def decision(gallery: Gallery, data: bytes) -> str:
    return identify(gallery=gallery, data=data, keep=False).answer["decision"]


@pytest.fixture
def mint(gallery: Gallery) -> Gallery:
    """A gallery of one coin."""
    enrol(gallery=gallery, category="owl", data=coin(0), create=True, advise=False)
    return gallery


def test_with_ten_of_them_the_only_category_is_recognised_and_strangers_are_not(mint):
    assert decision(mint, coin(0, again=True)) != "match"
    assert len(give(mint, coins(GIVEN)).kept) == 10
    assert decision(mint, coin(0, again=True)) == "match"
    asked = {number: decision(mint, coin(number)) for number in [*GIVEN, *STRANGERS]}
    assert {number for number, each in asked.items() if each == "match"} == set()


def test_they_are_never_what_is_found(mint):
    give(mint, coins(GIVEN))
    found = search(gallery=mint, data=coin(1), limit=50)["results"]
    assert {each["category"] for each in found} == {"owl"}
    assert Embedding.objects.count() == 1


def test_every_process_learns_them_from_the_next_question_on(mint):
    before = fitted(current(mint))
    give(mint, coins(GIVEN))
    after = fitted(current(mint))
    assert len(before.model.background.own) == 0
    assert len(after.model.background.own) == 10


def test_what_cannot_be_used_is_told_by_its_name_and_the_rest_is_kept(mint):
    added = give(mint, {"notes.txt": b"words", "none.png": b"", **coins([1, 2])})
    assert [each.name for each in added.kept] == ["coin-1.png", "coin-2.png"]
    told = {each.name: each.code for each in added.refused}
    assert told == {"notes.txt": "image_unsupported", "none.png": "image_empty"}
    assert Negative.objects.count() == 2


def test_a_file_beyond_the_limit_is_not_read(mint, settings):
    class Unread(ContentFile):
        def read(self, *_: object) -> bytes:
            raise AssertionError("it was read")

    settings.RECOGNITION = {**settings.RECOGNITION, "max_image_bytes": 1000}
    [refused] = add_negatives(gallery=mint, files=[Unread(coin(1), name="huge.png")]).refused
    assert (refused.name, refused.code) == ("huge.png", "image_too_large")


def test_the_same_file_is_told_and_not_kept_twice(mint):
    give(mint, coins([1]))
    added = give(mint, {"again.png": coin(1), "new.png": coin(2), "twin.png": coin(2)})
    assert [each.name for each in added.kept] == ["new.png"]
    assert {each.name: each.code for each in added.refused} == {
        "again.png": "duplicate",
        "twin.png": "duplicate",
    }
    assert Negative.objects.count() == 2


def test_a_photo_of_something_enrolled_is_not_counted_unless_confirmed(gallery):
    enrol(gallery=gallery, category="cat", data=photo("chelsea.png"), create=True)
    enrol(gallery=gallery, category="cup", data=photo("coffee.png"), create=True)
    look = photo("chelsea.png")
    added = give(gallery, {"visitor.jpg": look, "rocket.jpg": photo("rocket.jpg")})
    assert [each.name for each in added.kept] == ["rocket.jpg"]
    [doubtful] = added.doubtful
    assert (doubtful.name, doubtful.category.slug) == ("visitor.jpg", "cat")
    assert Negative.objects.count() == 1
    assert [each.name for each in give(gallery, {"it.jpg": look}, force=True).kept] == ["it.jpg"]
    assert Negative.objects.count() == 2


def test_a_gallery_that_knows_nothing_takes_them(gallery):
    assert len(give(gallery, coins([1, 2])).kept) == 2
    enrol(gallery=gallery, category="owl", data=coin(0), create=True)
    assert len(fitted(current(gallery)).model.background.own) == 2


def test_none_and_too_many_are_refused_whole(mint, monkeypatch):
    with pytest.raises(InvalidInput):
        add_negatives(gallery=mint, files=[])
    with pytest.raises(InvalidInput):
        give(mint, {str(number): b"x" for number in range(101)})
    monkeypatch.setattr(add, "MAX_NEGATIVES", 2)
    with pytest.raises(Conflict, match="at most 2"):
        give(mint, coins([1, 2, 3]))
    assert not Negative.objects.exists()
    assert not default_storage.exists(f"galleries/{mint.pk}/negatives")


def test_what_fails_in_the_end_leaves_no_row_and_no_file(mint, monkeypatch):
    def failing(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(add, "record", failing)
    with pytest.raises(RuntimeError):
        give(mint, coins([1, 2]))
    assert not Negative.objects.exists()
    assert not FileDeletion.objects.exists()
    assert default_storage.listdir(f"galleries/{mint.pk}/negatives") == ([], [])
    assert default_storage.listdir(f"galleries/{mint.pk}/negative-thumbnails") == ([], [])


def test_a_removed_one_leaves_no_row_no_vector_and_no_file(
    mint, django_capture_on_commit_callbacks
):
    first, second = (each.negative for each in give(mint, coins([1, 2])).kept)
    assert all(map(default_storage.exists, files_of(first) + files_of(second)))
    with django_capture_on_commit_callbacks(execute=True):
        remove_negative(gallery=mint, negative=first)
    assert list(Negative.objects.all()) == [second]
    assert NegativeEmbedding.objects.get().negative == second
    assert not any(map(default_storage.exists, files_of(first)))
    assert all(map(default_storage.exists, files_of(second)))
    assert not FileDeletion.objects.exists()
    known = fitted(current(mint)).model.background.own
    assert (known == strangers_of(mint)).all()
    assert len(known) == 1


def test_all_of_a_gallery_go_and_no_other_gallerys(mint, alice, django_capture_on_commit_callbacks):
    from recognition.services.galleries.create_gallery import create_gallery

    other = create_gallery(name="Other", owner=alice)
    [elsewhere] = give(other, coins([1])).kept
    give(mint, coins([1, 2, 3]))
    with django_capture_on_commit_callbacks(execute=True):
        assert remove_all_negatives(gallery=mint) == 3
    assert remove_all_negatives(gallery=mint) == 0
    assert list(Negative.objects.all()) == [elsewhere.negative]
    assert default_storage.listdir(f"galleries/{mint.pk}/negatives") == ([], [])


def test_they_go_with_their_gallery(mint, django_capture_on_commit_callbacks):
    kept = give(mint, coins([1, 2])).kept
    with django_capture_on_commit_callbacks(execute=True):
        remove_gallery(gallery=mint)
    assert not Negative.objects.exists()
    assert not any(
        default_storage.exists(file) for each in kept for file in files_of(each.negative)
    )


def test_who_gave_and_removed_them_is_written_down(mint, alice):
    first, *_ = give(mint, coins([1, 2]), user=alice).kept
    remove_all_negatives(gallery=mint)
    made, gone = AuditEntry.objects.filter(kind="negative").order_by("pk")
    assert (made.deed, made.actor, made.detail["count"]) == (AuditAction.CREATE, "alice", 2)
    assert (gone.deed, gone.detail) == (AuditAction.REMOVE, made.detail)
    assert made.subject == first.negative.public_id


def test_a_category_that_is_removed_later_is_no_reason_for_doubt(mint):
    Category.objects.all().delete()
    mint.refresh_from_db()
    assert give(mint, {"owl.png": coin(0)}).doubtful == []


def test_a_flawed_photo_is_kept_only_where_somebody_insists(gallery):
    with Image.open(BytesIO(photo("coffee.png"))) as image:
        buffer = BytesIO()
        image.convert("RGB").filter(ImageFilter.GaussianBlur(12)).save(buffer, "PNG")
    given = {"blurred.png": buffer.getvalue(), "sharp.png": photo("rocket.jpg")}
    added = give(gallery, given)
    assert [each.name for each in added.kept] == ["sharp.png"]
    [refused] = added.refused
    assert (refused.name, refused.code) == ("blurred.png", "blurred")
    assert "what strangers score" in refused.detail
    assert [each.name for each in give(gallery, {"b.png": buffer.getvalue()}, force=True).kept]
