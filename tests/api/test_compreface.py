"""CompreFace's own clients, unchanged, against a gallery of faces."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from recognition.core.types import Domain
from recognition.models import ApiKey, Gallery, Query
from recognition.services.api_keys.issue_key import issue_key
from recognition.services.galleries.create_gallery import create_gallery
from tests.photos import photo, portrait

# The client comes with a requests-toolbelt that asks for a module which urllib3 2 has no more, of
# Google's App Engine. Nothing here uses it.
sys.modules.setdefault("urllib3.contrib.appengine", ModuleType("appengine"))
from compreface import CompreFace  # noqa: E402

NODE_MODULES = os.environ.get("ONESHOT_TEST_NODE_MODULES")


@pytest.fixture
def people(domains, alice, settings) -> Gallery:
    settings.RECOGNITION = {**settings.RECOGNITION, "compreface": True}
    return create_gallery(name="People", owner=alice, domain=Domain.FACES)


@pytest.fixture
def key(people: Gallery, alice) -> str:
    _, secret = issue_key(user=alice, name="door", galleries=[people])
    return secret


@pytest.fixture
def service(live_server, key: str):
    host, _, port = live_server.url.rpartition(":")
    return CompreFace(host, port).init_face_recognition(key)


def test_its_python_client_enrols_recognises_verifies_and_forgets(service, people):
    examples, subjects = service.get_face_collection(), service.get_subjects()
    assert subjects.add("Eileen") == {"subject": "Eileen"}
    added = examples.add(photo("astronaut.png"), "Eileen")
    assert added["subject"] == "Eileen"
    assert examples.list()["faces"] == [added]

    [found] = service.recognize(portrait(0.8), {"limit": 1, "face_plugins": "landmarks"})["result"]
    [nearest] = found["subjects"]
    assert nearest["subject"] == "Eileen"
    assert 0 <= nearest["similarity"] <= 1
    assert found["box"]["x_min"] < found["box"]["x_max"]
    assert found["landmarks"]
    # It is a query like any other.
    assert Query.objects.get().gallery == people

    [same] = examples.verify(portrait(0.8), added["image_id"])["result"]
    assert same["subject"] == "Eileen"
    assert same["similarity"] == pytest.approx(nearest["similarity"], abs=0.2)

    assert subjects.update("Eileen", "Commander") == {"updated": True}
    assert subjects.list() == {"subjects": ["Commander"]}
    assert examples.delete(added["image_id"])["subject"] == "Commander"
    assert subjects.delete("Commander") == {"subject": "Commander"}
    assert subjects.delete_all() == {"deleted": 0}


def test_renaming_to_a_name_that_is_there_joins_the_two(service):
    subjects = service.get_subjects()
    subjects.add("Eileen")
    subjects.add("Commander")
    subjects.update("Eileen", "Commander")
    assert subjects.list() == {"subjects": ["Commander"]}


def test_a_photo_without_a_face_has_the_number_that_clients_look_for(service):
    refused = service.recognize(photo("coffee.png"))
    assert (refused["code"], refused["oneshot_code"]) == (28, "no_face")


def test_a_key_stands_for_one_gallery_of_faces(live_server, people, alice):
    _, unbound = issue_key(user=alice, name="anything")
    _, reading = issue_key(user=alice, name="reads", galleries=[people], scopes=["identify"])
    url = f"{live_server.url}/api/v1/recognition/subjects"
    assert httpx.get(url, headers={"x-api-key": unbound}).status_code == 400
    assert httpx.get(url, headers={"x-api-key": "wrong.key"}).status_code == 401
    assert httpx.get(url).json()["oneshot_code"] == "not_authenticated"
    post = httpx.post(url, headers={"x-api-key": reading}, json={"subject": "Eileen"})
    assert (post.status_code, post.json()["oneshot_code"]) == (403, "scope_missing")


def test_an_example_of_another_gallery_is_not_there(live_server, service, people, alice):
    others = create_gallery(name="Others", owner=alice, domain=Domain.FACES)
    _, secret = issue_key(user=alice, name="elsewhere", galleries=[others])
    added = service.get_face_collection().add(photo("astronaut.png"), "Eileen")
    url = f"{live_server.url}/api/v1/recognition/faces"
    headers = {"x-api-key": secret}
    assert httpx.get(url, headers=headers).json()["faces"] == []
    gone = httpx.delete(f"{url}/{added['image_id']}", headers=headers)
    assert (gone.status_code, gone.json()["oneshot_code"]) == (404, "reference_not_found")
    assert service.get_face_collection().list()["total_elements"] == 1


def test_it_is_not_there_unless_it_is_switched_on(live_server, key, settings):
    settings.RECOGNITION = {**settings.RECOGNITION, "compreface": False}
    url = f"{live_server.url}/api/v1/recognition/subjects"
    assert httpx.get(url, headers={"x-api-key": key}).status_code == 404
    assert ApiKey.objects.get().last_used_at is None


@pytest.mark.skipif(not NODE_MODULES, reason="ONESHOT_TEST_NODE_MODULES has no client for Node")
def test_its_client_for_node_enrols_and_recognises(live_server, key, tmp_path):
    (tmp_path / "node_modules").symlink_to(str(NODE_MODULES))
    (tmp_path / "enrol.png").write_bytes(photo("astronaut.png"))
    (tmp_path / "ask.png").write_bytes(portrait(0.8))
    (tmp_path / "ask.mjs").write_text((Path(__file__).parent / "compreface_client.mjs").read_text())
    host, _, port = live_server.url.rpartition(":")
    said = subprocess.run(
        ["node", "ask.mjs", host, port, key], cwd=tmp_path, capture_output=True, text=True
    )
    assert said.stdout.splitlines()[-1:] == ["Eileen"], said.stderr
