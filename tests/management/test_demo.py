"""The demo recognises what it was shown, from other photos, and says unknown to the rest."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils.text import slugify

from recognition.models import Category, Gallery
from recognition.services.demo.contents import CATEGORIES, QUERIES, Described, photo, query_image
from recognition.services.demo.seed_demo import seed_demo

pytestmark = pytest.mark.django_db


def test_the_demo_is_what_was_promised():
    described = [entry for entry in CATEGORIES if isinstance(entry, Described)]
    assert len(CATEGORIES) >= 8
    assert len(described) == 2
    enrolled = {photo(entry.photo) for entry in CATEGORIES if not isinstance(entry, Described)}
    assert not enrolled & {query_image(asked) for asked in QUERIES}
    assert sum(asked.name is None for asked in QUERIES) == 2


def test_the_demo_recognises_its_queries(domains, data_dir: Path):
    call_command("demo", stdout=StringIO())
    right = 0
    for asked in QUERIES:
        path = data_dir / "query.jpg"
        path.write_bytes(query_image(asked))
        out = StringIO()
        call_command("identify", "demo", str(path), json=True, stdout=out)
        answer = json.loads(out.getvalue())
        if asked.name is None:
            assert answer["decision"] == "unknown", asked
        else:
            right += answer["category"] == slugify(asked.name)
    assert right >= 0.8 * (len(QUERIES) - 2)


def test_the_demo_is_seeded_once(domains, data_dir: Path):
    demo = seed_demo()
    Category.objects.get(slug="moon").delete()
    password = demo.password.read_text()
    seed_demo()
    assert [each.slug for each in Gallery.objects.all()] == ["characters", "demo"]
    assert not Category.objects.filter(slug="moon").exists()
    assert demo.password.read_text() == password
    assert demo.password.stat().st_mode & 0o077 == 0
    assert User.objects.get().check_password(password.strip())


def test_a_start_that_was_cut_short_is_made_up_for(domains, data_dir: Path):
    seed_demo()
    Category.objects.get(slug="moon").delete()
    (data_dir / "demo" / "seeded").unlink()
    seed_demo()
    assert Category.objects.get(slug="moon").references.count() == 1
    assert Category.objects.filter(gallery__slug="demo").count() == len(CATEGORIES)
