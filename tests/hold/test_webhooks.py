"""A tenant whose receivers are silent delays no job, and no other tenant's messages."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event, Semaphore

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.db import connection
from django.utils import timezone

from recognition.management import processes
from recognition.models import Delivery, Job, Webhook
from recognition.models import Event as Kind
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.jobs.finish import end
from recognition.services.webhooks import deliver as delivering
from recognition.services.webhooks import record as recording
from recognition.services.webhooks.breaker import FAILURES
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.services.webhooks.deliver import deliver
from recognition.services.webhooks.record import record_event
from recognition.services.webhooks.send_test import send_test
from recognition.services.webhooks.slots import MOST
from recognition.worker.redeliver_due import OF_A_GALLERY, redeliver_due
from recognition.worker.take_turn import take_turn

URL = "https://example.org/"


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The deliveries and jobs that a message was sent for."""
    sent: list[int] = []
    monkeypatch.setattr(
        current_app, "send_task", lambda _name, args, **_: sent.append(args[0]), raising=False
    )
    return sent


def hook_of(gallery) -> Webhook:
    return create_webhook(gallery=gallery, url=URL, events=["match"])


def test_messages_have_a_queue_and_a_worker_of_their_own():
    route = current_app.amqp.router.route({}, "recognition.tasks.deliver_webhook")
    queue = route["queue"].name
    assert queue == f"{django_settings.CELERY_TASK_DEFAULT_QUEUE}-webhooks"
    jobs = current_app.amqp.router.route({}, "recognition.tasks.run_job")["queue"].name
    assert jobs == django_settings.CELERY_TASK_DEFAULT_QUEUE
    for kind, listened in ((processes.JOBS, jobs), (processes.WEBHOOKS, queue)):
        command = processes.worker(kind, threads=2)
        assert command[command.index("--queues") + 1] == listened


@pytest.mark.django_db(transaction=True)
def test_silent_receivers_of_one_gallery_leave_room_for_the_others(
    gallery, alice, monkeypatch, queued
):
    other = create_gallery(name="Other", owner=alice)
    silent = [send_test(webhook=hook_of(gallery)).pk for _ in range(20)]
    loud = send_test(webhook=hook_of(other)).pk
    began, go_on = Semaphore(0), Event()

    def send(*_: object, **__: object) -> int:
        began.release()
        go_on.wait()
        return 204

    def in_thread(pk: int) -> object:
        try:
            return deliver(pk)
        finally:
            connection.close()

    monkeypatch.setattr(delivering, "send", send)
    with ThreadPoolExecutor(MOST) as pool:
        try:
            held = [pool.submit(in_thread, pk) for pk in silent[:MOST]]
            for _ in held:
                began.acquire()
            # Whoever comes next is put off at once, rather than after a wait of seconds.
            assert [deliver(pk) for pk in silent[MOST:]] == [None] * (20 - MOST)
            monkeypatch.setattr(delivering, "send", lambda *_, **__: 204)
            deliver(loud)
            assert Delivery.objects.get(pk=loud).state == "delivered"
            queued.clear()
        finally:
            go_on.set()
    assert Delivery.objects.filter(state="delivered").count() == MOST + 1
    # Each that was sent has the next sent, so that none waits for the sweep.
    assert len(queued) == MOST
    while queued:
        deliver(queued.pop())
    assert not Delivery.objects.filter(state="pending").exists()


@pytest.mark.django_db
def test_a_receiver_that_does_not_answer_rests(gallery, monkeypatch, queued):
    hook = hook_of(gallery)
    messages = [send_test(webhook=hook).pk for _ in range(FAILURES + 5)]
    asked: list[int] = []

    def silent(*_: object, **__: object) -> int:
        asked.append(1)
        raise TimeoutError

    monkeypatch.setattr(delivering, "send", silent)
    for pk in messages:
        deliver(pk)
    assert len(asked) == FAILURES
    hook.refresh_from_db()
    assert hook.resting_until is not None and hook.resting_until > timezone.now()
    due = Delivery.objects.filter(next_attempt_at__lt=hook.resting_until)
    assert not due.exists()

    # After the rest one message is tried; it fails, and the receiver rests for longer.
    earlier, hook_rests = hook.resting_until, Webhook.objects.filter(pk=hook.pk)
    past = timezone.now() - timedelta(seconds=1)
    hook_rests.update(resting_until=past)
    Delivery.objects.update(next_attempt_at=past)
    for pk in messages:
        deliver(pk)
    assert len(asked) == FAILURES + 1
    hook.refresh_from_db()
    assert hook.resting_until > earlier

    # It answers again: all that waited is due at once.
    hook_rests.update(resting_until=past)
    Delivery.objects.update(next_attempt_at=past)
    monkeypatch.setattr(delivering, "send", lambda *_, **__: 204)
    for pk in messages:
        deliver(pk)
    hook.refresh_from_db()
    assert (hook.failures, hook.resting_until) == (0, None)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"delivered"}


@pytest.mark.django_db
def test_what_waits_for_a_receiver_has_a_bound(gallery, monkeypatch, queued):
    monkeypatch.setattr(recording, "MAX_WAITING", 3)
    hook = hook_of(gallery)
    Webhook.objects.update(resting_until=timezone.now() + timedelta(hours=1))
    for _ in range(5):
        record_event(gallery, Kind.MATCH, {"x": 1})
    states = list(Delivery.objects.filter(webhook=hook).order_by("id").values_list("state", "body"))
    assert [state for state, _ in states] == ["pending"] * 3 + ["failed"] * 2
    assert [bool(body) for _, body in states] == [True] * 3 + [False] * 2
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=4))
    redeliver_due()
    assert not Delivery.objects.filter(state="pending").exists()


@pytest.mark.django_db(transaction=True)
def test_the_sweep_queues_every_gallerys_messages(gallery, alice, queued):
    other = create_gallery(name="Other", owner=alice)
    hook, others = hook_of(gallery), hook_of(other)
    for _ in range(OF_A_GALLERY + 20):
        send_test(webhook=hook)
    last = send_test(webhook=others).pk
    Delivery.objects.update(next_attempt_at=timezone.now() - timedelta(minutes=5))
    queued.clear()
    assert redeliver_due() == OF_A_GALLERY + 1
    assert last in queued


@pytest.mark.django_db(transaction=True)
def test_jobs_of_one_user_wait_for_one_another_and_not_for_others(
    gallery, alice, bob, monkeypatch, queued
):
    jobs = [Job.objects.create(gallery=gallery, kind="import", created_by=alice) for _ in range(5)]
    bobs = Job.objects.create(gallery=gallery, kind="import", created_by=bob)
    turns: list[int] = []

    def turn(lease) -> bool:
        turns.append(lease.job.pk)
        return True

    monkeypatch.setitem(take_turn.__globals__["TURNS"], "import", turn)
    for job in [*jobs, bobs]:
        take_turn(job.pk)
    assert turns == [jobs[0].pk, bobs.pk]
    queued.clear()
    end(jobs[0], Job.State.SUCCEEDED)
    assert queued == [jobs[1].pk]
    take_turn(jobs[1].pk)
    assert turns[-1] == jobs[1].pk
