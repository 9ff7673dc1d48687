"""Photos of things that are not in a gallery, through the client."""

from __future__ import annotations

import pytest

from tests.photos import FOLDER, photo


def test_they_are_given_listed_and_removed(client, tmp_path):
    words = tmp_path / "notes.txt"
    words.write_text("words")
    added = client.add_negatives("pets", FOLDER / "rocket.jpg", photo("moon.png"), words)
    assert [each.file for each in added.kept] == ["rocket.jpg", "file"]
    assert [(each.file, each.code) for each in added.refused] == [
        ("notes.txt", "image_unsupported")
    ]
    assert [each.id for each in client.list_negatives("pets")] == [each.id for each in added.kept]
    client.delete_negative("pets", added.kept[0].id)
    assert [each.id for each in client.list_negatives("pets")] == [added.kept[1].id]
    client.delete_negatives("pets")
    assert list(client.list_negatives("pets")) == []


def test_giving_none_is_refused_here(client):
    with pytest.raises(ValueError, match="at least one"):
        client.add_negatives("pets")
