from __future__ import annotations

import pytest

from recognition.core.errors import InvalidInput
from recognition.models import Role
from recognition.selectors.galleries import role_in
from recognition.services.galleries.set_member import set_member

pytestmark = pytest.mark.django_db


def test_a_role_is_given_changed_and_taken(gallery, charlie):
    set_member(gallery=gallery, username="charlie", role=Role.VIEWER)
    assert role_in(charlie, gallery) is Role.VIEWER
    set_member(gallery=gallery, username=" charlie ", role=Role.OWNER)
    assert role_in(charlie, gallery) is Role.OWNER
    set_member(gallery=gallery, username="charlie", role=None)
    assert role_in(charlie, gallery) is None


@pytest.mark.parametrize("role", [None, Role.CURATOR])
def test_the_last_owner_stays(role, gallery, alice):
    with pytest.raises(InvalidInput, match="needs an owner"):
        set_member(gallery=gallery, username="alice", role=role)
    assert role_in(alice, gallery) is Role.OWNER


def test_nobody_is_no_member(gallery):
    with pytest.raises(InvalidInput, match="no user 'nobody'"):
        set_member(gallery=gallery, username="nobody", role=Role.VIEWER)


def test_who_has_left_is_let_go_and_owns_nothing(gallery, alice, bob):
    set_member(gallery=gallery, username="bob", role=Role.OWNER)
    bob.is_active = False
    bob.save()
    with pytest.raises(InvalidInput, match="needs an owner"):
        set_member(gallery=gallery, username="alice", role=None)
    with pytest.raises(InvalidInput, match="no user 'bob'"):
        set_member(gallery=gallery, username="bob", role=Role.CURATOR)
    set_member(gallery=gallery, username="bob", role=None)
    assert role_in(bob, gallery) is None
