"""What schemathesis cannot guess: which bytes are an image, and what a form cannot tell apart."""

from __future__ import annotations

import re
from base64 import b64encode
from io import BytesIO

import schemathesis
from hypothesis import strategies as st
from PIL import Image

from tests.api.builders import BUNDLE

HEALTH = {"/healthz", "/readyz", "/metrics"}
FORMS = {"multipart/form-data", "application/x-www-form-urlencoded"}


def _image(kind: str) -> bytes:
    buffer = BytesIO()
    Image.linear_gradient("L").convert("RGB").resize((96, 64)).save(buffer, kind)
    return buffer.getvalue()


IMAGES = {f"image/{kind.lower()}": _image(kind) for kind in ("PNG", "JPEG", "WEBP")}
for media_type, image in IMAGES.items():
    schemathesis.openapi.media_type(media_type, st.just(image))
schemathesis.openapi.media_type("application/zip", st.just(BUNDLE))
texts = [b64encode(image).decode() for image in IMAGES.values()]
schemathesis.openapi.format("byte", st.sampled_from(texts))
BOXES = ["8,8,40,40", "0,0,96,64"]
schemathesis.openapi.format("box", st.sampled_from(BOXES))


@schemathesis.hook
def filter_case(context, case) -> bool:
    """A form has nothing but text: text in place of a list or an object is not wrong there, and
    beside a file schemathesis fills in empty texts, whatever their schema says. Which boxes lie
    within an image, and that there is an image and no other regions are asked for, no schema
    tells."""
    if case.meta is not None and case.meta.generation.mode.is_positive and _has_odd_box(case.body):
        return False
    if case.media_type not in FORMS or case.meta is None:
        return True
    return case.meta.generation.mode.is_positive and not _has_blank(case.body)


def _has_odd_box(body: object) -> bool:
    if not isinstance(body, dict) or not body.keys() & {"box", "regions"}:
        return False
    both = "box" in body and "regions" in body
    return both or "image" not in body or body.get("box", BOXES[0]) not in BOXES


def _has_blank(body: object) -> bool:
    values = body.values() if isinstance(body, dict) else ()
    return any(value in ("", [""]) for value in values)


@schemathesis.hook
def before_call(context, case, kwargs) -> None:
    """Beside a raw image, the fields that a call needs stand in the address."""
    if (case.media_type or "").startswith("image/"):
        case.query = {**(case.query or {}), "category": "cat", "labels": "a cat", "create": "true"}


@schemathesis.check
def the_code_is_listed(ctx, response, case) -> None:
    """An error's code is one of those that the operation lists for its status."""
    if response.status_code < 400 or response.status_code == 405 or case.path in HEALTH:
        return
    responses = case.operation.definition.raw["responses"]
    listed = responses.get(str(response.status_code), {}).get("description", "")
    assert response.json()["code"] in re.findall(r"`(\w+)`", listed.partition("Code: ")[2])
