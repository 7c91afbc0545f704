"""How the two halves of a user's CLIP are run: what `models add` found out about them, and their tokenizer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from packshot.core.errors import MissingExtra, ModelError
from packshot.models.added import FACTS
from packshot.models.cache import verified_path
from packshot.models.folder import reading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

IMAGE, TEXT = "clip-image", "clip-text"
TOKENIZER = "tokenizer.json"
"""As the library `tokenizers` writes it; kept beside the text half."""


@dataclass(frozen=True, slots=True)
class ImageHalf:
    """The half for pictures: float values, shape (1, 3, side, side), become `width` numbers."""

    dtype: str
    side: int
    output: int
    """Which of its outputs is the vector, by place."""
    width: int


@dataclass(frozen=True, slots=True)
class TextHalf:
    """The half for texts: whole numbers of pieces of words, shape (1, context), become `width` numbers."""

    ids: str
    """The input that takes the numbers of the pieces."""
    dtype: str
    mask: str
    """The input that says which of them are of the text; empty where there is none."""
    mask_dtype: str
    context: int
    output: int
    width: int

    def inputs(self, pieces: Sequence[int], padding: int) -> dict[str, NDArray[Any]]:
        """What the model is given for one text, filled up to its context with `padding`."""
        length = min(len(pieces), self.context)
        ids = np.full((1, self.context), padding, np.dtype(self.dtype))
        ids[0, :length] = pieces[:length]
        given = {self.ids: ids}
        if self.mask:
            given[self.mask] = (np.arange(self.context) < length)[None].astype(np.dtype(self.mask_dtype))
        return given


Half = ImageHalf | TextHalf


def image_half() -> ImageHalf:
    """The half for pictures. Raises ModelMissing, ModelDamaged."""
    return _image(verified_path(IMAGE, FACTS))


def text_half() -> TextHalf:
    """The half for texts. Raises ModelMissing, ModelDamaged."""
    return _text(verified_path(TEXT, FACTS))


def hold_pair() -> None:
    """Raise ModelError where the halves give vectors of different lengths: they are not of one CLIP."""
    image, text = image_half().width, text_half().width
    if image != text:
        raise ModelError(
            f"{IMAGE} gives {image} numbers and {TEXT} {text}: they are not the halves of one CLIP.",
            f"Take both out (packshot models remove {IMAGE} {TEXT}), and add the halves of one.",
        )


def written(half: Half) -> bytes:
    """What `image_half` and `text_half` read."""
    return json.dumps(asdict(half), indent=2).encode()


def pieces_of(text: str, context: int) -> tuple[list[int], int]:
    """The numbers of the pieces of a text, at most `context`, and the number that fills up.

    Raises MissingExtra, ModelMissing, ModelDamaged.
    """
    tokenizer, padding = read_tokenizer(verified_path(TEXT, TOKENIZER), context)
    return list(tokenizer.encode(text).ids), padding


@lru_cache(maxsize=4)
def read_tokenizer(path: Path, context: int) -> tuple[Any, int]:
    """The tokenizer in a file, cutting texts at `context` pieces, and the number that fills up: 0 unless it says one.

    Raises MissingExtra, and ModelError where the file is no tokenizer.
    """
    try:
        from tokenizers import Tokenizer  # late: an extra
    except ImportError as error:
        raise MissingExtra("Comparing pictures with titles", "models") from error
    with reading(path):
        text = path.read_text(encoding="utf-8")
    try:
        made = Tokenizer.from_str(text)
    except Exception as error:  # the library raises nothing narrower for a file that it cannot read
        raise ModelError(
            f"{path.name} is no tokenizer: {error}", f"Take the {TOKENIZER} that came with the text half."
        ) from error
    padding = int((made.padding or {}).get("pad_id", 0))
    made.no_padding()
    made.enable_truncation(context)
    return made, padding


@lru_cache(maxsize=4)
def _image(path: Path) -> ImageHalf:
    return ImageHalf(**_facts(path))


@lru_cache(maxsize=4)
def _text(path: Path) -> TextHalf:
    return TextHalf(**_facts(path))


def _facts(path: Path) -> dict[str, Any]:
    with reading(path):
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return read
