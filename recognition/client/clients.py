"""The two clients: the same calls, sent by a thread or by an event loop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self, TypeVar

import httpx

from recognition.client.answers import Page
from recognition.client.calls import AsyncSender, Sender
from recognition.client.contract import Contract
from recognition.client.exchange import Exchange, http_options
from recognition.client.operation import Operation, page_after
from recognition.client.polling import Polling, W
from recognition.client.retries import Retries
from recognition.client.saving import saving

T = TypeVar("T")

TIMEOUT_SECONDS = 60.0


class Client(Contract, Sender):
    """Sends calls and returns their answers. Threads may share one.

    ``base_url`` and ``api_key`` default to the environment's ``ONESHOT_URL`` and
    ``ONESHOT_API_KEY``; ``timeout`` is in seconds, of one attempt. Every call raises OneshotError.
    """

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: Retries | None = None,
    ) -> None:
        self._http = httpx.Client(**http_options(base_url, api_key, timeout))
        self._retries = retries or Retries()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def send(self, operation: Operation[T]) -> T:
        with Exchange(operation, self._retries) as exchange:
            while True:
                try:
                    response = self._attempt(exchange)
                except httpx.RequestError as error:
                    pause: float | None = exchange.pause_after_failure(error)
                else:
                    pause = exchange.pause_after(response)
                if pause is None:
                    return exchange.result(response)
                time.sleep(pause)

    def pages(self, listing: Operation[Page[T]]) -> Iterator[T]:
        page = self.send(listing)
        yield from page.items
        while page.cursor is not None:
            page = self.send(page_after(listing, page.cursor))
            yield from page.items

    def poll(self, polling: Polling[W]) -> W:
        seen = self.send(polling.ask)
        while (pause := polling.pause_after(seen)) is not None:
            time.sleep(pause)
            seen = self.send(polling.ask)
        return seen

    def _attempt(self, exchange: Exchange[Any]) -> httpx.Response:
        response = self._http.send(exchange.request(self._http), stream=True)
        try:
            if path := exchange.saves(response):
                with saving(path) as file:
                    for chunk in response.iter_bytes():
                        file.write(chunk)
            else:
                response.read()
        finally:
            response.close()
        return response


class AsyncClient(Contract, AsyncSender):
    """As ``Client``, with calls to await and lists to iterate with ``async for``."""

    def __init__(
        self,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        timeout: float = TIMEOUT_SECONDS,
        retries: Retries | None = None,
    ) -> None:
        self._http = httpx.AsyncClient(**http_options(base_url, api_key, timeout))
        self._retries = retries or Retries()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, operation: Operation[T]) -> T:
        with Exchange(operation, self._retries) as exchange:
            while True:
                try:
                    response = await self._attempt(exchange)
                except httpx.RequestError as error:
                    pause: float | None = exchange.pause_after_failure(error)
                else:
                    pause = exchange.pause_after(response)
                if pause is None:
                    return exchange.result(response)
                await asyncio.sleep(pause)

    async def pages(self, listing: Operation[Page[T]]) -> AsyncIterator[T]:
        page = await self.send(listing)
        for item in page.items:
            yield item
        while page.cursor is not None:
            page = await self.send(page_after(listing, page.cursor))
            for item in page.items:
                yield item

    async def poll(self, polling: Polling[W]) -> W:
        seen = await self.send(polling.ask)
        while (pause := polling.pause_after(seen)) is not None:
            await asyncio.sleep(pause)
            seen = await self.send(polling.ask)
        return seen

    async def _attempt(self, exchange: Exchange[Any]) -> httpx.Response:
        response = await self._http.send(exchange.request(self._http), stream=True)
        try:
            if path := exchange.saves(response):
                with saving(path) as file:
                    async for chunk in response.aiter_bytes():
                        file.write(chunk)
            else:
                await response.aread()
        finally:
            await response.aclose()
        return response
