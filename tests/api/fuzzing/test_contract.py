"""schemathesis against the running service: whatever is sent, it answers as its schema says.

``ONESHOT_FUZZ=full`` makes up more than 2,000 requests, which takes some minutes; without it a few
hundred are sent, the same ones each time. ``ONESHOT_FUZZ_SEED`` has others made up, so that a long
search can be split over runs, and ``ONESHOT_FUZZ_EXAMPLES`` says how many for each call.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from recognition.models import EncoderChange, Evaluation, Job, Query, Reference, Webhook
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.categories.create_category import create_category
from recognition.services.encoders.warm_up import warm_up, warm_up_others
from recognition.services.evaluations.start_evaluation import start_evaluation
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.imports.start_import import start_import
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from recognition.services.webhooks.create_webhook import create_webhook
from tests.api.builders import ARCHIVE
from tests.conftest import ROOT
from tests.photos import photo

HERE = Path(__file__).parent
FULL = os.environ.get("ONESHOT_FUZZ") == "full"
SEED = os.environ.get("ONESHOT_FUZZ_SEED", "1")
BUDGET = ["--max-examples", os.environ.get("ONESHOT_FUZZ_EXAMPLES", "12" if FULL else "4")]
PHASES = "coverage,fuzzing,stateful" if FULL else "fuzzing,stateful"

NAMES = {Query: "q_1", Job: "j_1", Webhook: "w_1", Evaluation: "e_1", EncoderChange: "c_1"}


@pytest.fixture
def seeded(alice, models_dir) -> None:
    """Galleries to look into, others to delete, and one of everything in the first."""
    for slug in ("pets", "birds", "doomed-1", "doomed-2"):
        gallery = create_gallery(name=slug, slug=slug, owner=alice)
        for category in ("cat", "mug", "doomed"):
            create_category(gallery=gallery, name=category, slug=category)
    create_category(gallery=gallery, name="Kite", prompts=["a kite"])
    pets = alice.galleries.get(slug="pets")
    for number in (1, 2):
        kept = enrol(gallery=pets, category="cat", data=photo("chelsea.png")).reference
        Reference.objects.filter(pk=kept.pk).update(public_id=f"r_{number}")
    identify(gallery=pets, data=photo("chelsea.png"), user=alice)
    start_import(gallery=pets, archive=ContentFile(ARCHIVE))
    create_webhook(gallery=pets, url="https://example.com/hook", events=["match"])
    start_evaluation(gallery=pets)
    EncoderChange.objects.create(gallery=pets, source=pets.encoder, target=pets.encoder)
    for model, public_id in NAMES.items():
        first = model.objects.order_by("pk").values("pk")[:1]
        model.objects.filter(pk__in=[row["pk"] for row in first]).update(public_id=public_id)


@pytest.fixture
def no_limits(settings) -> None:
    rates = dict.fromkeys(["rate_per_caller", "rate_per_address"], "1000000/min")
    settings.RECOGNITION = {**settings.RECOGNITION, **rates}


@pytest.fixture
def fuzz(live_server, seeded, no_limits):
    warm_up()
    warm_up_others()

    def run(*options: str) -> int:
        """How many requests were made up, none of which found anything."""
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file"),
            *(str(HERE / "schemathesis.toml"), "run", str(ROOT / "docs" / "openapi.yaml")),
            *("--url", live_server.url, "--checks", "all", "--seed", SEED, "--no-color"),
            # How fast the machine makes up data says nothing of the service.
            *("--suppress-health-check", "too_slow", "--phases", PHASES, *options),
        ]
        hooks = {"SCHEMATHESIS_HOOKS": "tests.api.fuzzing.hooks", "PYTHONPATH": str(ROOT)}
        ran = subprocess.run(command, env=os.environ | hooks, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return int(re.search(r"(\d+) generated", ran.stdout)[1])

    return run


def test_the_service_keeps_its_contract(fuzz, alice):
    secret = issue_key(user=alice, name="fuzz")[1]
    made_up = fuzz(*BUDGET, "--header", f"Authorization: Bearer {secret}")
    print(f"{made_up} requests")
    assert made_up > (2000 if FULL else 150)


def test_whoever_has_no_key_gets_nowhere(fuzz):
    assert fuzz("--max-examples", "2") > 50
