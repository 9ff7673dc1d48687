"""Texts to tokens as open_clip makes them, without torch."""

from __future__ import annotations

import html
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from recognition.encoders.text_reading import TextRead, text_read

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Tokens = NDArray[np.int64]
"""A batch of texts, shape ``(n, length)``."""

_NO_PUNCTUATION = str.maketrans("", "", string.punctuation)


@dataclass(frozen=True, slots=True)
class Tokenizing:
    """The way in which texts are cleaned, cut and padded.

    ``clean`` is one of open_clip's ways. Where ``trimmed``, a batch is padded to its longest text,
    since the tower does not look at padding; elsewhere to ``context_length``.
    """

    clean: str
    context_length: int
    pad_id: int
    trimmed: bool

    def load(self, path: Path) -> Callable[[Sequence[str]], Tokens]:
        """Load the tokenizer of a ``tokenizer.json`` as a function of texts; safe to share by
        threads.
        """
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(path))
        tokenizer.enable_truncation(self.context_length)
        tokenizer.enable_padding(
            pad_id=self.pad_id, length=None if self.trimmed else self.context_length
        )
        return lambda texts: self._tokenize(tokenizer, texts)

    def reader(self, tokenizer: Tokenizer) -> Callable[[str], TextRead]:
        """Return a function that says how much of a text is read; ``tokenizer`` becomes its own."""
        tokenizer.no_truncation()
        tokenizer.no_padding()
        unknown = getattr(tokenizer.model, "unk_token", None)
        unknown_id = tokenizer.token_to_id(unknown) if unknown else None

        def read(text: str) -> TextRead:
            cleaned = clean_text(text, self.clean)
            encoding = tokenizer.encode(cleaned)
            return text_read(cleaned, encoding, room=self.context_length, unknown_id=unknown_id)

        return read

    def _tokenize(self, tokenizer: Tokenizer, texts: Sequence[str]) -> Tokens:
        encoded = tokenizer.encode_batch_fast([clean_text(text, self.clean) for text in texts])
        return np.array([each.ids for each in encoded], dtype=np.int64)


def clean_text(text: str, way: str) -> str:
    """Clean a text as open_clip's function of that name: ``lower``, ``whitespace`` or
    ``canonicalize``.
    """
    import ftfy

    text = html.unescape(html.unescape(ftfy.fix_text(text)))
    if way == "canonicalize":
        text = text.replace("_", " ").translate(_NO_PUNCTUATION)
    text = " ".join(text.split())
    return text if way == "whitespace" else text.lower()
