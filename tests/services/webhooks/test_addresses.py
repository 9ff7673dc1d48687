"""The service is not made to call what lies inside its own network."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from recognition.core.errors import AddressRefused, InvalidWebhook
from recognition.models import Delivery, Webhook
from recognition.services.webhooks.addresses import checked_url, is_public
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.services.webhooks.deliver import deliver
from recognition.services.webhooks.send_test import send_test
from recognition.services.webhooks.update_webhook import update_webhook
from tests.client.scripted_server import Answer, scripted_server

INSIDE = [
    "127.0.0.1",
    "::127.0.0.1",
    "fec0::1",
    "127.1.2.3",
    "0.0.0.0",  # noqa: S104 - nothing is bound to it
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "224.0.0.1",
    "::1",
    "::",
    "fe80::1",
    "fd00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]
OUTSIDE = ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_told_apart_also_when_wrapped(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_outside_is_not_refused(address):
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]:8000/hook",
        "https://169.254.169.254/latest/meta-data/",
        "http://localhost:6379/",
        "http://LOCALHOST/",
        "http://localhost./",
        "http://db.localhost/",
    ],
)
def test_what_shows_to_be_inside_is_refused_at_once(url):
    with pytest.raises(AddressRefused):
        checked_url(url, allow_private=False)
    assert checked_url(url, allow_private=True) == url


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "http://", "example.com", "http://user:word@example.com/", "//x"]
)
def test_what_is_no_address_to_call_is_refused_in_any_case(url):
    with pytest.raises(InvalidWebhook):
        checked_url(url, allow_private=True)


@pytest.mark.django_db
def test_a_change_of_address_is_checked_alike(gallery):
    hook = create_webhook(gallery=gallery, url="https://example.com/", events=["match"])
    with pytest.raises(AddressRefused):
        update_webhook(webhook=hook, url="http://10.0.0.1/")
    assert Webhook.objects.get().url == "https://example.com/"


@pytest.mark.django_db
@pytest.mark.parametrize("spelled", ["localhost", "127.1", "2130706433", "0x7f000001"])
def test_a_name_that_means_something_inside_is_not_called(spelled, gallery):
    """Names are resolved when something is sent: by then they may mean another address."""
    hook = create_webhook(gallery=gallery, url="https://example.com/", events=["match"])
    with scripted_server(Answer(204)) as receiver:
        port = receiver.url.rpartition(":")[2].strip("/")
        Webhook.objects.update(url=f"http://{spelled}:{port}/")
        deliver(send_test(webhook=hook).pk)
    delivery = Delivery.objects.get()
    assert receiver.requests == []
    assert (delivery.state, delivery.response_status) == ("pending", None)
    assert "inside this network" in delivery.error
