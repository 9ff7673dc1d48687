from __future__ import annotations

from typing import Any

from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.pagination import NewestFirst
from recognition.models import Job, JobRow, Scope
from recognition.selectors.jobs import get_job, jobs_of, rows_of
from recognition.services.jobs.cancel_job import cancel_job


class JobAnswer(serializers.ModelSerializer[Job]):
    id = serializers.CharField(source="public_id")
    code = serializers.CharField(help_text="Why it failed; stable, for programs. Else empty.")
    detail = serializers.CharField(help_text="Why it failed, as a sentence. Else empty.")
    total = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="Files to look at; null until they are counted."
    )
    done = serializers.IntegerField(min_value=0, help_text="enrolled + skipped + failed")

    class Meta:
        model = Job
        fields = [
            "id",
            "kind",
            "state",
            "code",
            "detail",
            "total",
            "done",
            "enrolled",
            "skipped",
            "failed",
            "created_at",
            "started_at",
            "finished_at",
        ]


class JobRowAnswer(serializers.ModelSerializer[JobRow]):
    code = serializers.CharField(
        help_text="Why it was not enrolled; stable, for programs. Else empty."
    )
    detail = serializers.CharField(help_text="The same as a sentence.")
    reference = serializers.CharField(source="reference.public_id", default=None, allow_null=True)

    class Meta:
        model = JobRow
        fields = [
            "number",
            "path",
            "category",
            "external_id",
            "status",
            "code",
            "detail",
            "reference",
        ]


class JobList(GalleryView, ListAPIView[Job]):
    serializer_class = JobAnswer
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return jobs_of(self.gallery)


class JobDetail(GalleryView):
    @extend_schema(responses=JobAnswer)
    def get(self, request: Request, gallery: str, job: str) -> Response:
        return Response(JobAnswer(get_job(self.gallery, job)).data)


class JobRowList(GalleryView, ListAPIView[JobRow]):
    """The report of an import: one row a file, in the archive's order."""

    serializer_class = JobRowAnswer
    filter_backends = [DjangoFilterBackend]
    filterset_fields = ["status"]

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return JobRow.objects.none()
        return rows_of(get_job(self.gallery, self.kwargs["job"]))


class JobCancel(GalleryView):
    scope = Scope.ENROL

    @extend_schema(request=None, responses=JobAnswer)
    def post(self, request: Request, gallery: str, job: str) -> Response:
        """Stop a job. What it has enrolled stays."""
        return Response(JobAnswer(cancel_job(job=get_job(self.gallery, job))).data)
