"""The client has a call for every operation that the service's schema lists."""

from __future__ import annotations

import inspect
import re
import typing

from recognition.client.calls import Method, Pages
from recognition.client.cli.session import FAR
from recognition.client.contract import Contract
from recognition.client.operation import Operation
from recognition.client.polling import Polling
from recognition.core.rates import MAX_FAR, MIN_FAR
from tests.api.test_schema import operations

LISTS = {
    re.sub(r"\{\w+\}", "x", address.removeprefix("/api/v1/")): operation
    for (method, address), operation in operations().items()
    if method == "get"
}
FILES = {"image", "images", "archive", "bundle"}


def sent_by(method: Method) -> Operation:
    """What a call sends that is given a file where it takes one, and else the least."""
    files, named = [], {}
    for name, each in inspect.signature(method._build).parameters.items():
        if each.kind is inspect.Parameter.VAR_POSITIONAL:
            files.append(b"x")
        elif name in FILES and each.annotation != "bool | None":
            named[name] = b"x"
        elif each.default is inspect.Parameter.empty:
            named[name] = "x"
    first = [named.pop("gallery")] if files else []
    built = method._build(*first, *files, **named)
    return built.ask if isinstance(built, Polling) else built


def test_every_operation_has_a_call():
    sent = [sent_by(each) for each in vars(Contract).values() if isinstance(each, Method)]
    missing = []
    for method, address in operations():
        if not address.startswith("/api/"):
            continue
        pattern = re.sub(r"\{\w+\}", "x", address.removeprefix("/api/v1/"))
        if (method, pattern) not in {(each.method.lower(), each.path) for each in sent}:
            missing.append(f"{method} {address}")
    assert missing == []


def test_a_list_takes_every_filter_and_order_that_the_service_has():
    for each in vars(Contract).values():
        if isinstance(each, Pages):
            path, taken = sent_by(each).path, inspect.signature(each._build).parameters.keys()
            known = {one["name"] for one in LISTS[path]["parameters"] if one["in"] == "query"}
            assert known - {"cursor"} <= taken, path


def choices_of(kind: object) -> set[str]:
    """The strings of a ``Literal``, also where it is one of several kinds."""
    return {
        each
        for argument in typing.get_args(kind)
        for each in ([argument] if isinstance(argument, str) else choices_of(argument))
    }


def test_what_a_list_may_be_asked_is_what_the_service_knows():
    for each in vars(Contract).values():
        if not isinstance(each, Pages):
            continue
        path, hints = sent_by(each).path, typing.get_type_hints(each._build)
        for parameter in LISTS[path]["parameters"]:
            choices = choices_of(hints.get(parameter["name"]))
            if choices:
                assert choices == set(parameter["schema"]["enum"]), (path, parameter["name"])


def test_a_call_sends_the_key_where_the_service_honours_it():
    honoured = {
        (method, re.sub(r"\{\w+\}", "x", address.removeprefix("/api/v1/")))
        for (method, address), each in operations().items()
        if any(one.get("name") == "Idempotency-Key" for one in each.get("parameters", []))
    }
    sent = [sent_by(each) for each in vars(Contract).values() if isinstance(each, Method)]
    creating = {(each.method.lower(), each.path) for each in sent if each.creates}
    asking = {("post", f"galleries/x/{each}/") for each in ("identify", "verify")}
    assert creating | asking == honoured


def test_the_command_line_takes_the_rates_that_the_service_takes():
    assert (FAR.min, FAR.max) == (MIN_FAR, MAX_FAR)
