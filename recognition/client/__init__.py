"""A client of the service's HTTP contract. It needs httpx and nothing else of the project."""

from recognition.client.answers import Retention
from recognition.client.clients import AsyncClient, Client
from recognition.client.errors import (
    Conflict,
    ConnectionFailed,
    InvalidInput,
    InvalidKey,
    NotFound,
    OneshotError,
    PermissionRefused,
    ServiceFailed,
    TooManyRequests,
    UnexpectedAnswer,
    WaitedTooLong,
)
from recognition.client.retries import Retries

__all__ = [
    "AsyncClient",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "InvalidInput",
    "InvalidKey",
    "NotFound",
    "OneshotError",
    "PermissionRefused",
    "Retention",
    "Retries",
    "ServiceFailed",
    "TooManyRequests",
    "UnexpectedAnswer",
    "WaitedTooLong",
]
