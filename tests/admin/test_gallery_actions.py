"""Galleries, indexes and keys are acted on, and only by those who may."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from recognition.index.kinds import IndexKind
from recognition.models import ApiKey, Category, Gallery, Job, Membership, Reference, Role
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.categories.create_category import create_category
from recognition.services.indexes.replicas import replica_of
from tests.admin.confirmation import answered, asked, last_deed, url_of
from tests.archives.builders import zip_of
from tests.photos import photo, upload

pytestmark = pytest.mark.django_db


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


def test_keys_are_revoked(alice, boss):
    key, _ = issue_key(user=alice, name="door")
    assert "stop working" in asked(boss, ApiKey, "revoke", [key])
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
