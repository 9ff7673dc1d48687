"""Regions of photos over HTTP: boxes, all faces, all marks; stored once, removed for good."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image, ImageDraw

from recognition.models import FileDeletion, Gallery, Query, Reference, Webhook
from recognition.services.references.reembed_references import reembed_references
from tests.photos import another_view, photo, portrait, upload

pytestmark = pytest.mark.django_db

API = "/api/v1/galleries/"


def png(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def two_women() -> bytes:
    """One woman twice on a table, on the left at twice the size."""
    scene = opened(photo("coffee.png")).resize((1200, 800))
    face = opened(portrait())
    scene.paste(face.resize((440, 600)), (60, 120))
    scene.paste(face, (820, 300))
    return png(scene)


def page_of_marks() -> bytes:
    """A triangle, a cross, and a ring of two arcs apart, on paper."""
    page = Image.new("RGB", (900, 400), (244, 242, 236))
    draw = ImageDraw.Draw(page)
    draw.polygon([(80, 300), (160, 90), (240, 300)], outline="black", width=9)
    draw.line([(380, 120), (540, 280)], fill="black", width=9)
    draw.line([(540, 120), (380, 280)], fill="black", width=9)
    draw.arc((670, 110, 850, 290), 10, 170, fill="black", width=9)
    draw.arc((670, 110, 850, 290), 190, 350, fill="black", width=9)
    return png(page)


def made(client, domain: str = "general") -> str:
    answer = client.post(API, {"name": f"Of {domain}", "domain": domain}, format="json")
    assert answer.status_code == 201, answer.content
    return f"{API}{answer.json()['slug']}/"


def ask(client, url: str, call: str, data: bytes, **given):
    return client.post(f"{url}{call}/", {"image": upload(data), **given}, format="multipart")


def enrol(client, url: str, category: str, data: bytes, **given):
    return ask(client, url, "references", data, category=category, create="true", **given)


def media(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name


def beside(*names: str) -> bytes:
    """Photos side by side, each 400 pixels wide and high."""
    scene = Image.new("RGB", (400 * len(names), 400))
    for at, name in enumerate(names):
        scene.paste(opened(photo(name)).resize((400, 400)), (400 * at, 0))
    return png(scene)


def test_all_faces_are_answered_each_with_its_box(domains, as_alice):
    url = made(as_alice, "faces")
    assert enrol(as_alice, url, "Eileen", portrait()).status_code == 201
    answer = ask(as_alice, url, "identify", two_women(), regions="all").json()
    large, small = answer["regions"]
    assert large["box"]["width"] > 1.5 * small["box"]["width"]
    assert large["box"]["x"] < 500 < 820 < small["box"]["x"]
    assert [len(each["landmarks"]) for each in answer["regions"]] == [5, 5]
    assert [each["category"] for each in answer["regions"]] == ["Eileen", "Eileen"]
    assert answer["decision"] == "match"
    assert answer["query"] == large["query"]
    assert "2 regions of one photo" in large["threshold"]["basis"]


def test_each_region_is_a_query_of_the_one_kept_photo(domains, as_alice):
    url = made(as_alice, "faces")
    enrol(as_alice, url, "Eileen", portrait())
    answer = ask(as_alice, url, "identify", two_women(), regions="all").json()
    first, second = (as_alice.get(f"{url}queries/{r['query']}/").json() for r in answer["regions"])
    assert (first["photo"], second["photo"]) == (None, first["id"])
    assert second["box"] == answer["regions"][1]["box"]
    assert len({query.image.name for query in Query.objects.all()}) == 1
    said = {"verdict": "it_is", "category": "Twin", "promote": True, "create": True}
    told = as_alice.post(f"{url}queries/{second['id']}/feedback/", said, format="json")
    assert told.status_code == 200, told.content
    reference = as_alice.get(f"{url}references/{told.json()['reference']}/").json()
    assert reference["box"] == second["box"]
    assert as_alice.get(f"{url}queries/{first['id']}/").json()["feedback"] is None


def test_a_face_in_a_box_is_enrolled_and_the_one_beside_it_is_not(domains, as_alice):
    url = made(as_alice, "faces")
    scene = opened(two_women())
    box = "780,260,300,400"
    reference = enrol(as_alice, url, "Small", png(scene), box=box).json()
    assert reference["box"] == {"x": 780, "y": 260, "width": 300, "height": 400}
    without = enrol(as_alice, url, "Cup", png(scene), box="520,0,240,240")
    assert (without.status_code, without.json()["code"]) == (422, "no_face")
    [kept] = Reference.objects.all()
    before = bytes(kept.embeddings.get().data)
    gallery = Gallery.objects.get()
    assert reembed_references(gallery=gallery, references=[kept]) == 0
    assert bytes(kept.embeddings.get().data) == before


def test_marks_that_stand_apart_are_found_by_their_ink(domains, as_alice):
    url = made(as_alice, "drawings")
    page = page_of_marks()
    for name, box in {"triangle": "60,70,200,250", "cross": "360,100,200,200"}.items():
        assert enrol(as_alice, url, name, page, box=box).status_code == 201
    answer = ask(as_alice, url, "identify", page, regions="all").json()
    triangle, cross, ring = sorted(answer["regions"], key=lambda each: each["box"]["x"])
    assert [triangle["candidates"][0]["category"], cross["candidates"][0]["category"]] == [
        "triangle",
        "cross",
    ]
    assert abs(triangle["box"]["x"] - 76) < 8
    assert abs(ring["box"]["width"] - 180) < 8
    assert Reference.objects.values("image").distinct().count() == 1


def test_a_box_is_recognised_in_a_general_gallery(models_dir, as_alice):
    url = made(as_alice)
    scene = beside("chelsea.png", "coffee.png", "rocket.jpg")
    for name, box in {"cat": [0, 0, 400, 400], "cup": [400, 0, 400, 400]}.items():
        assert enrol(as_alice, url, name, scene, box=json.dumps(box)[1:-1]).status_code == 201
    answer = ask(as_alice, url, "identify", another_view("coffee.png"), box="0,0,9999,9999")
    best = answer.json()["regions"][0]["candidates"][0]
    assert best["category"] == "cup"
    searched = ask(as_alice, url, "search", scene, box="0,0,400,400").json()
    assert searched["regions"][0]["results"] == searched["results"]
    assert searched["results"][0]["similarity"] == pytest.approx(1.0, abs=1e-4)
    verified = ask(as_alice, url, "verify", scene, box="400,0,400,400", category="cup").json()
    assert verified["regions"][0]["candidate"]["similarity"] == pytest.approx(1.0, abs=1e-4)
    unfound = ask(as_alice, url, "verify", scene, regions="whole", category="cup").json()
    assert unfound["similarity"] < verified["similarity"]
    whole = ask(as_alice, "/api/v1/", "embed", scene).json()["embedding"]
    boxed = ask(as_alice, "/api/v1/", "embed", scene, box="0,0,400,400").json()
    assert boxed["regions"][0]["embedding"] == boxed["embedding"] != whole


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"box": "1,2,3"}, "invalid_box"),
        ({"box": "5000,0,10,10"}, "invalid_box"),
        ({"box": "0,0,3,3"}, "invalid_box"),
        ({"box": "0,0,90,90", "regions": "all"}, "invalid_input"),
        ({"regions": "most"}, "invalid_input"),
    ],
)
def test_what_is_no_region_is_refused(models_dir, as_alice, given, code):
    url = made(as_alice)
    answer = ask(as_alice, url, "identify", photo("coffee.png"), **given)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Query.objects.exists()


def test_a_reference_is_one_region(models_dir, as_alice):
    url = made(as_alice)
    answer = enrol(as_alice, url, "cup", photo("coffee.png"), regions="all")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def test_where_nothing_is_asked_of_regions_nothing_is_told_of_them(domains, as_alice):
    url = made(as_alice, "faces")
    enrol(as_alice, url, "Eileen", portrait())
    plain = ask(as_alice, url, "identify", two_women()).json()
    one = ask(as_alice, url, "identify", two_women(), regions="one").json()
    assert "regions" not in plain
    assert plain["candidates"][0]["score"] == pytest.approx(one["candidates"][0]["score"], abs=1e-3)
    assert plain["threshold"] == one["threshold"]
    assert one["regions"][0]["box"]["width"] > 100
    kept = Query.objects.get(public_id=plain["query"])
    assert (kept.box, kept.main) == (None, None)


def test_a_shared_photo_goes_with_the_last_of_its_references(
    models_dir, as_alice, django_capture_on_commit_callbacks
):
    url = made(as_alice)
    scene = beside("chelsea.png", "coffee.png")
    ids = [
        enrol(as_alice, url, name, scene, box=box).json()["id"]
        for name, box in {"cat": "0,0,400,400", "cup": "400,0,400,400"}.items()
    ]
    [name] = {reference.image.name for reference in Reference.objects.all()}
    thumbnails = {r.public_id: r.thumbnail.name for r in Reference.objects.all()}
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.delete(f"{url}references/{ids[0]}/").status_code == 204
    assert media(name).exists()
    assert not media(thumbnails[ids[0]]).exists()
    assert as_alice.get(f"{url}references/{ids[1]}/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert as_alice.delete(f"{url}references/{ids[1]}/").status_code == 204
    assert not media(name).exists()
    assert not FileDeletion.objects.exists()
    left = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    assert not left


def test_regions_survive_export_and_import(models_dir, as_alice):
    url = made(as_alice)
    scene = beside("chelsea.png", "coffee.png")
    for name, box in {"cat": "0,0,400,400", "cup": "400,0,400,400"}.items():
        enrol(as_alice, url, name, scene, box=box)
    bundle = b"".join(as_alice.get(f"{url}export/").streaming_content)
    given = {"bundle": upload(bundle, "bundle.zip"), "slug": "again"}
    answer = as_alice.post(f"{API}import/", given, format="multipart")
    assert answer.status_code == 201, answer.content
    again = Reference.objects.filter(gallery__slug="again").order_by("pk")
    assert [each.box.x for each in again] == [0, 400]
    assert len({each.image.name for each in again}) == 1
    gallery = Gallery.objects.get(slug="again")
    assert reembed_references(gallery=gallery, references=list(again)) == 0


def test_a_webhook_is_told_of_a_photo_once_with_all_its_regions(domains, as_alice, alice):
    url = made(as_alice, "faces")
    enrol(as_alice, url, "Eileen", portrait())
    gallery = Gallery.objects.get()
    Webhook.objects.create(gallery=gallery, url="http://127.0.0.1:9/", events=["match"])
    ask(as_alice, url, "identify", two_women(), regions="all")
    [delivery] = gallery.webhooks.get().deliveries.all()
    assert len(json.loads(delivery.body)["data"]["regions"]) == 2


def test_a_removed_category_is_named_in_no_region(domains, as_alice):
    from recognition.services.storage.erase_names import without

    url = made(as_alice, "faces")
    enrol(as_alice, url, "Eileen", portrait())
    ask(as_alice, url, "identify", two_women(), regions="all")
    answer = Query.objects.get(main=None).answer
    erased = without(answer, "Eileen", ["Eileen"])
    assert len(erased["regions"]) == 2
    assert "eileen" not in json.dumps(erased).lower()
