"""Whom an address belongs to, as far as it shows."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address, ip_network

MAX_LENGTH = 64
SITE_BITS = 64
"""Every customer has that much of IPv6, and may use each address in it (RFC 6177)."""


def network_of(address: str) -> str:
    """Return the network of an address: an IPv4 address by itself; of an IPv6 address its /64."""
    try:
        parsed = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return address[:MAX_LENGTH]
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ip_network((parsed, SITE_BITS), strict=False))
    return str(parsed)
