from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from recognition.dashboard import (
    audit,
    categories,
    category,
    galleries,
    identify,
    imports,
    media,
    queries,
    review,
    search,
    settings,
    verify,
)

app_name = "dashboard"

gallery = "g/<slug:gallery>/"
one = f"{gallery}c/<slug:category>/"
reference = f"{gallery}references/<str:reference>/"
query = f"{gallery}queries/<str:query>/"
job = f"{gallery}imports/<str:job>/"
urlpatterns = [
    path("login/", LoginView.as_view(template_name="dashboard/login.html"), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("", galleries.galleries, name="galleries"),
    path("favicon.ico", media.favicon, name="favicon"),
    path("new/", galleries.new, name="new_gallery"),
    path(gallery, galleries.gallery, name="gallery"),
    path(f"{gallery}health/", galleries.health, name="health"),
    path(f"{gallery}identify/", identify.identify_page, name="identify"),
    path(f"{gallery}glance/", identify.glance, name="glance"),
    path(f"{gallery}kiosk/", identify.kiosk, name="kiosk"),
    path(f"{gallery}search/", search.search_page, name="search"),
    path(f"{gallery}verify/", verify.verify_page, name="verify"),
    path(f"{gallery}settings/", settings.gallery_settings, name="settings"),
    path(f"{gallery}audit/", audit.audit, name="audit"),
    path(f"{gallery}members/", settings.member_role, name="members"),
    path(f"{gallery}remove/", settings.remove, name="remove_gallery"),
    path(f"{gallery}add/", categories.add, name="add"),
    path(f"{gallery}names/", categories.names, name="names"),
    path(one, category.category, name="category"),
    path(f"{one}glance/", verify.glance, name="glance_verified"),
    path(f"{one}kiosk/", verify.kiosk, name="kiosk_verified"),
    path(f"{one}health/", category.health, name="category_health"),
    path(f"{one}preview/", category.preview, name="preview_prompt"),
    path(f"{one}rename/", categories.rename, name="rename"),
    path(f"{one}enrol/", categories.enrol_reference, name="enrol"),
    path(f"{one}describe/", categories.describe_category, name="describe"),
    path(f"{one}remove/", categories.remove, name="remove_category"),
    path(f"{one}prompts/<int:prompt>/remove/", categories.remove_text, name="remove_prompt"),
    path(f"{reference}approve/", categories.approve, name="approve_reference"),
    path(f"{reference}reject/", categories.reject, name="reject_reference"),
    path(f"{reference}remove/", categories.remove_one, name="remove_reference"),
    path(f"{reference}image", media.reference_image, name="reference_image"),
    path(f"{reference}preview", media.reference_preview, name="reference_preview"),
    path(f"{reference}thumbnail", media.thumbnail, name="thumbnail"),
    path(f"{gallery}imports/", imports.start, name="imports"),
    path(job, imports.job, name="job"),
    path(f"{job}cancel/", imports.cancel, name="cancel_job"),
    path(f"{gallery}export/", settings.export, name="export"),
    path(f"{gallery}queries/", queries.history, name="queries"),
    path(f"{gallery}review/", review.queue, name="review"),
    path(f"{gallery}review/judge/", review.judge, name="judge_group"),
    path(f"{gallery}review/take-back/", review.take_back, name="take_back"),
    path(query, queries.query, name="query"),
    path(f"{query}judge/", queries.judge, name="judge"),
    path(f"{query}name/", queries.name, name="name_query"),
    path(f"{query}image", media.query_image, name="query_image"),
    path(f"{query}preview", media.query_preview, name="query_preview"),
    path(f"{query}thumbnail", media.query_thumbnail, name="query_thumbnail"),
]
