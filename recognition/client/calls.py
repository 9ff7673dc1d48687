"""Calls as methods: each is written once, as a function that builds what is to be sent.

A method of ``Client`` returns what its counterpart of ``AsyncClient`` returns when awaited.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import wraps
from typing import Any, Generic, ParamSpec, Self, TypeVar, overload

from recognition.client.answers import Page
from recognition.client.operation import Operation
from recognition.client.polling import Polling, W

P = ParamSpec("P")
T = TypeVar("T")
B = TypeVar("B")
R = TypeVar("R")


class Sender(ABC):
    @abstractmethod
    def send(self, operation: Operation[T]) -> T: ...

    @abstractmethod
    def pages(self, listing: Operation[Page[T]]) -> Iterator[T]: ...

    @abstractmethod
    def poll(self, polling: Polling[W]) -> W: ...


class AsyncSender(ABC):
    @abstractmethod
    async def send(self, operation: Operation[T]) -> T: ...

    @abstractmethod
    def pages(self, listing: Operation[Page[T]]) -> AsyncIterator[T]: ...

    @abstractmethod
    async def poll(self, polling: Polling[W]) -> W: ...


class Method(Generic[P, B]):
    """A method made of the function that builds what it sends."""

    def __init__(self, build: Callable[P, B]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    def _sent_by(self, send: Callable[[B], R]) -> Callable[P, R]:
        @wraps(self._build)
        def method(*args: P.args, **kwargs: P.kwargs) -> R:
            return send(self._build(*args, **kwargs))

        return method


class Call(Method[P, Operation[T]]):
    """Sends one operation."""

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Sender, owner: type) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: AsyncSender, owner: type) -> Callable[P, Awaitable[T]]: ...

    def __get__(self, client: Sender | AsyncSender | None, owner: type) -> Any:
        return self if client is None else self._sent_by(client.send)


class Pages(Method[P, Operation[Page[T]]]):
    """Iterates over all items of a list."""

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Sender, owner: type) -> Callable[P, Iterator[T]]: ...
    @overload
    def __get__(self, client: AsyncSender, owner: type) -> Callable[P, AsyncIterator[T]]: ...

    def __get__(self, client: Sender | AsyncSender | None, owner: type) -> Any:
        return self if client is None else self._sent_by(client.pages)


class Polls(Method[P, Polling[W]]):
    """Asks until something has ended."""

    @overload
    def __get__(self, client: None, owner: type) -> Self: ...
    @overload
    def __get__(self, client: Sender, owner: type) -> Callable[P, W]: ...
    @overload
    def __get__(self, client: AsyncSender, owner: type) -> Callable[P, Awaitable[W]]: ...

    def __get__(self, client: Sender | AsyncSender | None, owner: type) -> Any:
        return self if client is None else self._sent_by(client.poll)
