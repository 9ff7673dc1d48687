from django.urls import path

from recognition.dashboard import audit, categories, category, galleries, imports, media, negatives
from recognition.dashboard.history import queries, review
from recognition.dashboard.insights import insights
from recognition.dashboard.recognition import identify, search, verify
from recognition.dashboard.settings import (
    encoder,
    export,
    general,
    invitations,
    keys,
    members,
    removal,
    retention,
    webhooks,
)

app_name = "dashboard"

gallery = "g/<slug:gallery>/"
one = f"{gallery}c/<slug:category>/"
reference = f"{gallery}references/<str:reference>/"
query = f"{gallery}queries/<str:query>/"
settings = f"{gallery}settings/"
negative = f"{gallery}negatives/<str:negative>/"
webhook = f"{settings}webhooks/<str:webhook>/"
job = f"{gallery}imports/<str:job>/"
urlpatterns = [
    path("", galleries.galleries, name="galleries"),
    path("favicon.ico", media.favicon, name="favicon"),
    path("new/", galleries.new, name="new_gallery"),
    path(gallery, galleries.gallery, name="gallery"),
    path(f"{gallery}domain/", galleries.decline_domain, name="decline_domain"),
    path(f"{gallery}health/", galleries.health, name="health"),
    path(f"{gallery}identify/", identify.identify_page, name="identify"),
    path(f"{gallery}glance/", identify.glance, name="glance"),
    path(f"{gallery}kiosk/", identify.kiosk, name="kiosk"),
    path(f"{gallery}search/", search.search_page, name="search"),
    path(f"{gallery}verify/", verify.verify_page, name="verify"),
    path(f"{gallery}verify/picks/", verify.picks, name="picks"),
    path(f"{gallery}audit/", audit.audit, name="audit"),
    path(settings, general.general, name="settings"),
    path(f"{settings}members/", members.members, name="members"),
    path(f"{settings}members/invite/", invitations.invite_somebody, name="invite"),
    path(
        f"{settings}members/invitations/<int:invitation>/withdraw/",
        invitations.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path(f"{settings}members/reset/", invitations.reset_link, name="reset_link"),
    path(f"{settings}keys/", keys.keys, name="keys"),
    path(f"{settings}keys/revoke/", keys.revoke, name="revoke_key"),
    path(f"{settings}encoder/", encoder.encoder, name="encoder"),
    path(f"{settings}encoder/<str:change>/", encoder.encoder_step, name="encoder_step"),
    path(f"{settings}retention/", retention.retention, name="retention"),
    path(f"{settings}webhooks/", webhooks.webhooks, name="webhooks"),
    path(webhook, webhooks.webhook, name="webhook"),
    path(f"{webhook}test/", webhooks.test, name="test_webhook"),
    path(f"{webhook}delete/", webhooks.remove, name="remove_webhook"),
    path(f"{settings}export/", export.export_settings, name="export_settings"),
    path(f"{settings}delete/", removal.remove, name="remove_gallery"),
    path(f"{gallery}add/", categories.add, name="add"),
    path(f"{gallery}add/check/", categories.check, name="check_photo"),
    path(f"{gallery}names/", categories.names, name="names"),
    path(one, category.category, name="category"),
    path(f"{one}glance/", verify.glance, name="glance_verified"),
    path(f"{one}kiosk/", verify.kiosk, name="kiosk_verified"),
    path(f"{one}health/", category.health, name="category_health"),
    path(f"{one}preview/", category.preview, name="preview_prompt"),
    path(f"{one}rename/", categories.rename, name="rename"),
    path(f"{one}twin/", categories.twin, name="twin"),
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
    path(f"{gallery}negatives/", negatives.negatives, name="negatives"),
    path(f"{gallery}negatives/effect/", negatives.effect, name="negatives_effect"),
    path(f"{gallery}negatives/clear/", negatives.clear, name="clear_negatives"),
    path(f"{negative}remove/", negatives.remove, name="remove_negative"),
    path(f"{negative}thumbnail", negatives.thumbnail, name="negative_thumbnail"),
    path(f"{gallery}imports/", imports.start, name="imports"),
    path(job, imports.job, name="job"),
    path(f"{job}confirm/", imports.confirm, name="confirm_job"),
    path(f"{job}undo/", imports.undo, name="undo_job"),
    path(f"{job}cancel/", imports.cancel, name="cancel_job"),
    path(f"{gallery}export/", export.export, name="export"),
    path(f"{gallery}queries/", queries.history, name="queries"),
    path(f"{gallery}insights/", insights.insights, name="insights"),
    path(f"{gallery}insights/decisions/", insights.decisions, name="decisions"),
    path(f"{gallery}insights/decide/", insights.decide, name="decide"),
    path(f"{gallery}insights/measure/", insights.measure, name="measure"),
    path(f"{gallery}insights/measure/<str:evaluation>/", insights.measuring, name="measuring"),
    path(f"{gallery}insights/map/", insights.points, name="map"),
    path(f"{gallery}insights/map/alike/", insights.alike, name="alike"),
    path(f"{gallery}review/", review.queue, name="review"),
    path(f"{gallery}review/suggest/", review.suggest, name="suggest"),
    path(f"{gallery}review/judge/", review.judge, name="judge_group"),
    path(f"{gallery}review/take-back/", review.take_back, name="take_back"),
    path(query, queries.query, name="query"),
    path(f"{query}judge/", queries.judge, name="judge"),
    path(f"{query}name/", queries.name, name="name_query"),
    path(f"{query}undo/", queries.undo, name="undo_answer"),
    path(f"{query}image", media.query_image, name="query_image"),
    path(f"{query}preview", media.query_preview, name="query_preview"),
    path(f"{query}thumbnail", media.query_thumbnail, name="query_thumbnail"),
]
