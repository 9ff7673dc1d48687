"""What only the service's own process can tell of pages: run as a module, it prints a session of
the reader's, every address that shows something, how often each asks the database, and the rest."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from recognition.benchmarks.pages.fill import OWNER, SLUG

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.test import Client

_HOST = "localhost"
_START = 2_000
_TEXTS = ("text/html", "application/json")
_NO_ROW = "of nothing that is there"
_SENT_ON = "which send on"


def main() -> None:
    import django

    django.setup()

    from django.conf import settings
    from django.contrib.auth.models import User
    from django.test import Client

    from recognition.benchmarks.pages.addresses import find
    from recognition.models import Gallery

    reader, nobody = Client(SERVER_NAME=_HOST), Client(SERVER_NAME=_HOST)
    reader.force_login(User.objects.get(username=OWNER))
    found = find(Gallery.objects.get(slug=SLUG))
    shown, pictures, left_out = [], {}, defaultdict(list, {_NO_ROW: found.without_row})
    for address in found.addresses:
        client, response, queries = _first_shown((reader, nobody), address.path)
        if response.headers.get("Content-Type", "").startswith("image/"):
            pictures[address.name] = address.path
        elif why_not := _why_not(response):
            left_out[why_not].append(address.name)
        else:
            is_page = b"<html" in response.content[:_START]
            queries_asked = {"queries": queries, "is_page": is_page, "signed_in": client is reader}
            shown.append(asdict(address) | queries_asked)
    session = reader.cookies[settings.SESSION_COOKIE_NAME].value
    output = {"session": session, "shown": shown, "pictures": pictures, "left_out": left_out}
    print(json.dumps(output))


def _first_shown(clients: tuple[Client, ...], path: str) -> tuple[Client, Any, int]:
    """Who is shown an address, what, and by how many queries; the last, where nobody is."""
    for client in clients:
        response, queries = _ask(client, path)
        if _why_not(response) != _SENT_ON:
            break
    return client, response, queries


def _ask(client: Client, path: str) -> tuple[Any, int]:
    """The second answer: the first may load what later ones share."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    return response, len(queries)


def _why_not(response: HttpResponse) -> str:
    """Why an answer is none that is read, or nothing."""
    if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return "which only change something"
    if response.status_code != HTTPStatus.OK:
        sent_on = 300 <= response.status_code < 400
        return _SENT_ON if sent_on else f"which answer {response.status_code}"
    if response.streaming or not response.headers.get("Content-Type", "").startswith(_TEXTS):
        return "of files"
    return "" if response.content else _NO_ROW


if __name__ == "__main__":
    main()
