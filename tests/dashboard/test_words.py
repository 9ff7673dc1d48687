"""Odd words that were once on the pages, and what to say instead."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT

ODD = {
    r"\bzero-shot\b": "from a description",
    r"\bshots?\b": "photo",
    r"\bleave (it |them |all )?out\b": "Remove; Discard all",
    r"\bleft out\b": "ignored",
    r"\bthe claim\b": "Who or what should it be?",
    r"claimed to be": "Who or what should it be?",
    r"hardly sure": "Not sure. Is it this?",
    r"waits? for a word": "to review",
    r"\bnoted\b": "Confirmed; Saved",
    r"\blet (somebody )?in\b|\blet go\b": "Add member; Remove",
    r"taken for it": "No matches yet",
    r"\bis told\b": "Events",
    r"belong together": "Wrong user name or password",
    r"embed(ding)? beside|against chance": "in Details only, in the field's words",
    r"to look at\b|\bthere are\b$": "Needs attention; Totals",
    r"from now on": "added",
    r"(this|the) gallery knows": "Not in this gallery",
    r"asked about|was asked\b": "Your photo",
    r"by its word|in its words|whatever (it is|they are)": "nothing",
    r"for ever\b": "forever",
    r"taken back": "Undone",
}
WORDS = re.compile("|".join(f"({odd})" for odd in ODD), re.IGNORECASE)
TAGS = re.compile(r"{%.*?%}|{{.*?}}|<[^>]*>|{#.*?#}", re.DOTALL)
SAID_IN_TAGS = re.compile(r'(?:aria-label|placeholder|title|alt|label|hint)="([^"]*)"')


def told_by_templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text()
        for each in (*TAGS.split(text), *SAID_IN_TAGS.findall(text)):
            yield path.name, " ".join(each.split())


def told_by_code() -> Iterator[tuple[str, str]]:
    """The texts that pages, mails and the console take from the code: not its docstrings."""
    for part in ("dashboard", "admin", "sign_in", "templatetags", "services/recognition"):
        for path in sorted((ROOT / "recognition" / part).rglob("*.py")):
            tree = ast.parse(path.read_text())
            docs = {
                node.body[0].value
                for node in ast.walk(tree)
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
                if isinstance(node.body[0], ast.Expr)
            } | {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            for node in ast.walk(tree):
                if not isinstance(node, ast.Constant) or node in docs:
                    continue
                if isinstance(node.value, str) and " " in node.value:
                    yield path.name, node.value


@pytest.mark.parametrize("told", [told_by_templates, told_by_code])
def test_no_page_says_what_only_its_authors_would_say(told):
    texts = list(told())
    assert len(texts) > 100
    odd = [(where, text) for where, text in texts if WORDS.search(text)]
    assert odd == []


def test_the_odd_words_would_be_found():
    assert WORDS.search("3 shots") and WORDS.search("Leave out") and not WORDS.search("3 photos")


def test_no_template_counts_one_in_the_plural():
    """``{{ count }} photos`` says "1 photos" where nothing keeps 1 from it."""
    plural = re.compile(r"{{ [\w.|:\"-]+ }} (?:photos|categories|references|files)\b")
    found = {
        each
        for path in (ROOT / "templates").rglob("*.html")
        for each in plural.findall(path.read_text())
    }
    assert found == {"{{ count }} photos"}, "of which each is where there are several"
