"""Queries that are asked at every identification: compiled once, then only run.

The ORM takes several times longer to write one of them than the database to answer it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import connections
from django.db.models import QuerySet

Value: TypeAlias = int | str | None
Build: TypeAlias = Callable[..., QuerySet[Any, Any]]

_Row = TypeVar("_Row")
_UNLIKELY = 0x5EED_0000


class Statement(Generic[_Row]):
    """The rows of the query set that ``build`` makes of some values.

    ``build`` may put numbers and texts into exact conditions (``pk=``, ``slug=``, ``pk__in=``) and
    nowhere else, since another such value changes nothing but the parameters of the SQL. It sees
    None as None, to leave a condition out. A statement is compiled anew for each number and kinds
    of values.
    """

    def __init__(self, build: Build) -> None:
        self._build = build
        self._compiled: dict[tuple[type, ...], _Compiled] = {}

    def __call__(self, *values: Value) -> list[_Row]:
        shape = tuple(type(value) for value in values)
        if (compiled := self._compiled.get(shape)) is None:
            compiled = self._compiled[shape] = _Compiled.of(self._build, values)
        return compiled.run(values)

    def first(self, *values: Value) -> _Row | None:
        return next(iter(self(*values)), None)


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A query set's SQL, of each of its parameters the value that it takes, if any, and how columns
    become Python's values."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    parameters: tuple[Any, ...]
    taken: tuple[int | None, ...]
    converters: dict[int, Any]

    @classmethod
    def of(cls, build: Build, values: tuple[Value, ...]) -> _Compiled:
        marks = {_mark(at, value): at for at, value in enumerate(values) if value is not None}
        queryset = build(*(None if v is None else _mark(at, v) for at, v in enumerate(values)))
        compiler = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        taken = tuple(marks.get(each) for each in parameters)
        if sorted(at for at in taken if at is not None) != sorted(marks.values()):
            raise TypeError("A statement compares with each of its values, and does no more.")
        columns = [column for column, *_ in compiler.select]
        converters = compiler.get_converters(columns)
        return cls(queryset, compiler, sql, tuple(parameters), taken, converters)

    def run(self, values: tuple[Value, ...]) -> list[Any]:
        rows = self.queryset.all()
        rows.query.get_compiler = partial(self._ready, values)  # type: ignore[method-assign]
        return list(rows)

    def _ready(self, values: tuple[Value, ...], using: str) -> Any:
        """A compiler that has nothing left to do, on this thread's connection."""
        parameters = tuple(
            given if at is None else values[at]
            for given, at in zip(self.parameters, self.taken, strict=True)
        )
        ready = copy(self.compiler)
        ready.connection = connections[using]
        ready.as_sql = lambda: (self.sql, parameters)
        ready.get_converters = lambda _: self.converters
        return ready


def _mark(at: int, value: int | str) -> int | str:
    """A value that no query set has of its own."""
    mark = _UNLIKELY + at
    return str(mark) if isinstance(value, str) else mark
