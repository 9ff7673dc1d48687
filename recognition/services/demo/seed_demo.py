"""A first gallery to try things with, made once an installation."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.utils.text import slugify

from recognition.core.configuration import recognition_settings
from recognition.core.types import Domain
from recognition.encoders import registry
from recognition.models import Gallery
from recognition.services.accounts.passwords import note_given_password
from recognition.services.categories.create_category import create_category
from recognition.services.demo.characters import (
    CHARACTERS,
    STRANGER,
    character_query,
    reference_image,
)
from recognition.services.demo.contents import CATEGORIES, QUERIES, Described, photo, query_image
from recognition.services.encoders.domain_encoders import domain_encoder
from recognition.services.encoders.gallery_encoders import models_dir
from recognition.services.galleries.create_gallery import create_gallery
from recognition.services.references.enrol import enrol

SLUG = "demo"
CHARACTERS_SLUG = "characters"
LOGIN = "admin"


@dataclass(frozen=True, slots=True)
class Demo:
    """The demonstration's names and files, for whoever started it. ``password`` is where it is
    kept.
    """

    gallery: str
    login: str
    password: Path
    queries: Path


def seed_demo() -> Demo:
    """Make the administrator, the demo gallery and its queries, each where it is missing."""
    data_dir = recognition_settings().data_dir
    demo = Demo(SLUG, LOGIN, data_dir / "admin_password", data_dir / "demo" / "queries")
    owner = _administrator(demo.password)
    write_queries(demo.queries)
    if registry.is_prepared(domain_encoder(Domain.DRAWINGS), models_dir=models_dir()):
        _seed_once(data_dir / "demo" / "characters_seeded", lambda: _fill_characters(owner))
        _write_characters(data_dir / "demo" / "characters")
    _seed_once(data_dir / "demo" / "seeded", lambda: _seed_things(owner))
    return demo


def _seed_once(done: Path, seed: Callable[[], None]) -> None:
    if not done.exists():
        seed()
        done.touch()


def _seed_things(owner: User) -> None:
    gallery = Gallery.objects.filter(slug=SLUG).first() or create_gallery(
        name="Demo",
        slug=SLUG,
        owner=owner,
        description="Sample photos, one example each.",
        target_far=0.05,
    )
    _fill(gallery, owner)


def _fill_characters(owner: User) -> None:
    """A gallery of drawings, its characters added where they are missing."""
    gallery = Gallery.objects.filter(slug=CHARACTERS_SLUG).first() or create_gallery(
        name="Characters",
        slug=CHARACTERS_SLUG,
        owner=owner,
        description="Letters, digits and marks of one font, one picture each.",
        domain=Domain.DRAWINGS,
    )
    for character in CHARACTERS:
        if not gallery.categories.filter(name=character).exists():
            data = reference_image(character)
            enrol(gallery=gallery, category=character, data=data, create=True, user=owner)


def _write_characters(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for character in CHARACTERS + STRANGER:
        path = folder / f"{unicodedata.name(character).lower().replace(' ', '-')}.png"
        if not path.exists():
            path.write_bytes(character_query(character))


def write_queries(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for asked in QUERIES:
        name = slugify(asked.name or f"unknown {Path(asked.photo).stem}")
        path = folder / f"{name}.jpg"
        if not path.exists():
            path.write_bytes(query_image(asked))


def _fill(gallery: Gallery, owner: User) -> None:
    """Add the categories that are missing, so that a start cut short is made up for."""
    for entry in CATEGORIES:
        slug = slugify(entry.name)
        existing = gallery.categories.filter(slug=slug).first()
        if isinstance(entry, Described):
            if existing is None:
                create_category(gallery=gallery, name=entry.name, slug=slug, prompts=[entry.prompt])
            continue
        category = existing or create_category(gallery=gallery, name=entry.name, slug=slug)
        if not category.references.exists():
            enrol(
                gallery=gallery,
                category=slug,
                data=photo(entry.photo),
                user=owner,
                advise=False,
            )


def _administrator(password_file: Path) -> User:
    if admin := User.objects.filter(username=LOGIN).first():
        return admin
    password = secrets.token_urlsafe(12)
    password_file.touch(mode=0o600)
    password_file.write_text(f"{password}\n")
    admin = User.objects.create_superuser(LOGIN, password=password)
    note_given_password(user=admin)
    return admin
