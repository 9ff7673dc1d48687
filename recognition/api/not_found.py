from __future__ import annotations

from django.http import Http404
from rest_framework.request import Request
from rest_framework.views import APIView


class NotFoundView(APIView):
    """Any address that names nothing, so that its error has the one shape too."""

    authentication_classes = ()
    permission_classes = ()
    schema = None

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Http404
