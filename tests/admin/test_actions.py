"""Every action asks before it does anything, calls its service, and says what it did."""

from __future__ import annotations

import pytest
from django.urls import reverse

from recognition.models import AuditEntry, Category, Embedding, Gallery, Prompt, Reference
from recognition.services.categories.create_category import create_category
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.admin.confirmation import answered, asked, last_deed, url_of
from tests.photos import another_view, photo

pytestmark = pytest.mark.django_db


def test_a_question_shows_what_it_is_about_and_does_nothing(cat, boss):
    page = asked(boss, Reference, "delete_for_good", [cat])
    assert "Delete these references for good" in page
    assert reverse("dashboard:thumbnail", args=("pets", cat.public_id)) in page
    assert "1 chosen" in page
    assert Reference.objects.exists()


def test_what_waits_is_approved(gallery, waiting, boss):
    assert "searchable" in asked(boss, Reference, "approve", [waiting])
    [report] = answered(boss, Reference, "approve", [waiting])
    assert report == "Pets: approved 1 references."
    assert Embedding.objects.filter(reference=waiting).exists()
    assert last_deed() == ("boss", "approve")


def test_what_waits_is_rejected_and_what_is_approved_is_not(cat, waiting, boss):
    [refusal] = answered(boss, Reference, "reject", [cat, waiting])
    assert "nothing was done" in refusal and cat.public_id in refusal
    assert Reference.objects.count() == 2
    assert answered(boss, Reference, "reject", [waiting]) == ["Pets: rejected 1 references."]
    assert Reference.objects.get() == cat


def test_references_are_moved(gallery, cat, boss):
    tabby = create_category(gallery=gallery, name="Tabby")
    assert "To which category?" in asked(boss, Reference, "move", [cat])
    report = answered(boss, Reference, "move", [cat], category=tabby.pk)
    assert report == ["Pets: moved 1 references to Tabby."]
    cat.refresh_from_db()
    assert cat.category == tabby


def test_references_are_split_off_as_a_new_category(gallery, cat, boss):
    tabby = enrol(gallery=gallery, category="cat", data=another_view("chelsea.png")).reference
    assert "What is it called?" in asked(boss, Reference, "split", [tabby])
    report = answered(boss, Reference, "split", [tabby], name="Tabby")
    assert report == ["Pets: made the category Tabby of 1 references."]
    tabby.refresh_from_db()
    assert tabby.category.name == "Tabby" and tabby.embeddings.get().category == tabby.category
    assert cat.category.references.count() == 1
    assert last_deed() == ("boss", "split")


def test_references_are_embedded_anew(gallery, cat, boss):
    right = bytes(Embedding.objects.get(reference=cat).data)
    Embedding.objects.filter(reference=cat).update(data=right[:4] * (len(right) // 4))
    before = Gallery.objects.get(pk=gallery.pk).generation
    report = answered(boss, Reference, "reembed", [cat])
    assert report == ["Pets: embedded 1 references anew; 1 of the vectors changed."]
    assert bytes(Embedding.objects.get(reference=cat).data) == right
    assert Gallery.objects.get(pk=gallery.pk).generation == before + 2
    report = answered(boss, Category, "reembed", [cat.category])
    assert report == ["Pets: embedded 1 references anew; 0 of the vectors changed."]


def test_references_are_deleted_for_good(gallery, cat, boss):
    other = enrol(gallery=gallery, category="cat", data=photo("coffee.png")).reference
    report = answered(boss, Reference, "delete_for_good", [cat, other])
    assert report == ["Pets: removed 2 references for good."]
    assert not Embedding.objects.filter(reference__isnull=False).exists()
    found = identify(gallery=gallery, data=photo("chelsea.png")).answer["candidates"]
    assert {each["evidence"]["kind"] for each in found} == {"prompt"}


def test_all_of_a_list_are_chosen_by_its_address(gallery, cat, boss):
    enrol(gallery=gallery, category="cat", data=photo("coffee.png"))
    chosen = {"action": "delete_for_good", "_selected_action": [cat.pk], "select_across": "1"}
    page = boss.post(url_of(Reference, "changelist"), chosen).content.decode()
    assert "2 chosen" in page and page.count('name="_selected_action"') == 1
    boss.post(url_of(Reference, "changelist"), {**chosen, "confirmed": "yes", "count": 2})
    assert not Reference.objects.exists()


def test_a_selection_that_changed_meanwhile_is_left_alone(gallery, cat, boss):
    [report] = answered(boss, Reference, "delete_for_good", [cat], count=2)
    assert "nothing was done" in report
    assert Reference.objects.exists()


def test_categories_are_merged(gallery, cat, boss):
    tabby = create_category(gallery=gallery, name="Tabby", prompts=["a tabby"])
    rows = [cat.category, tabby]
    assert "Make these one category" in asked(boss, Category, "merge", rows)
    assert Category.objects.count() == 2
    report = answered(boss, Category, "merge", rows, category=tabby.pk)
    assert report == ["Pets: merged Cat, Tabby into Tabby."]
    assert identify(gallery=gallery, data=photo("chelsea.png")).answer["category"] == "tabby"
    assert last_deed() == ("boss", "merge")


def test_categories_and_galleries_are_deleted_for_good(gallery, cat, boss):
    report = answered(boss, Category, "delete_for_good", [cat.category])
    assert report == ["Pets: removed Cat for good."]
    report = answered(boss, Gallery, "delete_for_good", [gallery])
    assert report == ["Pets: removed for good, with everything in it."]
    assert not Gallery.objects.exists()
    assert AuditEntry.objects.filter(gallery_slug="pets").count() > 2


def test_one_gallery_does_not_hold_up_another(gallery, cat, alice, boss):
    other = create_gallery(name="Other", owner=alice)
    far = enrol(gallery=other, category="cup", create=True, data=photo("coffee.png")).reference
    path = cat.image.path
    with open(path, "wb") as file:
        file.write(b"damaged")
    reports = answered(boss, Reference, "reembed", [cat, far])
    assert len(reports) == 2
    assert any(report.startswith("Pets: nothing was done") for report in reports)
    assert any(report.startswith("Other: embedded 1") for report in reports)


def test_no_action_with_a_choice_crosses_galleries(gallery, cat, alice, boss):
    other = create_gallery(name="Other", owner=alice)
    stranger = create_category(gallery=other, name="Cat")
    assert "Choose within one gallery." in asked(boss, Category, "merge", [cat.category, stranger])
    answered_page = boss.post(
        url_of(Reference, "changelist"),
        {
            "action": "move",
            "_selected_action": [cat.pk],
            "confirmed": "yes",
            "count": 1,
            "category": stranger.pk,
        },
    )
    assert "Select a valid choice" in answered_page.content.decode()
    cat.refresh_from_db()
    assert cat.category.gallery == gallery


def test_a_category_is_edited_and_described_where_its_references_are(gallery, cat, boss):
    address = url_of(Category, "change", cat.category.pk)
    page = boss.get(address).content.decode()
    assert reverse("dashboard:thumbnail", args=("pets", cat.public_id)) in page
    assert "A match" in page
    prompt = Prompt.objects.get()
    given = {
        "name": "Cats",
        "external_id": "",
        "metadata": "{}",
        "references-TOTAL_FORMS": 0,
        "references-INITIAL_FORMS": 0,
        "prompts-TOTAL_FORMS": 2,
        "prompts-INITIAL_FORMS": 1,
        "prompts-0-id": prompt.pk,
        "prompts-0-category": cat.category.pk,
        "prompts-0-DELETE": "on",
        "prompts-1-id": "",
        "prompts-1-category": cat.category.pk,
        "prompts-1-text": "a tabby",
    }
    assert boss.post(address, given).status_code == 302
    cat.category.refresh_from_db()
    assert cat.category.name == "Cats"
    assert Prompt.objects.get().text == "a tabby"
    assert Embedding.objects.get(prompt__isnull=False).prompt.text == "a tabby"
