"""Queries that are asked at every identification: compiled once, then only run.

The ORM takes several times longer to write one of them, and to get ready to read its rows, than the
database to answer it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from django.db import connections
from django.db.models import QuerySet
from django.db.models.query import FlatValuesListIterable, ModelIterable, get_related_populators

Value: TypeAlias = int | str | None
Build: TypeAlias = Callable[..., QuerySet[Any, Any]]
Read: TypeAlias = Callable[[list[Any]], Any]
"""What a query set gives for a row of the database."""

_Row = TypeVar("_Row")
_UNLIKELY = 0x5EED_0000


class Statement(Generic[_Row]):
    """The rows of the query set that ``build`` makes of some values.

    ``build`` may put numbers and texts into exact conditions (``pk=``, ``slug=``, ``pk__in=``) and
    nowhere else, since another such value changes nothing but the parameters of the SQL. It sees
    None as None, to leave a condition out. A statement is compiled anew for each number and kinds
    of values. It may give objects, with those that ``select_related`` names, or ``values_list``.
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
    """A query set's SQL, of each of its parameters the value that it takes, if any, and how a row
    is read: columns to Python's values, those to what the query set gives.
    """

    database: str
    sql: str
    parameters: tuple[tuple[Any, int | None], ...]
    converters: tuple[tuple[int, Callable[..., Any], Any], ...]
    read: Read

    @classmethod
    def of(cls, build: Build, values: tuple[Value, ...]) -> _Compiled:
        marks = {_mark(at, value): at for at, value in enumerate(values) if value is not None}
        queryset = build(*(None if v is None else _mark(at, v) for at, v in enumerate(values)))
        compiler = queryset.query.get_compiler(queryset.db)
        sql, parameters = compiler.as_sql()
        taken = tuple(marks.get(each) for each in parameters)
        if sorted(at for at in taken if at is not None) != sorted(marks.values()):
            raise TypeError("A statement compares with each of its values, and does no more.")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        return cls(
            queryset.db,
            sql,
            tuple(zip(parameters, taken, strict=True)),
            tuple((at, one, column) for at, (all_, column) in converters.items() for one in all_),
            _reader(queryset, compiler),
        )

    def run(self, values: tuple[Value, ...]) -> list[Any]:
        connection = connections[self.database]
        with connection.cursor() as cursor:
            cursor.execute(
                self.sql, [own if at is None else values[at] for own, at in self.parameters]
            )
            rows = cursor.fetchall()
        return [self.read(self._converted(row, connection)) for row in rows]

    def _converted(self, row: Iterable[Any], connection: Any) -> list[Any]:
        converted = list(row)
        for at, converter, column in self.converters:
            converted[at] = converter(converted[at], column, connection)
        return converted


def _reader(queryset: QuerySet[Any, Any], compiler: Any) -> Read:
    iterable = queryset._iterable_class
    if issubclass(iterable, ModelIterable):
        return _object_reader(compiler)
    return (lambda row: row[0]) if issubclass(iterable, FlatValuesListIterable) else tuple


def _object_reader(compiler: Any) -> Read:
    """Return a reader of objects as ``ModelIterable`` reads them."""
    model, own = compiler.klass_info["model"], compiler.klass_info["select_fields"]
    columns = slice(own[0], own[-1] + 1)
    names = [column.target.attname for column, *_ in compiler.select[columns]]
    # The stubs are those of Django 6, which takes one argument more.
    populators = get_related_populators(  # type: ignore[call-arg]
        compiler.klass_info, compiler.select, compiler.using
    )
    annotations = tuple((compiler.annotation_col_map or {}).items())

    def read(row: list[Any]) -> Any:
        found = model.from_db(compiler.using, names, row[columns])
        for populator in populators:
            populator.populate(row, found)
        for name, at in annotations:
            setattr(found, name, row[at])
        return found

    return read


def _mark(at: int, value: int | str) -> int | str:
    """A value that no query set has of its own."""
    mark = _UNLIKELY + at
    return str(mark) if isinstance(value, str) else mark
