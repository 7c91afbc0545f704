"""The text of a feed's beginning, and which encoding it is most likely in."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from packshot.collect.encoding import encoding_of_head, no_text
from packshot.core.errors import SourceError

_WORD = re.compile(r"\w+")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
"""Characters that a file of other bytes is full of, and text is not."""
GUESSES = ("cp1252", "cp1250", "cp1251", "mac-roman", "cp850", "cp932", "gb18030", "euc_kr")
"""What feeds that are not Unicode are written in, the likeliest first."""
_LANGUAGES = tuple(
    frozenset(letters + letters.upper())
    for letters in (
        "äöüßéèà", "éèêëàâçîïôûùœæ", "áéíóúñüç", "àèéìíòóù", "ãõáâàéêíóôúç", "åæøäöéü", "ąćęłńóśźż",
        "áčďéěíňóřšťúůýžäľĺŕôöü", "áéíóöőúüű", "ăâîșțşţ", "çğıİöşü", "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    )
)  # fmt: skip
"""The letters beyond ASCII of German, French, Spanish, Italian, Portuguese, the Nordic languages, Polish, Czech and its
kin, Hungarian, Romanian, Turkish, Russian."""
_WEST = frozenset(
    re.findall(
        r"\w+",
        """
        de la el los las con para por en un una le les des du et pour avec sur und mit von der die das aus il di per e o
        os em com van het een voor met og med av til the and with for
        """,
    )
)
_EAST_OF_IT = frozenset(
    re.findall(r"\w+", "do na dla od ze przy pro se ve ke pre je nebo az egy es hogy din cu pentru si ili za i z w")
)
"""The small words of languages west and east of the line between two encodings, as far as they are ASCII."""
_SAYING = 5
"""So many small words say something."""
_SIGNS = frozenset("€–—’“”„…°®™©²³½¼×µ§«»•·±¿¡ªº\xa0\u2018\u201a")
_MARGIN = 0.1
"""By so much must an encoding be better than the next to be beyond doubt."""
_EAST = "\u3000"
"""Where the characters of Chinese, Japanese and Korean begin."""
_NONSENSE = -0.5
_ASCII = 0x7F
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class HeadText:
    """The beginning of a feed as text."""

    text: str
    encoding: str | None
    """What has to be said to read it so; None where reading finds it by itself."""
    notes: tuple[str, ...] = ()
    doubts: tuple[tuple[str, tuple[str, ...], str], ...] = ()


def decoded(head: bytes, feed: str, named: str | None = None, *, whole: bool) -> HeadText:
    """The text of `head`, which is the `whole` file or is cut after its last line. SourceError where it is no text."""
    if not head:
        raise SourceError(f"{feed} is empty.", "Export it again.")
    if what := no_text(head):
        raise SourceError(f"{feed} is no text.", f"It is {what}.")
    wide = encoding_of_head(head, named)
    name = wide.name if wide else "utf-8"
    if named is None and name == "utf-8":
        found = _eight_bit(head, feed, whole=whole)
    else:
        found = HeadText(head.decode(name, "replace"), None)
    if len(_CONTROL.findall(found.text)) > len(found.text) / 100:
        raise SourceError(f"{feed} is no text.", "Name a feed: CSV, TSV, JSON Lines, Parquet or XML.")
    text = found.text if whole else found.text[: found.text.rfind("\n") + 1]
    return HeadText(text, found.encoding, found.notes, found.doubts)


def _eight_bit(head: bytes, feed: str, *, whole: bool) -> HeadText:
    try:
        return HeadText(codecs.getincrementaldecoder("utf-8")("strict").decode(head, whole), None)
    except UnicodeDecodeError:
        pass
    text = head.decode("utf-8", "surrogateescape")
    damaged = sum("\udc80" <= c <= "\udcff" for c in text)
    if sum(ord(c) > _ASCII for c in text) > 2 * damaged:  # most of it is UTF-8 all the same
        return HeadText(text, None, (f"{feed} is UTF-8 with damaged places",))
    ranked = sorted((_Reading.of(head, name) for name in GUESSES), key=lambda one: -one.score)
    best = ranked[0]
    if best.score <= _NONSENSE:
        return HeadText(head.decode("latin-1"), "latin-1", (f"{feed} is not UTF-8 and was read as latin-1",))
    rivals = [one.name for one in ranked[1:] if one.rivals(best)]
    shown = ", ".join(list(dict.fromkeys(_odd_words(best.text)))[:_SHOWN])
    note = f"{feed} is not UTF-8 and was read as {best.name}: {shown} (--encoding to change)"
    doubts = (("encoding", (best.name, *rivals), f"in {best.name} it says {shown}"),) if rivals else ()
    return HeadText(best.text, best.name, (note,), doubts)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Bytes as text of one encoding."""

    name: str
    text: str
    letters: frozenset[str]
    """Of the one language that has most of the letters beyond ASCII."""
    score: float
    """How much it looks like text: from -1 (nonsense) to 1 (letters of one language, where letters should be)."""

    @classmethod
    def of(cls, data: bytes, name: str) -> _Reading:
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            return cls(name, "", frozenset(), -2.0)
        found = [c for c in text if ord(c) > _ASCII and c.isalpha()]
        letters = max(_LANGUAGES, key=lambda language: sum(c in language for c in found))
        fits = [
            _fits(text[max(0, at - 1)], c, text[at + 1 : at + 2], letters)
            for at, c in enumerate(text)
            if ord(c) > _ASCII
        ]
        return cls(name, text, letters, sum(fits) / len(fits) if fits else 0.0)

    def rivals(self, best: _Reading) -> bool:
        """Whether this may be the right reading as well: what it reads otherwise are letters of its language, too."""
        if self.score < best.score - _MARGIN or self.text == best.text:
            return False
        if best.name == GUESSES[0] and _western(best.text):
            return False
        others = {mine for mine, theirs in zip(self.text, best.text, strict=False) if mine != theirs}
        return others <= self.letters


def _western(text: str) -> bool:
    """Whether the small words of a text are those of Western Europe, where one of its encodings is the likeliest."""
    found = Counter(word for word in _WORD.findall(text.casefold()) if word.isascii())
    western, eastern = (sum(found[word] for word in words) for words in (_WEST, _EAST_OF_IT))
    return western >= _SAYING and western > 2 * eastern


def _fits(before: str, character: str, after: str, letters: frozenset[str]) -> float:
    if character >= _EAST:
        return _fits_east(before, character, after)
    if character.isalpha():
        if _cyrillic(character):
            beside = [c for c in (before, after) if c.isalpha()]
            strange = not all(map(_cyrillic, beside))
        else:
            strange = all(ord(c) > _ASCII and c.isalpha() for c in (before, after or " "))
        shouting = character.isupper() and before.islower()
        return -1.0 if strange or shouting else 1.0 if character in letters else 0.2
    if before.isalpha() and after.isalpha():
        return 0.5 if character == "’" else -1.0
    return 0.5 if character in _SIGNS else -1.0


def _fits_east(before: str, character: str, after: str) -> float:
    beside = [c for c in (before, after) if c.isalpha() and c >= _EAST]
    name = unicodedata.name(character, "")
    if name.startswith("HALFWIDTH") or any(c.isascii() and c.islower() for c in (before, after)):
        return -1.0
    if name.startswith(("HIRAGANA", "KATAKANA")):
        return 1.0
    if name.startswith("HANGUL"):
        return -1.0 if any(unicodedata.name(c, "").startswith("CJK") for c in beside) else 1.0
    return 0.8 if name.startswith("CJK UNIFIED") and beside else 0.2 if name else -1.0


def _cyrillic(character: str) -> bool:
    return unicodedata.name(character, "").startswith("CYRILLIC")


def _odd_words(text: str) -> list[str]:
    """Words with letters beyond ASCII: by them a person sees whether an encoding is right."""
    found = []
    for line in text.splitlines()[:400]:
        found += [repr(word) for word in _WORD.findall(line) if not word.isascii()]
    return found
