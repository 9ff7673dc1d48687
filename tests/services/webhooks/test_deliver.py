"""A message is sent again until it arrives or is given up, and what became of it is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from recognition.models import Delivery, Webhook
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.services.webhooks.deliver import (
    FIRST_WAIT,
    LONGEST_WAIT,
    MAX_ATTEMPTS,
    deliver,
    wait_after,
)
from recognition.services.webhooks.send_test import send_test
from tests.client.scripted_server import Answer, scripted_server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_allowed(settings) -> None:
    settings.RECOGNITION = {**settings.RECOGNITION, "webhook_allow_private": True}


def attempt(delivery: Delivery) -> timedelta | None:
    Delivery.objects.update(next_attempt_at=timezone.now())
    wait = deliver(delivery.pk)
    delivery.refresh_from_db()
    return wait


def test_a_message_is_sent_again_until_it_is_accepted(gallery):
    with scripted_server(Answer(500), Answer(302), Answer(0), Answer(200)) as receiver:
        hook = create_webhook(gallery=gallery, url=receiver.url, events=["match"])
        delivery = send_test(webhook=hook)
        seen = []
        for _ in range(4):
            wait = attempt(delivery)
            seen.append((delivery.state, delivery.response_status, wait is None))
    assert seen == [
        ("pending", 500, False),
        ("pending", 302, False),
        ("pending", None, False),
        ("delivered", 200, True),
    ]
    assert {request.body for request in receiver.requests} == {delivery.body.encode()}
    assert {request.headers["webhook-id"] for request in receiver.requests} == {delivery.public_id}
    assert (delivery.attempts, delivery.error, delivery.next_attempt_at) == (4, "", None)


def test_what_is_not_due_or_has_arrived_is_not_sent(gallery):
    with scripted_server(Answer(204), Answer(204)) as receiver:
        hook = create_webhook(gallery=gallery, url=receiver.url, events=["match"])
        delivery = send_test(webhook=hook)
        Delivery.objects.update(next_attempt_at=timezone.now() + timedelta(seconds=30))
        assert deliver(delivery.pk) is None
        assert receiver.requests == []
        attempt(delivery)
        attempt(delivery)
    assert len(receiver.requests) == 1


def test_a_message_is_given_up_in_the_end(gallery):
    with scripted_server(Answer(503)) as receiver:
        hook = create_webhook(gallery=gallery, url=receiver.url, events=["match"])
        delivery = send_test(webhook=hook)
        Delivery.objects.update(attempts=MAX_ATTEMPTS - 1)
        assert attempt(delivery) is None
    assert (delivery.state, delivery.next_attempt_at) == ("failed", None)


def test_a_receiver_that_is_gone_gets_nothing_more(gallery):
    with scripted_server(Answer(410)) as receiver:
        hook = create_webhook(gallery=gallery, url=receiver.url, events=["match"])
        first, second = send_test(webhook=hook), send_test(webhook=hook)
        attempt(first)
        attempt(second)
    assert len(receiver.requests) == 1
    assert not Webhook.objects.get().active
    assert (first.state, second.state) == ("failed", "failed")
    assert "switched off" in second.error


def test_pauses_grow_to_hours_and_end_after_about_a_day():
    waits = [wait_after(attempts) for attempts in range(1, MAX_ATTEMPTS)]
    assert FIRST_WAIT <= waits[0] <= FIRST_WAIT * 1.1
    assert LONGEST_WAIT <= waits[-1] <= LONGEST_WAIT * 1.1
    assert timedelta(hours=20) < sum(waits, timedelta()) < timedelta(hours=36)
