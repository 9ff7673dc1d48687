from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import reswap, retarget

from recognition.core.errors import InvalidInput
from recognition.dashboard.access import curator, member, user_of
from recognition.dashboard.counting import count
from recognition.dashboard.pages import announce, is_partial, page
from recognition.dashboard.uploads import image_of
from recognition.models import Category, Gallery
from recognition.selectors.categories import get_category, get_prompt, get_reference
from recognition.selectors.category_names import (
    categories_called,
    category_named,
    free_category_name,
)
from recognition.selectors.galleries import require_owner
from recognition.services.categories.keep_twin import keep_twin
from recognition.services.categories.text_warnings import Described, create_described, describe_more
from recognition.services.categories.update_category import update_category
from recognition.services.curation.merge_categories import merge_categories
from recognition.services.recognition.answer import warnings_answer
from recognition.services.references.approve_references import approve_references
from recognition.services.references.check_photo import check_photo
from recognition.services.references.enrol import Enrolment, enrol
from recognition.services.references.enrol_new import enrol_new
from recognition.services.references.reject_references import reject_references
from recognition.services.removal import remove_category, remove_prompt, remove_reference

HERE = "dashboard:gallery"


@curator
@require_POST
def add(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """A category from one image or from a description."""
    name = request.POST.get("name", "")
    description = request.POST.get("description", "").strip()
    namesake = category_named(gallery, name)
    if namesake is not None:
        match request.POST.get("namesake"):
            case "same":
                return _add_to(request, gallery, namesake, description)
            case "another":
                name = free_category_name(gallery, name)
            case _:
                return _ask_which(request, gallery, namesake)
    if "image" in request.FILES:
        enrolment = enrol_new(
            gallery=gallery,
            name=name,
            prompts=[description] if description else [],
            data=image_of(request),
            user=user_of(request),
        )
        return _added(request, gallery, enrolment)
    if not description:
        raise InvalidInput("Add a photo or a description.")
    described = create_described(gallery=gallery, name=name, prompts=[description])
    made = described.category
    messages.success(request, f"{made.name} added.")
    _warn(request, described)
    return redirect("dashboard:category", gallery.slug, made.slug)


@curator
@require_POST
def check(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """What to know of a photo, told in its row before it is added."""
    count(request)
    warnings = warnings_answer(check_photo(gallery=gallery, data=image_of(request)))
    return page(request, "dashboard/parts/checked.html", gallery, warnings=warnings)


@curator
@require_POST
def rename(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    renamed = update_category(
        gallery=gallery,
        category=get_category(gallery, category),
        name=request.POST.get("name", ""),
    )
    return _back(gallery, renamed)


@curator
@require_POST
def twin(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    """Whether a category that once had another's name is the same thing."""
    told = get_category(gallery, category)
    if request.POST.get("is") == "same" and told.twin_of is not None:
        into = merge_categories(gallery=gallery, categories=[told], into=told.twin_of)
        messages.success(request, f"{told.name} was merged into {into.name}.")
    else:
        keep_twin(gallery=gallery, category=told)
    return redirect("dashboard:gallery", gallery.slug)


@member
@require_safe
def names(request: HttpRequest, gallery: Gallery) -> HttpResponse:
    """The names that a field suggests for what has been typed so far."""
    typed = request.GET.get("name") or request.GET.get("category") or ""
    found = categories_called(gallery, typed)
    return page(request, "dashboard/parts/names.html", gallery, categories=found)


@curator
@require_POST
def enrol_reference(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    enrolment = enrol(
        gallery=gallery, category=category, data=image_of(request), user=user_of(request)
    )
    if not is_partial(request):
        _tell(request, enrolment)
        return _back(gallery, enrolment.reference.category)
    response = page(
        request,
        "dashboard/parts/enrolled.html",
        gallery,
        reference=enrolment.reference,
        category=enrolment.reference.category,
        warnings=warnings_answer(enrolment.warnings),
    )
    return announce(response, "It needs approval." if _waits(enrolment) else "Enrolled.")


@curator
@require_POST
def describe_category(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    texts = [request.POST.get("text", "")]
    described = describe_more(
        gallery=gallery, category=get_category(gallery, category), texts=texts
    )
    _warn(request, described)
    return _back(gallery, described.category)


@curator
@require_POST
def remove(request: HttpRequest, gallery: Gallery, category: str) -> HttpResponse:
    removed = get_category(gallery, category)
    remove_category(gallery=gallery, category=removed)
    messages.success(request, f"{removed.name} was deleted.")
    return redirect("dashboard:gallery", gallery.slug)


@curator
@require_POST
def remove_one(request: HttpRequest, gallery: Gallery, reference: str) -> HttpResponse:
    removed = get_reference(gallery, reference)
    remove_reference(gallery=gallery, reference=removed)
    return _back(gallery, removed.category)


@member
@require_POST
def approve(request: HttpRequest, gallery: Gallery, reference: str) -> HttpResponse:
    require_owner(user_of(request), gallery)
    approved = get_reference(gallery, reference)
    approve_references(gallery=gallery, references=[approved])
    if not is_partial(request):
        return _back(gallery, approved.category)
    response = page(
        request,
        "dashboard/parts/reference.html",
        gallery,
        reference=get_reference(gallery, reference),
        category=approved.category,
    )
    return announce(response, "Approved.")


@member
@require_POST
def reject(request: HttpRequest, gallery: Gallery, reference: str) -> HttpResponse:
    require_owner(user_of(request), gallery)
    rejected = get_reference(gallery, reference)
    reject_references(gallery=gallery, references=[rejected])
    return _back(gallery, rejected.category)


@curator
@require_POST
def remove_text(request: HttpRequest, gallery: Gallery, category: str, prompt: int) -> HttpResponse:
    described = get_category(gallery, category)
    remove_prompt(gallery=gallery, prompt=get_prompt(described, prompt))
    return _back(gallery, described)


def _ask_which(request: HttpRequest, gallery: Gallery, namesake: Category) -> HttpResponse:
    """Whether the thing is the one that has the name already; the form stays as it is filled in."""
    part = page(
        request,
        "dashboard/parts/namesake.html" if is_partial(request) else "dashboard/namesake.html",
        gallery,
        here=HERE,
        namesake=namesake,
        name=request.POST.get("name", ""),
        description=request.POST.get("description", ""),
        another=free_category_name(gallery, request.POST.get("name", "")),
    )
    return reswap(retarget(part, "find .which"), "innerHTML") if is_partial(request) else part


def _add_to(
    request: HttpRequest, gallery: Gallery, category: Category, description: str
) -> HttpResponse:
    if description:
        _warn(request, describe_more(gallery=gallery, category=category, texts=[description]))
    if "image" not in request.FILES:
        return _back(gallery, category)
    enrolment = enrol(
        gallery=gallery, category=category.slug, data=image_of(request), user=user_of(request)
    )
    return _added(request, gallery, enrolment, is_new=False)


def _added(
    request: HttpRequest, gallery: Gallery, enrolment: Enrolment, *, is_new: bool = True
) -> HttpResponse:
    made = enrolment.reference.category
    if not is_partial(request):
        _tell(request, enrolment)
        return redirect("dashboard:category", gallery.slug, made.slug)
    response = page(
        request,
        "dashboard/parts/added.html",
        gallery,
        category=get_category(gallery, made.slug),
        waits=_waits(enrolment),
        is_new=is_new,
        total=gallery.categories.count(),
        warnings=warnings_answer(enrolment.warnings),
    )
    return announce(
        response,
        f"{made.name} needs approval." if _waits(enrolment) else f"{made.name} added.",
    )


def _waits(enrolment: Enrolment) -> bool:
    return enrolment.reference.is_pending


def _back(gallery: Gallery, category: Category) -> HttpResponse:
    return redirect("dashboard:category", gallery.slug, category.slug)


def _tell(request: HttpRequest, enrolment: Enrolment) -> None:
    name = enrolment.reference.category.name
    messages.success(
        request,
        f"The photo of {name} needs an owner's approval."
        if _waits(enrolment)
        else f"The photo of {name} was added.",
    )
    _warn(request, enrolment)


def _warn(request: HttpRequest, done: Enrolment | Described) -> None:
    for warning in warnings_answer(done.warnings):
        messages.warning(request, warning["detail"])
