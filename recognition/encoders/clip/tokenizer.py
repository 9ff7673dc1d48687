"""open_clip's tokenizers as a ``tokenizer.json`` that the tokenizers library reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from recognition.encoders.tokenizing import Tokenizing

_CLEANING = "_clean_"
_WORDS = r"(?i)'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def save_tokenizer(tokenize: Any, path: Path, *, trimmed: bool) -> Tokenizing:
    """Write what open_clip tokenizes with. Raises ValueError for a way of its that is not known."""
    tokenizer, tokenizing = plain_tokenizer(tokenize, trimmed=trimmed)
    tokenizer.save(str(path))
    return tokenizing


def plain_tokenizer(tokenize: Any, *, trimmed: bool) -> tuple[Any, Tokenizing]:
    """Return open_clip's tokenizer as one of the tokenizers library, and how its texts are cleaned
    and cut; it is still open_clip's own where it has one. Raises ValueError for a way of tokenizing
    that is not known.
    """
    from open_clip.tokenizer import HFTokenizer, SimpleTokenizer

    if isinstance(tokenize, SimpleTokenizer) and not tokenize.reduction_fn:
        tokenizer, pad_id = _byte_pairs(tokenize), 0
    elif isinstance(tokenize, HFTokenizer) and _is_plain(tokenize):
        tokenizer = tokenize.tokenizer.backend_tokenizer
        pad_id = tokenize.tokenizer.pad_token_id
    else:
        raise ValueError(f"its tokenizer ({type(tokenize).__name__}) runs only within open_clip")
    way = tokenize.clean_fn.__name__.removeprefix(_CLEANING)
    return tokenizer, Tokenizing(way, tokenize.context_length, pad_id, trimmed)


def _is_plain(tokenize: Any) -> bool:
    special = tokenize.tokenizer_mode or tokenize.strip_sep_token
    return bool(tokenize.tokenizer.is_fast and not special)


def _byte_pairs(tokenize: Any) -> Any:
    """CLIP's byte-pair encoding: lower-cased words, each ending in ``</w>``, between two marks."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers, processors

    start, end = (tokenize.decoder[token] for token in tokenize.all_special_ids[:2])
    model = models.BPE(
        vocab=tokenize.encoder, merges=list(tokenize.bpe_ranks), end_of_word_suffix="</w>"
    )
    tokenizer: Any = Tokenizer(model)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        special_tokens=[(start, tokenize.sot_token_id), (end, tokenize.eot_token_id)],
    )
    tokenizer.add_special_tokens([AddedToken(mark, special=True) for mark in (start, end)])
    return tokenizer
