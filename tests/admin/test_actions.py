"""Every action asks before it does anything, calls its service, and says what it did."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from recognition.index.kinds import IndexKind
from recognition.models import (
    ApiKey,
    AuditEntry,
    Category,
    Embedding,
    Gallery,
    Job,
    Membership,
    Prompt,
    Reference,
    Role,
)
from recognition.services.create_category import create_category
from recognition.services.create_gallery import create_gallery
from recognition.services.enrol import enrol
from recognition.services.identify import identify
from recognition.services.issue_key import issue_key
from recognition.services.replicas import replica_of
from recognition.services.update_gallery import update_gallery
from tests.archives.builders import zip_of
from tests.photos import another_view, photo, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def cat(gallery, alice) -> Reference:
    create_category(gallery=gallery, name="Cat", prompts=["a cat"])
    return enrol(gallery=gallery, category="cat", data=photo("chelsea.png")).reference


@pytest.fixture
def waiting(gallery, cat, bob) -> Reference:
    update_gallery(gallery=gallery, review_references=True)
    data = another_view("chelsea.png")
    return enrol(gallery=gallery, category="cat", data=data, user=bob).reference


def url_of(model, view: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


def asked(boss: Client, model, action: str, rows) -> str:
    chosen = {"action": action, "_selected_action": [row.pk for row in rows]}
    return boss.post(url_of(model, "changelist"), chosen, follow=True).content.decode()


def answered(boss: Client, model, action: str, rows, **said) -> list[str]:
    """What the console reports once its question is answered."""
    chosen = {
        "action": action,
        "_selected_action": [row.pk for row in rows],
        "confirmed": "yes",
        "count": len(rows),
        **said,
    }
    page = boss.post(url_of(model, "changelist"), chosen, follow=True)
    return [str(message) for message in page.context["messages"]]


def last_deed() -> tuple[str, str]:
    entry = AuditEntry.objects.first()
    return entry.actor, entry.deed


def test_a_question_shows_what_it_is_about_and_does_nothing(cat, boss):
    page = asked(boss, Reference, "delete_for_good", [cat])
    assert "Delete these references for good" in page
    assert reverse("dashboard:thumbnail", args=("pets", cat.public_id)) in page
    assert "1 chosen" in page
    assert Reference.objects.exists()


def test_what_waits_is_approved(gallery, waiting, boss):
    assert "searchable" in asked(boss, Reference, "approve", [waiting])
    [report] = answered(boss, Reference, "approve", [waiting])
    assert report == "Pets: approved 1 references, which are searchable from now on."
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


def test_an_index_is_rebuilt(gallery, cat, boss):
    assert "from the database" in asked(boss, Gallery, "rebuild", [gallery])
    report = answered(boss, Gallery, "rebuild", [gallery])
    assert report == ["Pets: its index was made anew from the database."]
    assert last_deed() == ("boss", "rebuild")


def test_the_kind_of_an_index_is_chosen(gallery, cat, boss):
    form = {
        "name": gallery.name,
        "description": "",
        "target_far": gallery.target_far,
        "index_kind": "hnsw",
        "memberships-TOTAL_FORMS": 0,
        "memberships-INITIAL_FORMS": 0,
    }
    assert boss.post(url_of(Gallery, "change", gallery.pk), form).status_code == 302
    assert last_deed() == ("boss", "change")
    gallery.refresh_from_db()
    with replica_of(gallery).paused() as (index, _):
        index.settle()
        assert (index.kind, len(index)) == (IndexKind.HNSW, 2)


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


def test_keys_are_revoked(alice, boss):
    key, _ = issue_key(user=alice, name="door")
    assert "stops working" in asked(boss, ApiKey, "revoke", [key])
    assert answered(boss, ApiKey, "revoke", [key]) == ["Revoked door."]
    assert ApiKey.objects.get().revoked
    assert last_deed() == ("boss", "revoke")


def test_an_archive_becomes_a_job_and_a_bundle_a_gallery(gallery, cat, boss):
    address = url_of(Gallery, "import_archive", gallery.pk)
    assert boss.get(address).status_code == 200
    archive = upload(zip_of({"dog/1.png": photo("coffee.png")}), "pets.zip")
    page = boss.post(address, {"archive": archive, "create": "on"}, follow=True)
    assert "The import into Pets has started." in page.content.decode()
    assert (Job.objects.get().kind, Job.objects.get().create_categories) == ("import", True)
    refused = boss.post(address, {"archive": upload(b"no archive")})
    assert refused.status_code == 200 and Job.objects.count() == 1
    bundle = b"".join(boss.get(url_of(Gallery, "export", gallery.pk)).streaming_content)
    made = boss.post(
        url_of(Gallery, "import_bundle"), {"bundle": upload(bundle), "slug": "copy"}, follow=True
    )
    assert "with 1 references" in made.content.decode()
    assert Gallery.objects.get(slug="copy").references.count() == 1
    assert boss.post(url_of(Gallery, "import_bundle"), {"bundle": upload(b"x")}).status_code == 200


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


def test_what_a_service_refuses_is_said_and_changes_nothing(gallery, alice, boss):
    owner = Membership.objects.get(gallery=gallery, role=Role.OWNER)
    page = boss.post(url_of(Membership, "change", owner.pk), {"role": "viewer"}, follow=True)
    assert "needs an owner" in page.content.decode()
    assert "successfully" not in page.content.decode()
    assert Membership.objects.get(pk=owner.pk).role == Role.OWNER


def test_staff_act_as_far_as_they_are_let(cat, django_user_model):
    staff = django_user_model.objects.create_user("sam", is_staff=True)
    client = Client()
    client.force_login(staff)
    assert client.get(url_of(Reference, "changelist")).status_code == 403
    staff.user_permissions.add(Permission.objects.get(codename="view_reference"))
    page = client.get(url_of(Reference, "changelist"))
    assert page.status_code == 200
    chosen = {"action": "delete_for_good", "_selected_action": [cat.pk], "confirmed": "yes"}
    client.post(url_of(Reference, "changelist"), {**chosen, "count": 1})
    assert Reference.objects.exists()


def test_nobody_without_the_staff_flag_gets_in(client, alice):
    client.force_login(alice)
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("codename", ["change_category", "delete_category"])
def test_merging_takes_leave_to_change_and_to_delete(codename, gallery, cat, django_user_model):
    create_category(gallery=gallery, name="Dog")
    staff = django_user_model.objects.create_user("sam", is_staff=True)
    allowed = Permission.objects.filter(codename__in=["view_category", codename])
    staff.user_permissions.set(allowed)
    client = Client()
    client.force_login(staff)
    rows = Category.objects.all()
    answered(client, Category, "merge", rows, category=cat.category.pk)
    assert Category.objects.count() == 2
