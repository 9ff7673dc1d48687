from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from recognition.models.gallery import Gallery


class AuditAction(models.TextChoices):
    """What somebody did."""

    CREATE = "create", "Created"
    CHANGE = "change", "Changed"
    REMOVE = "remove", "Removed"
    ENROL = "enrol", "Enrolled"
    APPROVE = "approve", "Approved"
    REJECT = "reject", "Rejected"
    MOVE = "move", "Moved"
    MERGE = "merge", "Merged"
    SPLIT = "split", "Split off"
    REEMBED = "reembed", "Re-embedded"
    REBUILD = "rebuild", "Rebuilt"
    START = "start", "Started"
    FINISH = "finish", "Finished"
    CANCEL = "cancel", "Cancelled"
    CONFIRM = "confirm", "Confirmed"
    UNDO = "undo", "Undone"
    VERIFY = "verify", "Verified"
    EXPORT = "export", "Exported"
    IMPORT = "import", "Imported"
    PROMOTE = "promote", "Added"
    LET_IN = "let_in", "Added"
    LET_GO = "let_go", "Removed from the gallery"
    REVOKE = "revoke", "Revoked"
    SWITCH = "switch", "Switched"
    ROLL_BACK = "roll_back", "Rolled back"
    SIGN_IN = "sign_in", "Signed in"
    SIGN_OUT = "sign_out", "Signed out"
    FAIL = "fail", "Failed to sign in"
    LOCK = "lock", "Was locked out"
    UNLOCK = "unlock", "Unlocked"
    DENY = "deny", "Was denied"
    RESET_LINK = "reset_link", "Made a reset link for"


class AuditEntries(models.QuerySet["AuditEntry"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("What was done is not rewritten.")

    def delete(self) -> NoReturn:
        raise TypeError("What was done is not forgotten.")


class AuditEntry(models.Model):
    """Who did what, when, to what: written once, in the transaction that did it.

    Names are kept as text, since they outlive what they name.
    """

    at = models.DateTimeField("time", auto_now_add=True)
    deed = models.CharField("action", max_length=12, choices=AuditAction.choices)
    gallery = models.ForeignKey(
        Gallery, on_delete=models.SET_NULL, null=True, related_name="audit_entries"
    )
    gallery_slug = models.CharField(max_length=100, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    actor = models.CharField(max_length=150, help_text="The user's name, or the operator.")
    key = models.CharField(max_length=100, blank=True, help_text="The API key that was used.")
    kind = models.CharField(max_length=40, help_text="The kind of thing it was done to.")
    subject = models.CharField(max_length=200, help_text="Its address.")
    name = models.CharField(max_length=200, blank=True, help_text="Its name at that time.")
    detail = models.JSONField(default=dict)
    request = models.CharField(max_length=100, blank=True, help_text="The request's X-Request-ID.")

    objects = AuditEntries.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["gallery", "-id"]),
            models.Index(fields=["gallery_slug", "-id"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor}: {self.get_deed_display().lower()} {self.kind} {self.subject}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("What was done is not rewritten.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("What was done is not forgotten.")
