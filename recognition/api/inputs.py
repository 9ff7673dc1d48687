"""Values typed as JSON types them, so that what is accepted is what the schema says.

A form, and the address, have nothing but text: there numbers are read from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.utils.html import is_html_input

from recognition.core.storable import storable_json
from recognition.core.texts import MAX_METADATA_BYTES

WITHOUT_NUL = r"^[^\u0000]*$"
NO_NUL = RegexValidator(WITHOUT_NUL, "PostgreSQL keeps no NUL: leave it out.", "null_character")
SAYS_SOMETHING = RegexValidator(
    r"^[^\u0000]*[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000][^\u0000]*$",
    "Say something: this is blank.",
    "blank",
)


class Typed(serializers.Field[Any, Any, Any, Any]):
    """Refuses a value that JSON gave another type than one of ``accepts``."""

    accepts: tuple[type, ...] = ()
    wanted = ""

    def to_internal_value(self, data: Any) -> Any:
        # Python's booleans are numbers; JSON's are not.
        fits = isinstance(data, self.accepts) and not isinstance(data, bool)
        if not fits and not is_text(self):
            raise serializers.ValidationError(f"Give {self.wanted}.", code="invalid")
        return super().to_internal_value(data)


class Text(Typed, serializers.CharField):
    """A string without NUL, and not blank unless ``allow_blank``."""

    accepts = (str,)
    wanted = "a string"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(NO_NUL if self.allow_blank else SAYS_SOMETHING)


class Slug(Typed, serializers.SlugField):
    accepts = (str,)
    wanted = "a string"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=100, **kwargs)


class Integer(Typed, serializers.IntegerField):
    accepts = (int, float)
    wanted = "a whole number"


class Float(Typed, serializers.FloatField):
    accepts = (int, float)
    wanted = "a number"


class Items(serializers.ListField):
    """A list whose items are counted before the first of them is looked at."""

    def to_internal_value(self, data: Any) -> list[Any]:
        most = getattr(self, "max_length", None)
        if most is not None and isinstance(data, list) and len(data) > most:
            raise serializers.ValidationError(
                f"Give at most {most}; here are {len(data)}.", code="max_length"
            )
        return super().to_internal_value(data)


@extend_schema_field(OpenApiTypes.BOOL)
class Flag(serializers.Field[bool, Any, bool, Any]):
    """True or false. (DRF's own reads "y", "on" and 1 too, and what a form leaves out as false.)"""

    default_error_messages = {"invalid": "Give true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if isinstance(data, bool):
            return data
        if is_text(self) and (text := str(data).lower()) in {"true", "false"}:
            return text == "true"
        self.fail("invalid")

    def to_representation(self, value: bool) -> bool:
        return value


@extend_schema_field({"type": "object", "additionalProperties": True})
class Metadata(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """A small JSON object of the caller's own."""

    default_error_messages = {
        "invalid": "Give an object.",
        "too_large": f"Metadata has at most {MAX_METADATA_BYTES} bytes as JSON.",
        "unstorable": "Metadata holds no NUL, no half of a surrogate pair and no infinite number.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("invalid")
        try:
            size = len(storable_json(data))
        except ValueError:
            self.fail("unstorable")
        if size > MAX_METADATA_BYTES:
            self.fail("too_large")
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value


class Change(serializers.Serializer[Any]):
    """What is to change of something whose answer the context has as ``now``.

    A field that cannot be changed is refused, unless it is sent back as it is; so is one that does
    not exist. Without ``now`` nothing is to be changed, and the fields are those of something new.
    """

    def to_internal_value(self, data: Any) -> Any:
        now = self.context.get("now")
        if now is not None and isinstance(data, Mapping):
            refused = {
                name: [UNCHANGEABLE if name in now else "There is no such field."]
                for name in data
                if name not in self.fields and not (name in now and data[name] == now[name])
            }
            if refused:
                raise serializers.ValidationError(refused, code="unchangeable")
        return super().to_internal_value(data)


UNCHANGEABLE = "This cannot be changed. Leave it out."


def is_text(field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Whether the values were given as text, by a form or in the address."""
    return bool(is_html_input(getattr(field.root, "initial_data", None)))
