"""One signed POST to an address that a stranger gave."""

from __future__ import annotations

import asyncio

import httpx

from recognition.services.webhooks.addresses import resolve

TIMEOUT_SECONDS = 15.0
USER_AGENT = "oneshot-webhooks/1"


def send(url: str, *, body: bytes, headers: dict[str, str], allow_private: bool) -> int:
    """Send a request and return the status that was answered; redirects are not followed, nor is
    the answer's body read.

    Raises AddressRefused, httpx.HTTPError, OSError, or TimeoutError when all of it takes more than
    15 seconds.
    """
    return asyncio.run(_send(httpx.URL(url), body, headers, allow_private))


async def _send(url: httpx.URL, body: bytes, headers: dict[str, str], allow_private: bool) -> int:
    async with asyncio.timeout(TIMEOUT_SECONDS):
        address = await resolve(url, allow_private=allow_private)
        # Connecting to what was checked, whatever the name means a moment later. Certificates
        # are still checked against the name.
        async with (
            httpx.AsyncClient(trust_env=False, timeout=TIMEOUT_SECONDS) as client,
            client.stream(
                "POST",
                url.copy_with(host=str(address)),
                content=body,
                headers={
                    "Host": url.netloc.decode("ascii"),
                    "Content-Type": "application/json",
                    "User-Agent": USER_AGENT,
                    **headers,
                },
                extensions={"sni_hostname": url.raw_host.decode("ascii")},
            ) as response,
        ):
            return response.status_code
