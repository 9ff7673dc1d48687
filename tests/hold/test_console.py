"""What staff may do in the console, and what they may find out."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django.urls import reverse

from recognition.models import ApiKey, AuditEntry, Webhook
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.webhooks.create_webhook import create_webhook

pytestmark = pytest.mark.django_db


def staff(*rights: str) -> tuple[User, Client]:
    user = User.objects.create_user("steve", password="correct horse", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=rights))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return user, client


def form_of(user: User, **changed: object) -> dict[str, object]:
    joined = user.date_joined
    return {
        "username": user.username,
        "date_joined_0": f"{joined:%Y-%m-%d}",
        "date_joined_1": f"{joined:%H:%M:%S}",
        "is_active": "on",
        **changed,
    }


USERS = ("view_user", "add_user", "change_user", "delete_user")
EVERYTHING = {"is_superuser": "on", "is_staff": "on"}


def test_who_may_change_users_gives_nobody_rights(alice):
    steve, client = staff(*USERS)
    group = Group.objects.create(name="everything")
    group.permissions.set(Permission.objects.all())
    for user in (steve, alice):
        rights = Permission.objects.values_list("pk", flat=True)[:5]
        given = form_of(user, **EVERYTHING, groups=[group.pk], user_permissions=list(rights))
        client.post(reverse("admin:auth_user_change", args=[user.pk]), given)
        user.refresh_from_db()
        assert not user.is_superuser
        assert user.is_staff == (user == steve)
        assert not user.groups.exists()
    assert steve.user_permissions.count() == len(USERS)


def test_who_may_change_users_takes_over_no_account_of_staff(alice):
    boss = User.objects.create_superuser("boss", password="the boss's own")
    _, client = staff(*USERS)
    for name in ("auth_user_change", "auth_user_password_change", "auth_user_delete"):
        address = reverse(f"admin:{name}", args=[boss.pk])
        given = form_of(
            boss,
            username="mine",
            password1="violin cement ginger",
            password2="violin cement ginger",
        )
        assert client.post(address, given | {"post": "yes"}).status_code == 403
    given = {"action": "delete_selected", "_selected_action": [boss.pk, alice.pk], "post": "yes"}
    client.post(reverse("admin:auth_user_changelist"), given)
    boss.refresh_from_db()
    assert boss.check_password("the boss's own")
    assert User.objects.filter(username="alice").exists()


def test_who_may_change_groups_changes_no_rights():
    steve, client = staff("view_group", "add_group", "change_group", "delete_group")
    group = Group.objects.create(name="mine")
    steve.groups.add(group)
    given = {"name": "mine", "permissions": [Permission.objects.get(codename="change_user").pk]}
    for address in (
        reverse("admin:auth_group_change", args=[group.pk]),
        reverse("admin:auth_group_add"),
    ):
        assert client.post(address, given).status_code == 403
    assert not group.permissions.exists()


@pytest.mark.parametrize("lookup", ["", "__regex", "__startswith", "__gt", "__in"])
def test_secrets_are_not_found_out_by_looking_things_up(lookup, gallery, alice):
    webhook = create_webhook(gallery=gallery, url="https://example.org/", events=["match"])
    key, _ = issue_key(user=alice, name="x")
    _, client = staff(
        "view_webhook", "view_delivery", "view_apikey", "view_user", "view_gallery", "view_job"
    )
    asked = {
        "recognition_webhook": ["secret", "created_by__password", "gallery__webhooks__secret"],
        "recognition_delivery": ["webhook__secret"],
        "recognition_apikey": ["hashed_key", "id", "pk", "user__password"],
        "recognition_gallery": ["webhooks__secret", "api_keys__hashed_key"],
        "auth_user": ["password", "api_keys__hashed_key"],
        "recognition_job": ["created_by__password"],
    }
    assert Webhook.objects.get() == webhook
    assert ApiKey.objects.get() == key
    for model, fields in asked.items():
        page = reverse(f"admin:{model}_changelist")
        assert client.get(page).status_code == 200
        for field in fields:
            answer = client.get(page, {f"{field}{lookup}": "."})
            assert answer.status_code == 400, (model, field)


def test_changes_of_users_and_denials_are_in_the_audit_trail(gallery, alice, as_victor):
    boss = User.objects.create_superuser("boss", password="x")
    client = Client()
    client.force_login(boss)
    client.post(
        reverse("admin:auth_user_add"),
        {
            "username": "new",
            "password1": "violin cement ginger",
            "password2": "violin cement ginger",
            "usable_password": "true",
        },
    )
    new = User.objects.get(username="new")
    client.post(reverse("admin:auth_user_change", args=[new.pk]), form_of(new, **EVERYTHING))
    client.post(
        reverse("admin:auth_user_password_change", args=[new.pk]),
        {
            "password1": "violin cement gingers",
            "password2": "violin cement gingers",
            "usable_password": "true",
        },
    )
    client.post(reverse("admin:auth_user_delete", args=[new.pk]), {"post": "yes"})
    trail = AuditEntry.objects.filter(subject="new").order_by("id")
    assert [each.deed for each in trail] == ["create", "change", "change", "remove"]
    assert {each.actor for each in trail} == {"boss"}
    assert {"is_staff", "is_superuser"} <= set(trail[1].detail["fields"])

    for _ in range(3):
        assert (
            as_victor.post("/api/v1/galleries/pets/categories/", {"name": "x"}).status_code == 403
        )
        assert as_victor.post("/g/pets/add/", {"name": "x"}).status_code == 403
    assert [each.actor for each in AuditEntry.objects.filter(deed="deny")] == ["victor"] * 2
