"""Vectors of titles and categories, by MiniLM."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.core.errors import MissingExtra
from packshot.models import desk
from packshot.models.cache import verified_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

MODEL = "minilm-l6-int8"
LENGTH = 384
MOST_TOKENS = 64
"""Pieces of words that are read of a text."""


def text_vectors(texts: Sequence[str]) -> NDArray[np.float16]:
    """The vectors of texts, shape (texts, 384), of length 1 each.

    Each text is run alone: the whole numbers of the model are scaled by the largest value of a batch, so that its
    neighbours would change the vector of a text. Raises MissingExtra, ModelMissing or ModelDamaged.
    """
    found = np.zeros((len(texts), LENGTH), np.float16)
    for number, text in enumerate(texts):
        ids = np.array([_tokenizer().encode(text).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        mean = desk.run(MODEL, given)[0][0].mean(axis=0)
        found[number] = mean / max(float(np.linalg.norm(mean)), 1e-6)
    return found


@cache
def _tokenizer() -> Any:
    try:
        from tokenizers import Tokenizer  # late: an extra
    except ImportError as error:
        raise MissingExtra("Comparing pictures with titles", "models") from error
    made = Tokenizer.from_file(str(verified_path(MODEL, "tokenizer.json")))
    made.no_padding()
    made.enable_truncation(MOST_TOKENS)
    return made
