from __future__ import annotations

from django.conf import settings
from django.db import models

from recognition.models.category import Category
from recognition.models.gallery import Gallery
from recognition.models.identifiers import job_id, reference_id
from recognition.models.reference import BoxField, Reference


def archive_path(job: Job, _filename: str) -> str:
    return f"galleries/{job.gallery_id}/imports/{job.public_id}"


class Job(models.Model):
    """Work that outlasts a request, done by whichever worker holds its lease.

    The lease is ``holder`` until ``lease_until``; a holder that dies stops extending it, and
    another takes over. ``attempts`` counts leases since the last progress, ``errors`` those of
    them that an exception ended.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        PLANNED = "planned", "To be confirmed"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    class Kind(models.TextChoices):
        IMPORT = "import", "Import"
        EVALUATION = "evaluation", "Evaluation"
        ENCODER = "encoder", "Change of encoder"

    public_id = models.CharField(max_length=40, unique=True, default=job_id, editable=False)
    gallery = models.ForeignKey(Gallery, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    code = models.CharField(max_length=50, blank=True, help_text="Why it failed; for programs.")
    detail = models.TextField(blank=True, help_text="Why it failed; for people.")
    archive = models.FileField(upload_to=archive_path, max_length=200, blank=True)
    create_categories = models.BooleanField(default=False)
    dry_run = models.BooleanField(
        default=False, help_text="Nothing is enrolled until its plan is confirmed."
    )
    name_encoding = models.CharField(
        max_length=20, blank=True, help_text="Of the archive's names, where a caller has said it."
    )
    plan = models.JSONField(null=True, help_text="What is to be enrolled, once that is known.")
    confirmed_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True, help_text="When all that it enrolled was removed.")
    total = models.PositiveIntegerField(null=True, help_text="Null until the files are counted.")
    enrolled = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    holder = models.CharField(max_length=40, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    queued_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveIntegerField(default=0, editable=False)
    errors = models.PositiveIntegerField(default=0, editable=False)
    last_error = models.TextField(
        blank=True, editable=False, help_text="Why it is tried again; empty once it gets on."
    )
    key_name = models.CharField(
        max_length=100, blank=True, editable=False, help_text="Of the API key that started it."
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "queued_at"])]

    def __str__(self) -> str:
        return self.public_id

    @property
    def done(self) -> int:
        return self.enrolled + self.skipped + self.failed


UNFINISHED = (Job.State.QUEUED, Job.State.RUNNING)
"""What a worker may take."""

OPEN_JOBS = (*UNFINISHED, Job.State.PLANNED)
"""What may still be cancelled."""


class JobRow(models.Model):
    """What became of one file of an archive.

    ``position`` is the file's place in the archive, null where a manifest names a file that is not
    there. ``planned_reference`` is the public id of the reference that it becomes, fixed
    beforehand, so that a worker that takes over writes the same files again.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ENROLLED = "enrolled", "Enrolled"
        SKIPPED = "skipped", "Skipped"
        FAILED = "failed", "Failed"

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    position = models.PositiveIntegerField(null=True)
    path = models.CharField(max_length=500)
    category = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    external_id = models.CharField(max_length=200, blank=True)
    prompts = models.JSONField(default=list)
    box = BoxField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    code = models.CharField(max_length=50, blank=True)
    detail = models.TextField(blank=True)
    warnings = models.JSONField(default=list, help_text="What to know of the new reference.")
    made_category = models.ForeignKey(
        Category, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_prompts = models.JSONField(default=list, help_text="The keys of its new prompts.")
    planned_reference = models.CharField(max_length=40, default=reference_id, editable=False)
    reference = models.ForeignKey(
        Reference, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["job", "number"]
        indexes = [models.Index(fields=["job", "status", "number"])]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="one_row_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.path}: {self.status}"

    def as_reference(self) -> Reference:
        """The reference that the file becomes, not yet saved."""
        return Reference(
            public_id=self.planned_reference,
            gallery_id=self.job.gallery_id,
            external_id=self.external_id,
            box=self.box,
            created_by_id=self.job.created_by_id,
        )


class WorkerSeen(models.Model):
    """When a worker of a machine last did what the clock asked for."""

    name = models.CharField(max_length=100, unique=True)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "worker seen"
        verbose_name_plural = "workers seen"

    def __str__(self) -> str:
        return f"{self.name} at {self.at}"
