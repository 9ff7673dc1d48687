from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.filters import JobFilters, JobRowFilters
from recognition.api.inputs import Flag
from recognition.api.pagination import NewestFirst
from recognition.api.v1.answers import WarningAnswer
from recognition.archives.name_encodings import ENCODINGS
from recognition.core.errors import EncoderChangeState, JobFinished, JobNotPlanned, JobNotUndoable
from recognition.models import Job, JobRow, Scope
from recognition.selectors.jobs import get_job, jobs_of, rows_of
from recognition.services.imports.confirm_import import confirm_import
from recognition.services.imports.undo_import import undo_import
from recognition.services.jobs.cancel_job import cancel_job


class NamesRead(serializers.Serializer[Any]):
    """How one of the archive's names reads in an encoding."""

    encoding = serializers.CharField(help_text="Such as `utf-8` or `cp932`.")
    example = serializers.CharField(help_text="A name as it reads in it; empty for plain names.")


class PlanNames(NamesRead):
    """How the names in an archive were read."""

    guessed = serializers.BooleanField(help_text="The archive does not say its encoding.")
    others = NamesRead(many=True, help_text="How it would read in the next likely ones.")


class PlanLeftOut(serializers.Serializer[Any]):
    """What systems and programs left among the files: bins, caches, dot files."""

    count = serializers.IntegerField(min_value=0, help_text="How many files.")
    paths = serializers.ListField(child=serializers.CharField(), help_text="The first of them.")


class ImportPlan(serializers.Serializer[Any]):
    """What an import is to enrol."""

    photos = serializers.IntegerField(min_value=0, help_text="Files that become references.")
    prompts = serializers.IntegerField(min_value=0, help_text="Descriptions, by a manifest.")
    categories = serializers.IntegerField(min_value=0, help_text="Which they are of.")
    new_categories = serializers.IntegerField(
        min_value=0, help_text="How many of these the gallery does not have."
    )
    new_names = serializers.ListField(
        child=serializers.CharField(), help_text="The first of the new ones."
    )
    makes_categories = serializers.BooleanField(help_text="Whether new ones are made.")
    layout = serializers.ChoiceField(
        choices=["folders", "mixed", "flat", "manifest", "bundle"],
        help_text="What says which file is of which category: folders; folders with photos beside "
        "them, which is a guess; the files' own names; a table; a gallery's bundle.",
    )
    # The metaclass takes fields off the class, so that nothing of DRF's own is hidden.
    root = serializers.CharField(  # type: ignore[assignment]
        help_text="The folder that holds the categories'."
    )
    manifest = serializers.CharField(help_text="The table that was read; empty without.")
    deeper_folders = serializers.ListField(
        child=serializers.CharField(),
        help_text="The first folders inside a category's; their photos are the category's.",
    )
    names = PlanNames(help_text="How the names in the archive were read.")
    left_out = PlanLeftOut(help_text="What systems and programs had left there.")
    is_guess = serializers.BooleanField(
        help_text="Whether it rests on a guess: then it waits to be confirmed, asked or not."
    )


class ConfirmInput(serializers.Serializer[Any]):
    """How to go on."""

    encoding = serializers.ChoiceField(
        choices=[(each, each) for each in ENCODINGS],
        required=False,
        help_text="In which the archive's names are; they are read anew. By default as planned.",
    )
    dry_run = Flag(default=False, help_text="Only plan anew, and wait to be confirmed again.")


class JobAnswer(serializers.ModelSerializer[Job]):
    """Work in the background, in numbers."""

    id = serializers.CharField(source="public_id", help_text="Its name in addresses.")
    code = serializers.CharField(help_text="Why it failed; stable, for programs. Else empty.")
    detail = serializers.CharField(help_text="Why it failed, as a sentence. Else empty.")
    total = serializers.IntegerField(
        min_value=0, allow_null=True, help_text="Files to look at; null until they are counted."
    )
    done = serializers.IntegerField(min_value=0, help_text="enrolled + skipped + failed")
    plan = ImportPlan(
        allow_null=True,
        help_text="What an import is to enrol, once that is known; null before, and of other work.",
    )
    errors = serializers.IntegerField(  # type: ignore[assignment]
        min_value=0, help_text="How often it has stopped since it last got on, to be tried again."
    )
    last_error = serializers.CharField(help_text="Why it is tried again; empty once it gets on.")

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
            "dry_run",
            "plan",
            "errors",
            "last_error",
            "created_at",
            "started_at",
            "confirmed_at",
            "finished_at",
            "undone_at",
        ]
        extra_kwargs = {
            "kind": {"help_text": "What is being done."},
            "state": {
                "help_text": "`queued` and `running` may still change; `planned` waits for "
                "`confirm`, with nothing enrolled; the others have ended."
            },
            "dry_run": {"help_text": "Whether nothing is enrolled until its plan is confirmed."},
            "enrolled": {"help_text": "Files that became references."},
            "skipped": {"help_text": "Files that are enrolled already."},
            "failed": {"help_text": "Files that cannot be used; the rows say why."},
            "created_at": {"help_text": "When it was asked for."},
            "started_at": {"help_text": "When a worker first took it; null while it waits."},
            "confirmed_at": {"help_text": "When its plan was confirmed; null without."},
            "finished_at": {"help_text": "When it ended; null until then."},
            "undone_at": {"help_text": "When what it enrolled was taken back; null until then."},
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

    warnings = WarningAnswer(
        many=True, help_text="What to know of the new reference, as a single enrolment tells it."
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
            "warnings",
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


class JobConfirm(GalleryView):
    raises = (JobNotPlanned,)
    scope = Scope.ENROL

    @extend_schema(request=ConfirmInput, responses=JobAnswer)
    def post(self, request: Request, gallery: str, job: str) -> Response:
        """Let an import go on whose plan waits to be confirmed."""
        given = ConfirmInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        confirmed = confirm_import(
            job=get_job(self.gallery, job),
            encoding=values.get("encoding", ""),
            plan_again=values["dry_run"],
            user=self.user,
        )
        return Response(JobAnswer(confirmed).data)


class JobUndo(GalleryView):
    raises = (JobNotUndoable,)
    scope = Scope.ENROL

    @extend_schema(request=None, responses=JobAnswer)
    def post(self, request: Request, gallery: str, job: str) -> Response:
        """Take back all that an import enrolled: its references and prompts, and the categories
        that it made, unless they hold more by now."""
        return Response(JobAnswer(undo_import(job=get_job(self.gallery, job), user=self.user)).data)
