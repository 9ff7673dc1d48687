from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from recognition.api.not_found import NotFoundView
from recognition.api.v1.audit import AuditList
from recognition.api.v1.bundles import Export, GalleryImport
from recognition.api.v1.categories import CategoryDetail, CategoryList, MergeList
from recognition.api.v1.classify import Classify
from recognition.api.v1.embed import Embed
from recognition.api.v1.encoder_changes import (
    EncoderChangeCancel,
    EncoderChangeDetail,
    EncoderChangeFinish,
    EncoderChangeList,
    EncoderChangeRollBack,
    EncoderChangeSwitch,
)
from recognition.api.v1.evaluations import EvaluationDetail, EvaluationList
from recognition.api.v1.galleries import GalleryDetail, GalleryList
from recognition.api.v1.identify import Identify
from recognition.api.v1.imports import ImportList
from recognition.api.v1.jobs import JobCancel, JobConfirm, JobDetail, JobList, JobRowList, JobUndo
from recognition.api.v1.negatives import NegativeDetail, NegativeList
from recognition.api.v1.queries import QueryDetail, QueryFeedback, QueryList
from recognition.api.v1.quotas import Quotas
from recognition.api.v1.references import (
    ReferenceApproval,
    ReferenceDetail,
    ReferenceList,
    ReferenceRejection,
)
from recognition.api.v1.search import Search
from recognition.api.v1.verify import Verify
from recognition.api.v1.webhooks import DeliveryList, WebhookDetail, WebhookList, WebhookTest

app_name = "api"

gallery = "galleries/<slug:gallery>/"
change = f"{gallery}encoder-changes/<str:change>/"
urlpatterns = [
    path("galleries/", GalleryList.as_view(), name="galleries"),
    path("galleries/import/", GalleryImport.as_view(), name="gallery-import"),
    path(gallery, GalleryDetail.as_view(), name="gallery"),
    path(f"{gallery}categories/", CategoryList.as_view(), name="categories"),
    # An external id may have a slash.
    path(f"{gallery}categories/<path:category>/", CategoryDetail.as_view(), name="category"),
    path(f"{gallery}merges/", MergeList.as_view(), name="merges"),
    path(f"{gallery}references/", ReferenceList.as_view(), name="references"),
    path(f"{gallery}references/<str:reference>/", ReferenceDetail.as_view(), name="reference"),
    path(
        f"{gallery}references/<str:reference>/approve/",
        ReferenceApproval.as_view(),
        name="reference-approve",
    ),
    path(
        f"{gallery}references/<str:reference>/reject/",
        ReferenceRejection.as_view(),
        name="reference-reject",
    ),
    path(f"{gallery}negatives/", NegativeList.as_view(), name="negatives"),
    path(f"{gallery}negatives/<str:negative>/", NegativeDetail.as_view(), name="negative"),
    path(f"{gallery}identify/", Identify.as_view(), name="identify"),
    path(f"{gallery}verify/", Verify.as_view(), name="verify"),
    path(f"{gallery}search/", Search.as_view(), name="search"),
    path(f"{gallery}queries/", QueryList.as_view(), name="queries"),
    path(f"{gallery}queries/<str:query>/", QueryDetail.as_view(), name="query"),
    path(f"{gallery}queries/<str:query>/feedback/", QueryFeedback.as_view(), name="feedback"),
    path(f"{gallery}audit/", AuditList.as_view(), name="audit"),
    path(f"{gallery}quotas/", Quotas.as_view(), name="quotas"),
    path(f"{gallery}export/", Export.as_view(), name="export"),
    path(f"{gallery}imports/", ImportList.as_view(), name="imports"),
    path(f"{gallery}jobs/", JobList.as_view(), name="jobs"),
    path(f"{gallery}jobs/<str:job>/", JobDetail.as_view(), name="job"),
    path(f"{gallery}jobs/<str:job>/rows/", JobRowList.as_view(), name="job-rows"),
    path(f"{gallery}jobs/<str:job>/cancel/", JobCancel.as_view(), name="job-cancel"),
    path(f"{gallery}jobs/<str:job>/confirm/", JobConfirm.as_view(), name="job-confirm"),
    path(f"{gallery}jobs/<str:job>/undo/", JobUndo.as_view(), name="job-undo"),
    path(f"{gallery}evaluations/", EvaluationList.as_view(), name="evaluations"),
    path(f"{gallery}evaluations/<str:evaluation>/", EvaluationDetail.as_view(), name="evaluation"),
    path(f"{gallery}webhooks/", WebhookList.as_view(), name="webhooks"),
    path(f"{gallery}webhooks/<str:webhook>/", WebhookDetail.as_view(), name="webhook"),
    path(f"{gallery}webhooks/<str:webhook>/deliveries/", DeliveryList.as_view(), name="deliveries"),
    path(f"{gallery}webhooks/<str:webhook>/test/", WebhookTest.as_view(), name="webhook-test"),
    path(f"{gallery}encoder-changes/", EncoderChangeList.as_view(), name="encoder-changes"),
    path(change, EncoderChangeDetail.as_view(), name="encoder-change"),
    path(f"{change}switch/", EncoderChangeSwitch.as_view(), name="encoder-change-switch"),
    path(f"{change}roll-back/", EncoderChangeRollBack.as_view(), name="encoder-change-roll-back"),
    path(f"{change}finish/", EncoderChangeFinish.as_view(), name="encoder-change-finish"),
    path(f"{change}cancel/", EncoderChangeCancel.as_view(), name="encoder-change-cancel"),
    path("classify/", Classify.as_view(), name="classify"),
    path("embed/", Embed.as_view(), name="embed"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("<path:rest>", NotFoundView.as_view(), name="nowhere"),
]
