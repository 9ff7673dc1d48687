"""Names as people read them: when two are the same, and what none may hold."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from itertools import count

KEY_LENGTH = 200
"""As long as a name may be. A key of 200 characters has at most 800 bytes, which fit in an index
entry of PostgreSQL (2,704 bytes)."""

_DIGEST = 64
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset(
    "\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
    "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
) | frozenset(map(chr, range(0xFE00, 0xFE10)))
"""Default-ignorable characters (Unicode, DerivedCoreProperties) that change nothing that is read:
soft hyphens, zero-width spaces, direction marks, variation selectors."""

_OVERRIDES = frozenset("\u202d\u202e")
"""They show a name backwards, so that ``exe.gpj`` reads as a photo (Unicode TR 36, 3.2)."""

_NUMBERS = re.compile(r"[0-9]+")
_DIGITS = 12
_BREAKS = re.compile(r"[\t\n\v\f\r]+")
_CONTROL_NAMES = {"\0": "NUL", "\t": "TAB", "\n": "LINE FEED", "\r": "CARRIAGE RETURN"}


def name_key(name: str) -> str:
    """Return what all ways of writing a name share, at most ``KEY_LENGTH`` characters.

    Unicode form, case, blanks and what cannot be seen make no difference. A joiner counts between
    letters of the scripts and emoji that join, nowhere else. The key of a name that shows nothing
    is empty.

    Reference: NFKC_Casefold, Unicode Standard 3.13, D147, but for joiners.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    folded = unicodedata.normalize("NFKC", folded)
    seen = "".join(each for each in folded if each not in _INVISIBLE)
    key = " ".join(_without_idle_joiners(seen).split())
    if len(key) <= KEY_LENGTH:
        return key
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return key[: KEY_LENGTH - _DIGEST] + digest


def order_key(name: str) -> str:
    """Return what names are sorted by, as a person sorts them, at most ``KEY_LENGTH`` characters.

    Case and accents make no difference, and numbers count as numbers: 2 comes before 10.
    """
    letters = unicodedata.normalize("NFKD", name_key(name))
    plain = "".join(each for each in letters if not unicodedata.combining(each))
    return _NUMBERS.sub(lambda found: found[0].zfill(_DIGITS), plain)[:KEY_LENGTH]


def clean_name(name: str) -> str:
    """Return a name as it is kept: composed (NFC), on one line, without blanks around it."""
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", name)).strip("\ufeff \u00a0\u3000").strip()


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return the name or, where its key is taken, the name with the first free number behind it."""
    if not is_taken(name_key(name)):
        return name
    for number in count(2):
        suffix = f" ({number})"
        numbered = name[: KEY_LENGTH - len(suffix)].rstrip() + suffix
        if not is_taken(name_key(numbered)):
            return numbered
    raise AssertionError("count never ends")


def forbidden_character(text: str) -> str:
    """Return the first character that no name may hold, as people can look it up; empty if none.

    Forbidden are controls, halves of surrogate pairs, which no encoding takes, and what shows a
    name backwards. Letters of every script, marks, joiners, blanks and emoji are not.
    """
    for each in text:
        if each in _OVERRIDES or unicodedata.category(each) in {"Cc", "Cs"}:
            return _told(each)
    return ""


def is_path_trick(name: str) -> bool:
    """Tell whether a name is what file systems call this folder or the one above."""
    return name_key(name) in {".", ".."}


def _told(character: str) -> str:
    kind = "half of a surrogate pair" if unicodedata.category(character) == "Cs" else "a control"
    name = _CONTROL_NAMES.get(character) or unicodedata.name(character, kind)
    return f"U+{ord(character):04X} ({name})"


def _without_idle_joiners(text: str) -> str:
    if _JOINERS.isdisjoint(text):
        return text
    kept = []
    for at, each in enumerate(text):
        beside = text[at - 1 : at] + text[at + 1 : at + 2]
        if each not in _JOINERS or (len(beside) == 2 and not _is_joined_by_nothing(beside)):
            kept.append(each)
    return "".join(kept)


def _is_joined_by_nothing(beside: str) -> bool:
    return any(each.isascii() or each.isspace() or each in _JOINERS for each in beside)
