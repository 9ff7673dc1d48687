"""Addresses as CompreFace has them; its clients end some with a slash and some without."""

from __future__ import annotations

from django.urls import re_path

from recognition.api.compreface.views import (
    Examples,
    OneExample,
    OneSubject,
    Recognise,
    SeveralExamples,
    Subjects,
    VerifyExample,
)

urlpatterns = [
    re_path(r"^subjects/?$", Subjects.as_view()),
    re_path(r"^subjects/(?P<subject>[^/]+)/?$", OneSubject.as_view()),
    re_path(r"^faces/?$", Examples.as_view()),
    re_path(r"^faces/delete/?$", SeveralExamples.as_view()),
    re_path(r"^faces/(?P<image>[^/]+)/?$", OneExample.as_view()),
    re_path(r"^faces/(?P<image>[^/]+)/verify/?$", VerifyExample.as_view()),
    re_path(r"^recognize/?$", Recognise.as_view()),
]
