"""Which names are the same, and what none may hold."""

from __future__ import annotations

import pytest

from recognition.core.names import KEY_LENGTH, clean_name, forbidden_character, free_name, name_key

SAME = [
    ("Blue Mug", "blue mug"),
    ("Blue Mug", "  BLUE\u00a0\u3000 MUG "),
    ("café", "cafe\u0301"),
    ("Mug", "Ｍｕｇ"),
    ("ﬁg", "fig"),
    ("Straße", "STRASSE"),
    ("カップ", "ｶｯﾌﾟ"),
    ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
    ("mug", "mu\u00adg\u200b"),
    ("mug", "\ufeffmug\u200d"),
    ("☺", "☺\ufe0f"),
    ("עץ", "\u200fעץ"),
]
DIFFERENT = [
    ("Blue Mug", "Blue-Mug"),
    ("mug", "mug 2"),
    ("Bär", "Bar"),
    ("نامه\u200cای", "نامهای"),
    ("👩\u200d🚀", "👩🚀"),
    ("o", "0"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_that_read_the_same_have_one_key(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_names_that_read_differently_have_keys_of_their_own(one, other):
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("name", ["", " \t", "\u200b\u200d", "\ufeff", "\u3000"])
def test_a_name_that_shows_nothing_has_no_key(name):
    assert name_key(name) == ""


def test_a_key_fits_in_its_column_and_stays_one_of_its_name():
    one, other = "ﷺ" * 200, "ﷺ" * 199 + "x"
    assert len(name_key(one)) == len(name_key(other)) == KEY_LENGTH
    assert name_key(one) != name_key(other)
    assert name_key(one) == name_key(one + " ")


@pytest.mark.parametrize(("one", "other"), SAME)
def test_a_key_is_its_own_key(one, other):
    assert name_key(name_key(other)) == name_key(one)


def test_a_name_is_kept_composed_and_on_one_line():
    assert clean_name(" cafe\u0301\n au lait\t") == "café  au lait"


def test_a_taken_name_gets_the_first_free_number():
    taken = {"mug", "mug (2)"}
    assert free_name("MUG", taken.__contains__) == "MUG (3)"
    assert free_name("cup", taken.__contains__) == "cup"
    assert len(free_name("x" * 200, lambda key: "(" not in key)) == 200


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a\x07b", "U+0007"),
        ("a\x00", "U+0000 (NUL)"),
        ("a\x85", "U+0085"),
        ("photo\u202egpj.exe", "U+202E (RIGHT-TO-LEFT OVERRIDE)"),
        ("M\udcfcller", "U+DCFC (half of a surrogate pair)"),
    ],
)
def test_what_no_name_may_hold_is_told_by_its_number(text, told):
    assert forbidden_character(text).startswith(told)


@pytest.mark.parametrize(
    "text",
    ["Screenshot 9.41\u202fAM", "a\u00a0b", "日本\u3000語", "نامه\u200cای", "👩\u200d🚀", "e\u0301",
     "\u200fעץ", "ᏣᎳᎩ", "a\u2028b"],
)  # fmt: skip
def test_letters_joiners_blanks_and_emoji_are_kept(text):
    assert forbidden_character(text) == ""
