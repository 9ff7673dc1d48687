"""Which addresses the service may be made to call (OWASP: server-side request forgery)."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from recognition.core.errors import AddressRefused, InvalidWebhook

MAX_URL = 2000
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")
"""IPv4 addresses as they were written before they were mapped (RFC 4291, 2.5.5.1)."""

_PORTS = {"http": 80, "https": 443}

Address = IPv4Address | IPv6Address


def checked_url(url: str, *, allow_private: bool) -> str:
    """Return a web address that events may be sent to, as far as it shows. Raises InvalidWebhook
    kinds.

    A name is resolved when something is sent, since it may mean another address by then.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, ValueError):
        parsed = httpx.URL()
    if parsed.scheme not in _PORTS or not parsed.host or len(url) > MAX_URL:
        raise InvalidWebhook(f"Give an http or https address of at most {MAX_URL} characters.")
    if parsed.userinfo:
        raise InvalidWebhook("Leave user and password out: messages are signed instead.")
    try:
        literal = ip_address(parsed.host)
    except ValueError:
        if parsed.host.rstrip(".").endswith("localhost") and not allow_private:
            raise _refused(parsed.host) from None
    else:
        _check(literal, parsed.host, allow_private=allow_private)
    return url


async def resolve(url: httpx.URL, *, allow_private: bool) -> Address:
    """The address to connect to, resolved once. Raises AddressRefused if any of a name's
    addresses is inside this network, OSError if there is none.
    """
    port = url.port or _PORTS[url.scheme]
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(each[4][0]).partition("%")[0]) for each in found]
    for address in addresses:
        _check(address, url.host, allow_private=allow_private)
    return addresses[0]


def is_public(address: Address) -> bool:
    """Say whether an address lies in the internet at large, also the one that it wraps."""
    if isinstance(address, IPv6Address):
        wrapped = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if address in _NAT64:
            wrapped.append(IPv4Address(int(address) & 0xFFFFFFFF))
        if not all(is_public(inner) for inner in wrapped if inner is not None):
            return False
        if address.is_site_local or address in _COMPATIBLE:
            return False
    return address.is_global and not address.is_multicast


def _check(address: Address, host: str, *, allow_private: bool) -> None:
    if not allow_private and not is_public(address):
        raise _refused(host)


def _refused(host: str) -> AddressRefused:
    return AddressRefused(
        f"{host} is inside this network. The operator can allow that with "
        "ONESHOT_WEBHOOK_ALLOW_PRIVATE."
    )
