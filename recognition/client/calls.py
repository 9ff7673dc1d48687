"""Calls as methods: each is written once, as a function that builds an operation.

A method of ``Client`` returns what its counterpart of ``AsyncClient`` returns when awaited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

from recognition.client.answers import Page
from recognition.client.operation import Operation

P = ParamSpec("P")
T = TypeVar("T")


class Sender(ABC):
    @abstractmethod
    def send(self, operation: Operation[T]) -> T: ...

    @abstractmethod
    def pages(self, listing: Operation[Page[T]]) -> Iterator[T]: ...


class AsyncSender(ABC):
    @abstractmethod
    async def send(self, operation: Operation[T]) -> T: ...

    @abstractmethod
    def pages(self, listing: Operation[Page[T]]) -> AsyncIterator[T]: ...


class Call(Generic[P, T]):
    """A method that sends the operation which ``build`` builds of its arguments."""

    def __init__(self, build: Callable[P, Operation[T]]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Sender, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: AsyncSender, owner: type) -> Callable[P, Awaitable[T]]: ...

    def __get__(self, client: Sender | AsyncSender | None, owner: type) -> Any:
        if client is None:
            return self

        @wraps(self._build)
        def method(*args: P.args, **kwargs: P.kwargs) -> T | Awaitable[T]:
            return client.send(self._build(*args, **kwargs))

        return method


class Pages(Generic[P, T]):
    """A method that iterates over all items of the list that ``build`` asks for."""

    def __init__(self, build: Callable[P, Operation[Page[T]]]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Sender, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: AsyncSender, owner: type) -> Callable[P, AsyncIterator[T]]: ...

    def __get__(self, client: Sender | AsyncSender | None, owner: type) -> Any:
        if client is None:
            return self

        @wraps(self._build)
        def method(*args: P.args, **kwargs: P.kwargs) -> Iterator[T] | AsyncIterator[T]:
            return client.pages(self._build(*args, **kwargs))

        return method
