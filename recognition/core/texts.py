"""What may be said of things, however it comes: by a form, the API, an import or a bundle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from recognition.core.errors import InvalidInput
from recognition.core.names import clean_name, forbidden_character, is_path_trick, name_key
from recognition.core.storable import storable_json

MAX_NAME = 200
MAX_WRITTEN_NAME = 4 * MAX_NAME
"""Before it is composed: a letter with its marks may take four characters."""

MAX_DESCRIPTION = 5000
MAX_METADATA_BYTES = 20_000


def checked_gallery_name(text: str) -> str:
    """Return a gallery's name stripped: no two galleries are told apart by it. Raises
    InvalidInput.
    """
    name = checked_text(text, "A gallery's name", most=MAX_NAME).strip()
    if not name:
        raise InvalidInput("A gallery needs a name.")
    return name


def checked_name(text: str) -> str:
    """Return a category's name as it is kept. Raises InvalidInput for one that nobody could read,
    or that is too long.
    """
    name = clean_name(text) if len(text) <= MAX_WRITTEN_NAME else text
    if len(name) > MAX_NAME:
        raise InvalidInput(
            f"A category's name has at most {MAX_NAME} characters; this one has {len(name)}."
        )
    if not name_key(name):
        raise InvalidInput("A category needs a name.")
    if character := forbidden_character(name):
        raise InvalidInput(f"A name cannot hold {character}. Leave it out.")
    if is_path_trick(name):
        raise InvalidInput(f"A name cannot be “{name}”, which file systems take for a folder.")
    return name


def checked_id(text: str) -> str:
    """Return the caller's own identifier, empty for none. Raises InvalidInput."""
    return checked_text(text, "An external id", most=MAX_NAME)


def checked_description(text: str) -> str:
    return checked_text(text, "A description", most=MAX_DESCRIPTION)


def checked_text(text: str, what: str, *, most: int) -> str:
    """Return a text that may be kept. Raises InvalidInput for more than ``most`` characters, a NUL
    or half of a surrogate pair; ``what`` names it there.
    """
    if len(text) > most:
        raise InvalidInput(f"{what} has at most {most} characters; this one has {len(text)}.")
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise InvalidInput(f"{what} holds no NUL and no half of a surrogate pair.")
    return text


def checked_metadata(metadata: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return metadata that may be kept. Raises InvalidInput for more than 20,000 bytes as JSON, or
    what no database keeps.
    """
    try:
        size = len(storable_json(metadata))
    except (ValueError, RecursionError):
        raise InvalidInput(
            "Metadata holds no NUL, no half of a surrogate pair and no infinite number, and is "
            "not nested too deep."
        ) from None
    if size > MAX_METADATA_BYTES:
        raise InvalidInput(f"Metadata has at most {MAX_METADATA_BYTES} bytes as JSON.")
    return metadata
