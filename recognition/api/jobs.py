from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.filters import JobFilters, JobRowFilters
from recognition.api.pagination import NewestFirst
from recognition.errors import EncoderChangeState, JobFinished
from recognition.models import Job, JobRow, Scope
from recognition.selectors.jobs import get_job, jobs_of, rows_of
from recognition.services.jobs.cancel_job import cancel_job


class JobAnswer(serializers.ModelSerializer[Job]):
    """Work in the background, in numbers."""

    id = serializers.CharField(source="public_id", help_text="Its name in addresses.")
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
        extra_kwargs = {
            "kind": {"help_text": "What is being done."},
            "state": {"help_text": "`queued` and `running` may still change, the others not."},
            "enrolled": {"help_text": "Files that became references."},
            "skipped": {"help_text": "Files that are enrolled already."},
            "failed": {"help_text": "Files that cannot be used; the rows say why."},
            "created_at": {"help_text": "When it was asked for."},
            "started_at": {"help_text": "When a worker first took it; null while it waits."},
            "finished_at": {"help_text": "When it ended; null until then."},
        }


class JobRowAnswer(serializers.ModelSerializer[JobRow]):
    """What became of one file of an archive."""

    code = serializers.CharField(
        help_text="Why it was not enrolled; stable, for programs. Else empty."
    )
    detail = serializers.CharField(help_text="The same as a sentence.")
    reference = serializers.CharField(
        source="reference.public_id",
        default=None,
        allow_null=True,
        help_text="The id of the reference that it became, or that it repeats; else null.",
    )

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
        extra_kwargs = {
            "number": {"help_text": "Its place in the report, from 0."},
            "path": {"help_text": "Where it lies in the archive."},
            "category": {"help_text": "The category that it is for, by slug or external id."},
            "external_id": {"help_text": "The caller's own identifier; empty without."},
            "status": {"help_text": "What became of it; `pending` until its turn comes."},
        }


class JobList(GalleryView, ListAPIView[Job]):
    """The gallery's work in the background, newest first."""

    queryset = Job.objects.none()
    serializer_class = JobAnswer
    filterset_class = JobFilters
    pagination_class = NewestFirst

    def get_queryset(self) -> Any:
        return jobs_of(self.gallery)


class JobDetail(GalleryView):
    @extend_schema(responses=JobAnswer)
    def get(self, request: Request, gallery: str, job: str) -> Response:
        """How far a job is."""
        return Response(JobAnswer(get_job(self.gallery, job)).data)


class JobRowList(GalleryView, ListAPIView[JobRow]):
    """The report of an import: one row a file, in the archive's order."""

    queryset = JobRow.objects.none()
    serializer_class = JobRowAnswer
    filterset_class = JobRowFilters

    def get_queryset(self) -> Any:
        return rows_of(get_job(self.gallery, self.kwargs["job"]))


class JobCancel(GalleryView):
    raises = (EncoderChangeState, JobFinished)
    scope = Scope.ENROL

    @extend_schema(request=None, responses=JobAnswer)
    def post(self, request: Request, gallery: str, job: str) -> Response:
        """Stop a job. What it has enrolled stays."""
        return Response(JobAnswer(cancel_job(job=get_job(self.gallery, job))).data)
