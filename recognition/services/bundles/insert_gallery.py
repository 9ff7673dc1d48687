"""A bundle's gallery, categories, prompts, references and embeddings as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from django.contrib.auth.models import User

from recognition.core.errors import AlreadyExists, InvalidBundle, InvalidInput
from recognition.core.names import free_name, name_key
from recognition.core.texts import checked_name
from recognition.core.types import Matrix
from recognition.models import (
    Category,
    Embedding,
    EncoderRecord,
    Gallery,
    Membership,
    Prompt,
    Reference,
    Role,
)
from recognition.services.bundles.manifest import Manifest, box_of
from recognition.services.bundles.store_images import StoredImages
from recognition.services.change_log import log_additions
from recognition.services.galleries.create_gallery import is_taken
from recognition.services.galleries.slugs import checked_slug, free_slug
from recognition.services.quotas import (
    check_bytes,
    check_categories,
    check_galleries,
    check_references,
)


def insert_gallery(
    manifest: Manifest,
    vectors: Matrix,
    images: StoredImages,
    *,
    encoder: EncoderRecord,
    owner: User,
    slug: str,
) -> Gallery:
    """Write a bundle's gallery, inside a transaction. Raises AlreadyExists for the slug,
    InvalidBundle for what clashes.
    """
    _check_unique(manifest)
    if slug and is_taken(checked_slug(slug)):
        raise AlreadyExists(f"There is a gallery {slug!r} already; choose another slug.")
    check_galleries(owner)
    head = manifest["gallery"]
    gallery = Gallery.objects.create(
        slug=slug or free_slug(head["slug"], "gallery", is_taken),
        name=head["name"],
        description=head["description"],
        target_far=head["target_far"],
        review_references=head["review_references"],
        encoder=encoder,
    )
    Membership.objects.create(gallery=gallery, user=owner, role=Role.OWNER)
    check_categories(gallery, len(manifest["categories"]))
    check_references(gallery, len(manifest["references"]))
    categories = insert_categories(gallery, manifest["categories"])
    embeddings = [
        *_of_prompts(gallery, manifest, categories, vectors),
        *_of_references(gallery, manifest, categories, vectors, images, owner),
    ]
    log_additions(gallery, embeddings)
    return gallery


def _check_unique(manifest: Manifest) -> None:
    categories, references = manifest["categories"], manifest["references"]
    given = {
        "slug": [each["slug"] for each in categories],
        "external_id of a category": [each["external_id"] for each in categories],
        "external_id of a reference": [each["external_id"] for each in references],
    } | {
        f"prompt of {each['slug']!r}": [prompt["text"] for prompt in each["prompts"]]
        for each in categories
    }
    for what, values in given.items():
        counted = Counter(value for value in values if value)
        for value, times in counted.most_common(1):
            if times > 1:
                raise InvalidBundle(f"The bundle gives the {what} {value!r} {times} times.")


def insert_categories(gallery: Gallery, parts: Sequence[Manifest]) -> dict[str, Category]:
    """Write a bundle's categories and return them by slug. Of those with the same name the first
    keeps it; the others are numbered, and listed for the curator. An older version wrote such
    bundles. Raises InvalidBundle for a name that no category may have.
    """
    first: dict[str, Category] = {}
    rows = []
    for part in parts:
        row = Category(
            gallery=gallery,
            slug=part["slug"],
            name=_name_of(part),
            external_id=part["external_id"],
            metadata=part["metadata"],
        )
        row.twin_of = first.setdefault(name_key(row.name), row)
        rows.append(row)
    taken = set(first)
    for row in rows:
        if row.twin_of is row:
            row.twin_of = None
        else:
            row.name = free_name(row.name, taken.__contains__)
            taken.add(name_key(row.name))
    elders = Category.objects.bulk_create(row for row in rows if row.twin_of is None)
    twins = Category.objects.bulk_create(row for row in rows if row.twin_of is not None)
    return {category.slug: category for category in [*elders, *twins]}


def _name_of(part: Manifest) -> str:
    try:
        return checked_name(part["name"])
    except InvalidInput as error:
        raise InvalidBundle(
            f"The category {part['slug']!r}: {error.detail} Rename it, and export anew."
        ) from error


def _of_prompts(
    gallery: Gallery, manifest: Manifest, categories: dict[str, Category], vectors: Matrix
) -> list[Embedding]:
    parts = [(part["slug"], each) for part in manifest["categories"] for each in part["prompts"]]
    prompts = Prompt.objects.bulk_create(
        Prompt(category=categories[slug], text=each["text"]) for slug, each in parts
    )
    return [
        Embedding(
            gallery=gallery,
            category=prompt.category,
            encoder=gallery.encoder,
            prompt=prompt,
            data=Embedding.pack(vectors[each["vector"]]),
        )
        for prompt, (_, each) in zip(prompts, parts, strict=True)
    ]


def _of_references(
    gallery: Gallery,
    manifest: Manifest,
    categories: dict[str, Category],
    vectors: Matrix,
    images: StoredImages,
    owner: User,
) -> list[Embedding]:
    parts = manifest["references"]
    if unknown := {each["category"] for each in parts} - categories.keys():
        raise InvalidBundle(f"References name the category {min(unknown)}, which is not there.")
    made = [
        _reference(gallery, categories[each["category"]], each, images, owner) for each in parts
    ]
    check_bytes(gallery, sum(each.stored_bytes or 0 for each in made))
    references = Reference.objects.bulk_create(made)
    return [
        Embedding(
            gallery=gallery,
            category=reference.category,
            encoder=gallery.encoder,
            reference=reference,
            data=Embedding.pack(vectors[each["vector"]]),
        )
        for reference, each in zip(references, parts, strict=True)
    ]


def _reference(
    gallery: Gallery, category: Category, part: Manifest, images: StoredImages, owner: User
) -> Reference:
    reference = Reference(
        gallery=gallery,
        category=category,
        width=part["width"],
        height=part["height"],
        sha256=part["sha256"],
        external_id=part["external_id"],
        box=box_of(part),
        created_by=owner,
    )
    if part["image"] is not None:
        stored = images.of(part)
        reference.public_id = stored.public_id
        reference.image, reference.thumbnail = stored.image, stored.thumbnail
        reference.width, reference.height = stored.width, stored.height
        reference.stored_bytes = stored.size
        reference.box = stored.box
    return reference
