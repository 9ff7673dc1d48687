"""One call of the HTTP contract: what is sent and how its answer is read. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import quote

import httpx

from recognition.client.answers import Page
from recognition.client.errors import UnexpectedAnswer
from recognition.client.reading import read
from recognition.client.uploads import Upload

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[T]):
    """``creates`` asks for an ``Idempotency-Key``, with which a repetition creates nothing more.

    ``path`` is below the address of version 1. An answer goes to the file ``save_to``, if given.
    """

    method: str
    path: str
    parse: Callable[[httpx.Response], T]
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None
    form: Mapping[str, Any] = field(default_factory=dict)
    uploads: Sequence[Upload] = ()
    creates: bool = False
    save_to: Path | None = None


def page_after(listing: Operation[Page[T]], cursor: str) -> Operation[Page[T]]:
    return replace(listing, params={**listing.params, "cursor": cursor})


def path(*parts: str) -> str:
    """``galleries/pets/categories/`` of its parts, each quoted."""
    return "".join(f"{quote(part, safe='')}/" for part in parts)


def given(**fields: Any) -> dict[str, Any]:
    """The fields that the caller gave; the service has its own defaults for the others."""
    return {name: value for name, value in fields.items() if value is not None}


def one(kind: type[T]) -> Callable[[httpx.Response], T]:
    return lambda response: read(kind, _json(response))


def page(kind: type[T]) -> Callable[[httpx.Response], Page[T]]:
    """Of a list, only the cursor of ``next`` is used: behind a proxy its host may be another."""

    def parse(response: httpx.Response) -> Page[T]:
        answer = _json(response)
        if not isinstance(answer, dict) or not isinstance(answer.get("results"), list):
            raise UnexpectedAnswer("The service answered with no list of results.")
        following = httpx.URL(answer.get("next") or "").params.get("cursor")
        return Page(tuple(read(kind, item) for item in answer["results"]), following)

    return parse


def nothing(_: httpx.Response) -> None:
    return None


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise UnexpectedAnswer(
            f"{response.request.url} answered with no JSON; is this the service's address?",
            status=response.status_code,
        ) from None
