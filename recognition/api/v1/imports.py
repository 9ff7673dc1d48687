from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.access import GalleryView
from recognition.api.archives import ArchiveField, ArchiveView
from recognition.api.idempotency import idempotent
from recognition.api.inputs import Flag
from recognition.api.v1.jobs import JobAnswer
from recognition.archives.name_encodings import ENCODINGS
from recognition.models import Scope
from recognition.services.imports.start_import import start_import


class ImportInput(serializers.Serializer[Any]):
    """An archive of images."""

    archive = ArchiveField(
        help_text="zip or tar.gz. A file's category, by slug, external id or name, is the top "
        "folder that it lies in, below the folder that holds them all; without any folder each "
        "photo is a category, named by its file. Or the archive has a table, manifest.csv, .tsv or "
        ".xlsx, with the columns file, category and, if you like, external_id, name (of a new "
        "category) and prompts (separated by |). A gallery's bundle is taken as one."
    )
    # The metaclass takes fields off the class, so that no method of DRF's own is hidden.
    create = Flag(  # type: ignore[assignment]
        default=False, help_text="Make categories that do not exist."
    )
    dry_run = Flag(
        default=False,
        help_text="Plan it, and enrol nothing until that is confirmed (`…/jobs/{job}/confirm/`).",
    )
    encoding = serializers.ChoiceField(
        choices=[(each, each) for each in ENCODINGS],
        required=False,
        help_text="In which the names in the archive are, where it does not say. By default UTF-8 "
        "where all of them may be; else it is guessed, and the plan is to be confirmed.",
    )


class ImportList(ArchiveView, GalleryView):
    scope = Scope.ENROL

    @extend_schema(request=ImportInput, responses={202: JobAnswer})
    @idempotent
    def post(self, request: Request, gallery: str) -> Response:
        """Enrol an archive in the background. `Location` is the job's address."""
        given = ImportInput(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        job = start_import(
            gallery=self.gallery,
            archive=values["archive"],
            create=values["create"],
            dry_run=values["dry_run"],
            encoding=values.get("encoding", ""),
            user=self.user,
        )
        return self.accepted(JobAnswer(job).data, "job", job=job.public_id)
