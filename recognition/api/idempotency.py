"""The ``Idempotency-Key`` header on calls that create."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.core.files.uploadedfile import UploadedFile
from rest_framework.request import Request
from rest_framework.response import Response

from recognition.api.base import ApiView
from recognition.services.idempotency import FirstAnswer, begin, finish, still_running

V = TypeVar("V", bound=ApiView)
P = ParamSpec("P")
Method = Callable[Concatenate[V, Request, P], Response]


def idempotent(method: Method[V, P]) -> Method[V, P]:
    """Run a view's method once for an ``Idempotency-Key``; later requests get its answer."""

    @wraps(method)
    def once(self: V, request: Request, /, *args: P.args, **kwargs: P.kwargs) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is None:
            return method(self, request, *args, **kwargs)
        begun = begin(user=self.user, caller=_caller(self), key=key, digest=_digest(request))
        if isinstance(begun, FirstAnswer):
            return _replayed(begun)
        try:
            with still_running(begun):
                response = method(self, request, *args, **kwargs)
        except BaseException:
            finish(begun, status=500)
            raise
        finish(
            begun,
            status=response.status_code,
            answer=_kept(self, response.data),
            location=response.get("Location", ""),
        )
        return response

    once.idempotent = True  # type: ignore[attr-defined]
    return once


def _caller(view: ApiView) -> str:
    return f"key {view.key.prefix}" if view.key is not None else "session"


def _kept(view: ApiView, answer: Any) -> Any:
    """The answer without what is shown once."""
    return answer | dict.fromkeys(view.shown_once, "") if view.shown_once else answer


def _replayed(first: FirstAnswer) -> Response:
    headers = {"Idempotent-Replayed": "true"}
    if first.location:
        headers["Location"] = first.location
    return Response(first.answer, status=first.status, headers=headers)


def _digest(request: Request) -> str:
    """Of the method, the address and the fields; a multipart boundary may differ."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}".encode())
    _update(digest, request.data)
    return digest.hexdigest()


def _update(digest: Any, value: Any) -> None:
    if isinstance(value, UploadedFile):
        for chunk in value.chunks():
            digest.update(chunk)
        value.seek(0)
    elif isinstance(value, Mapping):
        for name in sorted(value):
            digest.update(f"\0{name}=".encode())
            _update(digest, value.getlist(name) if hasattr(value, "getlist") else value[name])
    elif isinstance(value, list):
        for item in value:
            digest.update(b"\0-")
            _update(digest, item)
    else:
        digest.update(value if isinstance(value, bytes) else repr(value).encode())
