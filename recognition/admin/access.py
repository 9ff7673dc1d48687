"""Who may do what. The console is for staff; a superuser sees all, others what they are given."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from rest_framework_api_key.models import APIKey as PlainKey
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from recognition.admin.asking import Question, Said, ask
from recognition.admin.base import ConsoleAdmin
from recognition.admin.by_service import ByService
from recognition.admin.read_only import ReadOnlyAdmin
from recognition.models import ApiKey, Membership, Role
from recognition.services.revoke_key import revoke_key
from recognition.services.set_member import set_member

admin.site.unregister(User)
admin.site.unregister(Group)
# The package's own keys, which this service neither issues nor accepts.
admin.site.unregister(PlainKey)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ConsoleAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ConsoleAdmin):
    pass


def _revoke(_gallery: None, keys: list[Any], said: Said) -> str:
    for key in keys:
        revoke_key(key=key)
    return f"Revoked {', '.join(key.name for key in keys)}."


@admin.register(Membership)
class MembershipAdmin(ByService):
    """Memberships by way of the service, which keeps an owner in every gallery."""

    list_display = ("gallery", "user", "role")
    list_filter = ("role", "gallery")
    list_select_related = ("gallery", "user")
    autocomplete_fields = ("gallery", "user")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Membership | None = None
    ) -> tuple[str, ...]:
        return ("gallery", "user") if obj else ()

    def store(self, obj: Membership, changed: list[str]) -> None:
        set_member(gallery=obj.gallery, username=obj.user.username, role=Role(obj.role))
        obj.pk = Membership.objects.get(gallery=obj.gallery, user=obj.user).pk

    def remove(self, obj: Membership) -> None:
        set_member(gallery=obj.gallery, username=obj.user.username, role=None)


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys are issued where their secret can be shown once; here they are seen and revoked."""

    list_display = ("name", "prefix", "user", "scopes", "revoked", "expiry_date", "last_used_at")
    list_filter = ("revoked",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    exclude = ("hashed_key",)
    actions = ("revoke",)

    def gallery_of(self, row: ApiKey) -> None:
        """A key may be bound to several galleries, or to none."""

    def preview(self, key: ApiKey) -> str:
        return f"{key.user}: {', '.join(key.scopes)}"

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("recognition.change_apikey"))

    @admin.action(description="Revoke …", permissions=("revoke",))
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        words = "Refuse these keys from now on, for good? Whatever uses them stops working."
        question = Question("revoke", words, "Revoke", _revoke, destroys=True)
        return ask(self, request, queryset, question)
