"""What a gallery, as it is, does not allow."""

from __future__ import annotations

from recognition.errors.base import Conflict


class AlreadyExists(Conflict):
    code = "already_exists"


class QuotaExceeded(Conflict):
    """A gallery or a user holds as much as the operator lets it."""

    code = "quota_exceeded"
    title = "There is no room for more"


class EmptyCategory(Conflict):
    """A category with nothing to compare with."""

    code = "category_empty"


class AlreadyApproved(Conflict):
    """A reference that no longer waits was to be rejected."""

    code = "already_approved"
