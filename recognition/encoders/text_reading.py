"""How much of a text an encoder reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Encoding


@dataclass(frozen=True, slots=True)
class TextRead:
    """The part of a text that is read: how many of its characters count, from its start, and what
    of these means nothing to the encoder, as it stands there.
    """

    characters: int
    total: int
    unknown: tuple[str, ...] = ()

    @property
    def is_cut(self) -> bool:
        return self.characters < self.total


def text_read(text: str, encoding: Encoding, *, room: int, unknown_id: int | None) -> TextRead:
    """Return which part of a text is read.

    ``encoding`` is of the whole text, as it is tokenized; ``room`` is how many tokens the text
    tower takes of it, its marks of start and end included; ``unknown_id`` is the token of what the
    vocabulary does not have.
    """
    content = [at for at, special in enumerate(encoding.special_tokens_mask) if not special]
    kept = content[: max(room - (len(encoding.ids) - len(content)), 0)]
    end = encoding.offsets[kept[-1]][1] if kept else 0
    unknown = dict.fromkeys(
        text[slice(*encoding.offsets[at])] for at in kept if encoding.ids[at] == unknown_id
    )
    is_cut = len(kept) < len(content)
    return TextRead(end if is_cut else len(text), len(text), tuple(unknown))
