"""Commands that pages tell the operator to run."""

from __future__ import annotations

from django import template

from recognition.core.program import PROGRAM

register = template.Library()


@register.simple_tag
def program() -> str:
    """Return what an operator of this installation types before a command."""
    return PROGRAM
