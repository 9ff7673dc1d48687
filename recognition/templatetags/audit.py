"""The audit trail in sentences."""

from __future__ import annotations

from django import template

from recognition.models import AuditAction, AuditEntry

register = template.Library()

OF_REFERENCES = {
    AuditAction.APPROVE: "{}",
    AuditAction.REJECT: "{}",
    AuditAction.REMOVE: "{}",
    AuditAction.REEMBED: "{}",
    AuditAction.ENROL: "{}",
    AuditAction.MOVE: "{} to {name}",
    AuditAction.SPLIT: "{} as {name}",
    AuditAction.PROMOTE: "{} of {name}",
}
"""Actions on many references, of which the entry names the gallery or the category around them."""


@register.filter
def done_to(entry: AuditEntry) -> str:
    """Return what an action was done to, as it follows the verb: ``3 references to Cup``."""
    deed, count = AuditAction(entry.deed), entry.detail.get("count")
    if count and deed is AuditAction.MERGE:
        return f"{_many(count, 'category', 'categories')} into {entry.name}"
    if deed is AuditAction.VERIFY:
        accepted = "accepted" if entry.detail.get("accepted") else "rejected"
        return f"a photo as {entry.detail.get('category')}: {accepted}"
    if count and entry.kind.startswith("negative"):
        return _many(count, "photo of other things", "photos of other things")
    if count and deed in OF_REFERENCES:
        return OF_REFERENCES[deed].format(_many(count, "reference"), name=entry.name)
    what = "member" if entry.kind == "user" and entry.gallery_slug else entry.kind
    if category := entry.detail.get("category"):
        return f"a {what} of {category}"
    return f"the {what} {entry.name or entry.subject}"


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
