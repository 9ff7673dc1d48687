"""One name is one category, whichever way it comes in."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, transaction

from recognition.core.errors import AlreadyExists, CategoryNotFound, InvalidBundle, InvalidInput
from recognition.models import Category, Feedback
from recognition.selectors.categories import get_category
from recognition.selectors.category_names import twins_of
from recognition.services.bundles.insert_gallery import insert_categories
from recognition.services.categories.create_category import create_category
from recognition.services.categories.update_category import update_category
from recognition.services.curation.split_category import split_category
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.review.judge_group import judge_group
from recognition.worker.take_turn import take_turn
from tests.archives.builders import image_bytes, zip_of
from tests.photos import another_view, corner, photo
from tests.services.imports.running import report, start

pytestmark = pytest.mark.django_db
OTHER_WAYS = ["blue mug", "BLUE  MUG", "Blue\u00a0Mug", "Ｂｌｕｅ　Ｍｕｇ", "Blue Mug\u200b"]


@pytest.fixture
def mug(gallery) -> Category:
    return create_category(gallery=gallery, name="Blue Mug", slug="m-1")


@pytest.mark.parametrize("name", OTHER_WAYS)
def test_a_name_written_another_way_finds_its_category(gallery, mug, name):
    assert get_category(gallery, name) == mug
    enrolled = enrol(gallery=gallery, category=name, data=image_bytes(1), create=True)
    assert enrolled.reference.category == mug
    assert Category.objects.count() == 1


@pytest.mark.parametrize("name", OTHER_WAYS)
def test_no_second_category_of_a_name_is_made(gallery, mug, name):
    with pytest.raises(AlreadyExists, match="'m-1'"):
        create_category(gallery=gallery, name=name)
    cup = create_category(gallery=gallery, name="Cup")
    with pytest.raises(AlreadyExists):
        update_category(gallery=gallery, category=cup, name=name)
    reference = enrol(gallery=gallery, category="m-1", data=image_bytes(1)).reference
    with pytest.raises(AlreadyExists):
        split_category(gallery=gallery, references=[reference], name=name)
    assert Category.objects.count() == 2


def test_the_database_holds_it_where_nobody_asked(gallery, mug):
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.bulk_create([Category(gallery=gallery, slug="m-2", name="BLUE mug")])


def test_another_gallery_has_names_of_its_own(gallery, mug, alice):
    other = create_gallery(name="Other", owner=alice)
    assert create_category(gallery=other, name="blue mug").pk != mug.pk


def test_a_category_may_be_written_another_way(gallery, mug):
    assert update_category(gallery=gallery, category=mug, name="BLUE MUG").name == "BLUE MUG"
    assert get_category(gallery, "blue mug") == mug


def test_a_renamed_category_is_found_by_its_new_name_alone(gallery, mug):
    update_category(gallery=gallery, category=mug, name="Red Cup")
    assert get_category(gallery, "red cup") == mug
    with pytest.raises(CategoryNotFound):
        get_category(gallery, "blue mug")


def test_a_slug_counts_before_an_id_and_an_id_before_a_name(gallery):
    by_slug = create_category(gallery=gallery, name="First", slug="mug")
    by_id = create_category(gallery=gallery, name="Second", slug="s", external_id="Cup")
    create_category(gallery=gallery, name="Mug", slug="t")
    by_name = create_category(gallery=gallery, name="CUP", slug="u")
    assert get_category(gallery, "mug") == by_slug
    assert get_category(gallery, "Cup") == by_id
    assert get_category(gallery, "cup") == by_name


def test_folders_of_an_import_find_the_category_by_its_name(gallery, mug):
    files = {f"{name}/{number}.png": image_bytes(number) for number, name in enumerate(OTHER_WAYS)}
    job = start(gallery, zip_of(files | {"Blue Mug/again.png": image_bytes(0)}))
    take_turn(job.pk)
    assert {row.category for row in job.rows.all()} > {"BLUE  MUG"}
    assert list(Category.objects.all()) == [mug]
    assert mug.references.count() == len(OTHER_WAYS)
    assert report(job)["Blue Mug/again.png"] == ("skipped", "duplicate")


def test_one_thing_in_one_category_is_recognised(gallery, mug):
    enrol(gallery=gallery, category="m-1", data=photo("coffee.png"))
    job = start(gallery, zip_of({"BLUE MUG/2.png": corner("coffee.png")}))
    take_turn(job.pk)
    answer = identify(gallery=gallery, data=another_view("coffee.png")).answer
    assert (answer["decision"], answer["category"]) == ("match", "m-1")


def test_a_word_in_review_finds_the_category(gallery, mug):
    query = identify(gallery=gallery, data=photo("coffee.png")).query
    judged = judge_group(
        gallery=gallery, queries=[query], verdict=Feedback.Verdict.IT_IS, name="blue\u3000mug"
    )
    assert (judged.category, judged.is_new) == (mug, False)


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\ufeff\u00ad"])
def test_a_name_that_shows_nothing_is_refused(gallery, name):
    with pytest.raises(InvalidInput, match="needs a name"):
        create_category(gallery=gallery, name=name)


def test_a_name_with_a_control_is_refused_and_the_control_named(gallery):
    with pytest.raises(InvalidInput, match=r"U\+0007"):
        create_category(gallery=gallery, name="mug\x07")


@pytest.mark.parametrize("name", [".", "..", "\u2025", " . .".replace(" ", "\u200b")])
def test_what_file_systems_take_for_a_folder_is_no_name(gallery, name):
    with pytest.raises(InvalidInput, match="take for a folder"):
        create_category(gallery=gallery, name=name)
    part = {"slug": "a", "name": name, "external_id": "", "metadata": {}}
    with pytest.raises(InvalidBundle, match=r"'a'.*Rename it"):
        insert_categories(gallery, [part])
    manifest = f"file,category\n1.png,{name}\n2.png,...\n".encode()
    files = {"1.png": image_bytes(1), "2.png": image_bytes(2), "manifest.csv": manifest}
    job = start(gallery, zip_of(files))
    take_turn(job.pk)
    assert report(job) == {"1.png": ("failed", "invalid_input"), "2.png": ("enrolled", "")}


def test_a_folder_in_capitals_has_a_small_address_and_is_found_as_it_is_written(gallery):
    job = start(gallery, zip_of({"EMP-7/1.png": image_bytes(1)}))
    take_turn(job.pk)
    made = Category.objects.get()
    assert (made.slug, made.name, made.external_id) == ("emp-7", "EMP-7", "EMP-7")
    update_category(gallery=gallery, category=made, name="Zoe")
    again = start(gallery, zip_of({"EMP-7/2.png": image_bytes(2)}))
    take_turn(again.pk)
    assert made.references.count() == 2


def test_the_same_in_a_command(gallery, mug, tmp_path):
    (tmp_path / "1.png").write_bytes(image_bytes(1))
    call_command("enrol", gallery.slug, "BLUE MUG", str(tmp_path / "1.png"))
    assert mug.references.count() == 1


def test_twins_of_an_older_version_get_names_to_tell_them_apart(gallery):
    made = [
        create_category(gallery=gallery, name=name)
        for name in ("one", "two", "three", "four", "five")
    ]
    names = ["Mug", "Mug (2)", "MUG ", "mug", "Cup"]
    _write_as_before(made, names)
    import_module("recognition.migrations.0022_fill_name_key").fill(apps, None)
    rows = {row.pk: row for row in Category.objects.all()}
    told = [rows[each.pk].name for each in made]
    assert told == ["Mug", "Mug (2)", "MUG (3)", "mug (4)", "Cup"]
    assert {(twin.pk, twin.twin_of_id) for twin in twins_of(gallery)} == {
        (made[2].pk, made[0].pk),
        (made[3].pk, made[0].pk),
    }
    assert get_category(gallery, "mug") == made[0]


def _write_as_before(made: list[Category], names: list[str]) -> None:
    """Rows as they were before names had keys."""
    for number, (category, name) in enumerate(zip(made, names, strict=True)):
        Category.objects.filter(pk=category.pk).update(name=name, name_key=f"before {number}")


def test_a_bundle_of_an_older_version_with_twins_is_taken(gallery, alice):
    parts = [
        {"slug": slug, "name": name, "external_id": "", "metadata": {}}
        for slug, name in (("a", "Mug"), ("b", "mug"), ("c", "Cup"))
    ]
    made = insert_categories(gallery, parts)
    assert [made[slug].name for slug in "abc"] == ["Mug", "mug (2)", "Cup"]
    assert [twin.twin_of for twin in twins_of(gallery)] == [made["a"]]
