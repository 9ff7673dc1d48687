"""``If-Match``: change something only if it is as the caller last saw it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.http import parse_etags, quote_etag
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from recognition.core.errors import PreconditionFailed


def is_conditional(request: Request | HttpRequest) -> bool:
    return request.method in {"PATCH", "DELETE"} and "If-Match" in request.headers


def require_match(request: Request, current: Callable[[], Any]) -> None:
    """``current`` gives what GET answers now. Raises PreconditionFailed for a request whose
    ``If-Match`` names another version.

    The tag is the one that Django's ConditionalGetMiddleware gives to that answer.
    """
    tags = parse_etags(request.headers["If-Match"])
    content = JSONRenderer().render(current())
    tag = quote_etag(hashlib.md5(content, usedforsecurity=False).hexdigest())
    if "*" not in tags and tag not in tags:
        raise PreconditionFailed("It has changed since you last saw it: get it again first.")
