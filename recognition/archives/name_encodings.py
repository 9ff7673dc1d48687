"""In which encoding the names of an archive are, where it does not say."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

UTF_8 = "utf-8"

_DOS = ("cp437", "cp850", "cp866", "cp932", "cp949", "gbk", "big5", "cp1252", "cp1251")
_UNIX = ("cp1252", "cp1251", "koi8-r", "euc-jp", "cp932", "cp949", "gbk", "big5", "cp437", "cp850")
_CANDIDATES = {"dos": _DOS, "unix": _UNIX, "mac": ("mac-roman", *_UNIX)}
"""By the system that packed. Windows packs in the code page of its console (APPNOTE 6.3.10, D.1
names cp437 alone); what is likely there comes first among equals."""

ENCODINGS = tuple(dict.fromkeys((UTF_8, *_DOS, *_UNIX, "mac-roman")))
"""What a caller may say that names are in."""

_COMMON = {
    "cp932": ((0x88, 0x97), (0x40, 0xFC)),
    "euc-jp": ((0xB0, 0xCF), (0xA1, 0xFE)),
    "gbk": ((0xB0, 0xD7), (0xA1, 0xFE)),
    "big5": ((0xA4, 0xC6), (0x40, 0xFE)),
    "cp949": ((0xB0, 0xC8), (0xA1, 0xFE)),
}
"""Lead and trail bytes of the characters in everyday use: JIS X 0208 and GB 2312 level 1, Big5
level 1, the syllables of KS X 1001."""

_EXAMINED = 500
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class NameReading:
    """How names were read: the encoding, whether it is a guess, one of them as it reads, and how
    it would read otherwise, the likeliest first.
    """

    encoding: str = UTF_8
    guessed: bool = False
    example: str = ""
    others: tuple[tuple[str, str], ...] = ()


def read_names(names: Sequence[bytes], origin: str) -> NameReading:
    """Tell the encoding of names that are not ASCII; ``origin`` is ``dos``, ``unix`` or ``mac``.

    UTF-8 where all of them are: other text hardly ever is by chance (RFC 3629, 1). Otherwise a
    guess, of what is likely there the encoding in which they are most like words.
    """
    if all(_decoded(name, UTF_8) is not None for name in names):
        return NameReading()
    examined = sorted(set(names), key=len, reverse=True)[:_EXAMINED]
    scores = {
        encoding: _plausibility(examined, encoding)
        for encoding in _CANDIDATES.get(origin, _UNIX)
        if all(_decoded(name, encoding) is not None for name in examined)
    }
    if not scores:
        return NameReading(guessed=True, example=examined[0].decode(UTF_8, "backslashreplace"))
    ranked = sorted(scores, key=lambda encoding: -scores[encoding])
    example = _telling(examined)
    read = {encoding: example.decode(encoding) for encoding in ranked}
    best = ranked[0]
    others = {text: encoding for encoding, text in reversed(read.items()) if text != read[best]}
    shown = sorted(others.items(), key=lambda each: ranked.index(each[1]))[:_SHOWN]
    return NameReading(best, True, read[best], tuple((encoding, text) for text, encoding in shown))


def decode_name(name: bytes, encoding: str) -> str:
    """The name's text; bytes that the encoding has not become halves of surrogate pairs, which no
    path may hold.
    """
    try:
        return name.decode(encoding)
    except UnicodeDecodeError:
        return name.decode(UTF_8, "surrogateescape")


def _decoded(name: bytes, encoding: str) -> str | None:
    try:
        return name.decode(encoding)
    except UnicodeDecodeError:
        return None


def _telling(names: Iterable[bytes]) -> bytes:
    """The name that says most about its encoding, as an example."""
    return max(names, key=lambda name: sum(byte > 0x7F for byte in name))


def _plausibility(names: Iterable[bytes], encoding: str) -> float:
    """How much like words the names read, from -1 to 1 for each byte that is not ASCII."""
    points, count = 0.0, 0
    for name in names:
        text = name.decode(encoding)
        count += sum(byte > 0x7F for byte in name)
        for at, each in enumerate(text):
            if not each.isascii():
                points += _points(each, text[at - 1 : at], text[at + 1 : at + 2], encoding)
    return points / max(count, 1)


def _points(character: str, before: str, after: str, encoding: str) -> float:
    size = len(character.encode(encoding))
    high = sum(byte > 0x7F for byte in character.encode(encoding))
    if size > 1 and encoding in _COMMON:
        return high * (1.0 if _is_common(character, encoding) else -0.5)
    if "\uff61" <= character <= "\uff9f" or unicodedata.category(character) not in _LETTERS:
        return -1.0
    if any(each.isalpha() and _script(each) != _script(character) for each in (before, after)):
        return -1.0
    if (character.isupper() and before.islower()) or (character.islower() and after.isupper()):
        return -0.5
    return 1.0


_LETTERS = {"Lu", "Ll", "Lo"}


def _is_common(character: str, encoding: str) -> bool:
    if "\u3040" <= character <= "\u30ff":
        return encoding in {"cp932", "euc-jp"}
    lead, trail = character.encode(encoding)[:2]
    (first, last), (lowest, highest) = _COMMON[encoding]
    return first <= lead <= last and lowest <= trail <= highest


@cache
def _script(character: str) -> str:
    return unicodedata.name(character, "").partition(" ")[0]
