"""What an identification does not depend on, from the bytes of real photos to the kept answer."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import count

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from PIL import Image

from recognition.models import Gallery
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.recognition.answer import Answer
from recognition.services.recognition.identify import identify
from recognition.services.references.enrol import enrol
from tests.photos import another_view, photo

THINGS = ("chelsea.png", "coffee.png", "rocket.jpg", "coins.png", "astronaut.png")
FAR = 0.05

few = settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
things = st.sampled_from(THINGS)
numbers = count(1)


@pytest.fixture
def owner(alice: User, models_dir) -> User:
    return alice


def enrolled(owner: User, files: Sequence[tuple[str, bytes]]) -> Gallery:
    """A new gallery of references, each of a category, in this order."""
    gallery = create_gallery(name=f"Gallery {next(numbers)}", owner=owner)
    for name, data in files:
        enrol(gallery=gallery, category=name[:5], data=data, create=True, advise=False)
    return gallery


def answered(gallery: Gallery, data: bytes) -> Answer:
    return identify(gallery=gallery, data=data, far=FAR, keep=False).answer


def essence(answer: Answer) -> tuple:
    scores = {c["category"]: round(c["score"], 4) for c in answer["candidates"]}
    return answer["decision"], answer["category"], scores, answer["threshold"]["score"]


def written(data: bytes, *, scale: float = 1.0, level: int = 6) -> bytes:
    """The same picture in another file, and at another size."""
    with Image.open(BytesIO(data)) as opened:
        image = opened.convert("RGB")
    if scale != 1.0:
        size = round(image.width * scale), round(image.height * scale)
        image = image.resize(size, Image.Resampling.LANCZOS)
    buffer = BytesIO()
    image.save(buffer, "PNG", compress_level=level)
    return buffer.getvalue()


@few
@given(order=st.permutations(THINGS[:4]), asked=things)
def test_an_answer_does_not_depend_on_the_order_of_enrolment(owner, order, asked):
    straight, shuffled = (
        enrolled(owner, [(name, photo(name)) for name in names]) for names in (THINGS[:4], order)
    )
    query = another_view(asked)
    assert essence(answered(straight, query)) == essence(answered(shuffled, query))


@few
@given(again=st.sampled_from(THINGS[:4]), copies=st.integers(1, 3), asked=things)
def test_an_answer_does_not_depend_on_a_reference_given_again(owner, again, copies, asked):
    once = [(name, photo(name)) for name in THINGS[:4]]
    twice = [*once, *((again, written(photo(again), level=level)) for level in range(copies))]
    query = another_view(asked)
    first, second = (answered(enrolled(owner, files), query) for files in (once, twice))
    assert essence(first) == essence(second)


@few
@given(scale=st.floats(0.6, 2.0), asked=things)
def test_an_answer_does_not_depend_on_the_scale_of_the_image(owner, scale, asked):
    gallery = enrolled(owner, [(name, photo(name)) for name in THINGS[:4]])
    view = another_view(asked)
    first, second = (
        answered(gallery, data) for data in (written(view), written(view, scale=scale))
    )
    assert (first["decision"], first["category"]) == (second["decision"], second["category"])


@few
@given(names=st.permutations(THINGS), data=st.data())
def test_an_unrelated_category_never_turns_a_match_into_another(owner, names, data):
    known = names[:3]
    gallery = enrolled(owner, [(name, photo(name)) for name in known])
    query = another_view(data.draw(st.sampled_from(known)))
    before = answered(gallery, query)
    assume(before["decision"] == "match")
    enrol(gallery=gallery, category="other", data=photo(names[3]), create=True, advise=False)
    assert answered(gallery, query)["category"] in {before["category"], None}
