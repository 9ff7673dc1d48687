"""From JSON to the frozen values of ``answers``, and back."""

from __future__ import annotations

from dataclasses import MISSING, asdict, fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from recognition.client.errors import UnexpectedAnswer

T = TypeVar("T")


def read(kind: type[T], value: Any) -> T:
    """``value`` as ``kind``; fields that this client does not know are passed over.

    Raises UnexpectedAnswer for a field that is missing or of another type.
    """
    try:
        return cast(T, _convert(kind, value, kind.__name__))
    except (TypeError, ValueError) as error:
        raise UnexpectedAnswer(f"The service answered in a form not understood: {error}") from None


def as_object(answer: Any) -> dict[str, Any]:
    """The fields of an answer, for JSON; moments stay ``datetime``."""
    return asdict(answer)


def _convert(kind: Any, value: Any, where: str) -> Any:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        [inner] = [argument for argument in arguments if argument is not NoneType]
        return None if value is None else _convert(inner, value, where)
    if origin is tuple:
        _expect(value, list, where)
        return tuple(_convert(arguments[0], item, where) for item in value)
    if is_dataclass(kind):
        return _record(cast(type, kind), value, where)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind in (str, int, bool, float):
        _expect(value, (int, float) if kind is float else kind, where)
    return value


def _record(kind: type, value: Any, where: str) -> Any:
    _expect(value, dict, where)
    given: dict[str, Any] = {}
    for field in fields(kind):
        if field.name in value:
            hint = _hints(kind)[field.name]
            given[field.name] = _convert(hint, value[field.name], f"{where}.{field.name}")
        elif field.default is MISSING:
            raise ValueError(f"{where}.{field.name} is missing")
    return kind(**given)


def _expect(value: Any, kinds: type | tuple[type, ...], where: str) -> None:
    if not isinstance(value, kinds):
        raise TypeError(f"{where} is a {type(value).__name__}")


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
