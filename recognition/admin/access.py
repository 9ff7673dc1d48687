"""Who may do what. The console is for staff; a superuser sees all, others what they are given."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from allauth.account import views as account
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from rest_framework_api_key.models import APIKey as PlainKey
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from recognition.admin.base import ConsoleAdmin
from recognition.admin.by_service import ByService
from recognition.admin.confirmation import FormData, Question, ask
from recognition.admin.read_only import ReadOnlyAdmin
from recognition.models import (
    ApiKey,
    AuditAction,
    GivenPassword,
    Invitation,
    Membership,
    Role,
    SignIn,
)
from recognition.services.accounts.passwords import note_given_password
from recognition.services.api_keys.revoke_key import revoke_key
from recognition.services.audit.trail import record
from recognition.services.galleries.set_member import set_member
from recognition.sign_in.proof import require_proof

RIGHTS = ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")

admin.site.unregister(User)
admin.site.unregister(Group)
# The package's own keys, which this service neither issues nor accepts.
admin.site.unregister(PlainKey)
# Second factors, sessions and tokens are their users' own; staff would read secrets here.
for model in (EmailAddress, Authenticator, UserSession, SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)


class AsksWho:
    """Ask again who somebody is before rights are given or taken, if the last proof is old."""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _ask_who(request)
        return super().changeform_view(request, *args, **kwargs)  # type: ignore[misc]

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _ask_who(request)
        return super().delete_view(request, *args, **kwargs)  # type: ignore[misc]

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        _ask_who(request)
        return super().changelist_view(request, *args, **kwargs)  # type: ignore[misc]


def _ask_who(request: HttpRequest) -> None:
    if request.method == "POST":
        require_proof(request)


@admin.register(User)
class UserAdmin(AsksWho, DjangoUserAdmin, ConsoleAdmin):  # type: ignore[type-arg]
    """Users, whose rights only a superuser changes: else whoever may change users would make
    themselves one, or take over the account of one."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if request.user.is_superuser else (*fields, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return bool(super().has_change_permission(request, obj)) and _may_touch(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return bool(super().has_delete_permission(request, obj)) and _may_touch(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            deed = AuditAction.CHANGE if change else AuditAction.CREATE
            record(deed, obj, gallery=None, fields=sorted(form.changed_data))
            if not change and obj.has_usable_password():
                note_given_password(user=obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        with transaction.atomic():
            record(AuditAction.REMOVE, obj, gallery=None)
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        with transaction.atomic():
            for user in queryset:
                record(AuditAction.REMOVE, user, gallery=None)
            super().delete_queryset(request, queryset)

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        _ask_who(request)
        answer = super().user_change_password(request, id, form_url)
        if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
            user = User.objects.get(pk=id)
            record(AuditAction.CHANGE, user, gallery=None, fields=["password"])
            if user != request.user:
                note_given_password(user=user)
        return answer


def _may_touch(request: HttpRequest, user: User | None) -> bool:
    return user is None or request.user.is_superuser or not (user.is_staff or user.is_superuser)


@admin.register(Group)
class GroupAdmin(AsksWho, DjangoGroupAdmin, ConsoleAdmin):
    """Groups give rights, so that superusers alone change them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        rights = sorted(form.instance.permissions.values_list("codename", flat=True))
        record(AuditAction.CHANGE, form.instance, gallery=None, permissions=rights)

    def delete_model(self, request: HttpRequest, obj: Group) -> None:
        record(AuditAction.REMOVE, obj, gallery=None)
        super().delete_model(request, obj)


def _own_password(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    return redirect("account_change_password")


def _revoke(_gallery: None, keys: list[Any], data: FormData) -> str:
    for key in keys:
        revoke_key(key=key)
    return f"Revoked {', '.join(key.name for key in keys)}."


@admin.register(Membership)
class MembershipAdmin(AsksWho, ByService):
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


@admin.register(SignIn)
class SignInAdmin(ReadOnlyAdmin):
    """Tries that the limits count; names are digests, since people type passwords there."""

    list_display = ("at", "network", "succeeded")
    list_filter = ("succeeded",)
    search_fields = ("network",)


@admin.register(GivenPassword)
class GivenPasswordAdmin(ReadOnlyAdmin):
    """Users who have to choose a password, since somebody else made the present one."""

    list_display = ("user", "at")
    list_select_related = ("user",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It goes with its user."""
        return bool(request.user.has_perm("auth.delete_user"))


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Invitations are made and withdrawn where their gallery's members are."""

    list_display = ("gallery", "role", "invited_by", "expires_at", "used_by")
    list_select_related = ("gallery", "invited_by", "used_by")
    exclude = ("digest",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """It goes with its gallery, and with whoever made it."""
        return bool(request.user.has_perm("auth.delete_user"))


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys are issued where their secret can be shown once; here they are seen and revoked."""

    list_display = ("name", "prefix", "user", "scopes", "revoked", "expiry_date", "last_used_at")
    list_filter = ("revoked",)
    list_select_related = ("user",)
    search_fields = ("name", "prefix", "user__username")
    exclude = ("hashed_key",)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        # The package makes the key's own number of its prefix and its hash.
        own = lookup.split("__")[0] in {"id", "pk"}
        return not own and super().lookup_allowed(lookup, value, request)

    actions = ("revoke",)

    def gallery_of(self, row: ApiKey) -> None:
        """A key may be bound to several galleries, or to none."""

    def preview(self, key: ApiKey) -> str:
        return f"{key.user}: {', '.join(key.scopes)}"

    def has_revoke_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("recognition.change_apikey"))

    @admin.action(description="Revoke …", permissions=("revoke",))
    def revoke(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        words = "Revoke these keys? Programs that use them stop working."
        question = Question("revoke", words, "Revoke", _revoke, destroys=True)
        return ask(self, request, queryset, question)


# The console is entered, left and has its passwords changed where everything else is.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.logout = account.logout  # type: ignore[method-assign]
admin.site.password_change = _own_password  # type: ignore[assignment, method-assign]
