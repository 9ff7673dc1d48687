"""Files in requests: bytes in a multipart form, base64 in JSON, or the body itself."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

Schema = dict[str, Any]

MULTIPART = "multipart/form-data"
RAW = "image/*"
TEXT_ONLY = ("application/json", "application/x-www-form-urlencoded")
MEDIA_TYPES = {
    "image": "image/*",
    "archive": "application/zip, application/gzip",
    "bundle": "application/zip",
}
"""What the fields that are files hold."""


def tell_bodies_apart(operation: Schema, schemas: Schema) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    for media_type, body in content.items():
        name = body["schema"].get("$ref", "").rpartition("/")[2]
        if media_type == RAW:
            body["schema"] = {
                "type": "string",
                "format": "binary",
                "description": "The image itself. Other fields stand in the address, as in "
                "`?top_k=3`.",
            }
        elif name and (files := _named_files(schemas[name])):
            if media_type == MULTIPART:
                body["encoding"] = {each: {"contentType": MEDIA_TYPES[each]} for each in files}
            elif media_type in TEXT_ONLY:
                body["schema"] = {"$ref": f"#/components/schemas/{_textual(name, schemas)}"}
        if name and _ask_for_one_of(schemas[name]):
            operation["requestBody"]["required"] = True


def _named_files(schema: Schema) -> set[str]:
    return {name for name in MEDIA_TYPES if name in schema["properties"]}


def gather_parts(schemas: Schema) -> None:
    """Several images of one thing are one part of a form, repeated."""
    for name, schema in schemas.items():
        image = schema.get("properties", {}).get("image", {})
        if "oneOf" in image and not name.endswith("TextRequest"):
            image |= {**image.pop("oneOf")[0], "description": image["description"]}
            image["description"] += " Repeat the part for several."


def _textual(name: str, schemas: Schema) -> str:
    """The same input where nothing but text can be sent: its image in base64."""
    textual = f"{name.removesuffix('Request')}TextRequest"
    if textual not in schemas:
        schemas[textual] = deepcopy(schemas[name])
        properties = schemas[textual]["properties"]
        properties.pop("archive", None)
        image = properties.get("image", {"description": ""})
        image["description"] += " In base64, or as a data URL of it."
        for each in _files(image):
            each |= {"format": "byte", "contentEncoding": "base64", "minLength": 4}
        _ask_for_one_of(schemas[textual])
    return textual


def _files(schema: Schema) -> Iterator[Schema]:
    """The file that a field is, or may be among others."""
    if schema.get("format") == "binary":
        yield schema
    for each in [*schema.get("oneOf", []), *filter(None, [schema.get("items")])]:
        yield from _files(each)


def _ask_for_one_of(schema: Schema) -> bool:
    """Where an image and a text may be given, one of them must be."""
    asked: bool = {"image", "text"} <= schema["properties"].keys()
    if asked:
        schema["oneOf"] = [{"required": ["image"]}, {"required": ["text"]}]
    return asked
