"""What a gallery in use has behind it: queries and what was said of them, jobs, keys, webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from datetime import timedelta
from io import BytesIO
from itertools import cycle, islice
from zipfile import ZipFile

from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.utils import timezone

from recognition.core.types import Outcome
from recognition.models import Category, Event, Feedback, Gallery, Job, Query, Role
from recognition.models.identifiers import query_id
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.categories.describe import describe
from recognition.services.evaluations.start_evaluation import start_evaluation
from recognition.services.feedback.give_feedback import give_feedback
from recognition.services.galleries.set_member import set_member
from recognition.services.galleries.update_gallery import update_gallery
from recognition.services.imports.start_import import start_import
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.webhooks.create_webhook import create_webhook
from recognition.worker.take_turn import take_turn

_DAYS = 30
_JUDGED = 12
_HOOK = "https://example.org/oneshot"


def live(gallery: Gallery, owner: User, photos: Sequence[bytes], queries: int) -> None:
    """Ask, judge, import and measure as people do; then as if the queries had come over a month."""
    create_webhook(gallery=gallery, url=_HOOK, events=Event.values, user=owner)
    issue_key(user=owner, name="benchmark", galleries=[gallery])
    _await_approval(gallery, photos[0])
    described = gallery.categories.order_by("pk")[:_JUDGED]
    for category in described:
        describe(gallery=gallery, category=category, texts=[f"a photo of a {category.name}"])
    asked = [identify(gallery=gallery, data=photo, user=owner).query for photo in photos]
    for query in asked[:_JUDGED]:
        right = query.outcome == Outcome.MATCH
        verdict = Feedback.Verdict.RIGHT if right else Feedback.Verdict.UNKNOWN
        give_feedback(gallery=gallery, query=query, verdict=verdict, user=owner)
    _repeat(asked, queries)
    archive = ContentFile(_archive(photos[:_JUDGED]), name="archive.zip")
    _finish(start_import(gallery=gallery, archive=archive, create=True, user=owner))
    _finish(start_evaluation(gallery=gallery, user=owner).job)


def _await_approval(gallery: Gallery, photo: bytes) -> None:
    """A reference that waits, of somebody whose references do."""
    curator = User.objects.create_user("curator")
    set_member(gallery=gallery, username=curator.username, role=Role.CURATOR)
    update_gallery(gallery=gallery, review_references=True)
    category = Category.objects.filter(gallery=gallery).order_by("pk").first()
    enrol(gallery=gallery, category=category.slug if category else "", data=photo, user=curator)
    update_gallery(gallery=gallery, review_references=False)


def _repeat(asked: Sequence[Query], count: int) -> None:
    copies = []
    for query in islice(cycle(asked), max(count - len(asked), 0)):
        again = copy(query)
        again.pk, again.public_id = None, query_id()
        again.answer = {**query.answer, "query": again.public_id}
        copies.append(again)
    Query.objects.bulk_create(copies)
    now = timezone.now()
    for number, again in enumerate(copies, start=1):
        again.created_at = now - timedelta(days=_DAYS) * number / len(copies)
    Query.objects.bulk_update(copies, ["created_at"], batch_size=200)


def _archive(photos: Sequence[bytes]) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        for number, photo in enumerate(photos):
            archive.writestr(f"imported-{number % 3}/{number}.jpg", photo)
    return file.getvalue()


def _finish(job: Job) -> None:
    """What the worker does with a job, turn by turn."""
    while job.finished_at is None:
        take_turn(job.pk)
        job.refresh_from_db()
    if job.state != Job.State.SUCCEEDED:
        raise RuntimeError(f"The {job.kind} failed: {job.detail}")
