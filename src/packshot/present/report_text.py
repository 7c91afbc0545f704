"""Words from feeds, file names and policies, made safe and short enough to show."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PICTURES = 0x2400  # U+2400 to U+2421 are visible signs for the control characters
_DELETE = 0x7F
_USER = re.compile(r"(?<=://)[^/\s@]+(?=@)")
_LINK = re.compile(r"https?://[^\s<>\"'`\\^{}|]+", re.IGNORECASE)


def visible(text: object, limit: int = 240) -> str:
    """`text` on one line, cut to `limit` characters, with no character that hides or reorders others.

    Control characters become their visible signs, direction overrides and lone surrogates the replacement character;
    a user name and password inside an address become `…`.
    """
    if text is None:
        return ""
    whole = _USER.sub("…", str(text))
    cut = whole[:limit].rstrip() + "…" if len(whole) > limit else whole
    return cut if cut.isprintable() else "".join(map(_visible_character, cut))


def prose(text: object, limit: int = 240) -> str:
    """As `visible`, of sentences that somebody wrote over several lines: line breaks and tabs are spaces there."""
    return visible(" ".join(str(text or "").split()), limit)


def _visible_character(sign: str) -> str:
    code = ord(sign)
    if code < ord(" "):
        return chr(_PICTURES + code)
    if code == _DELETE:
        return "\u2421"
    if sign in _BIDI or unicodedata.category(sign) in {"Cs", "Cc"} or sign in {"\u2028", "\u2029"}:
        return "\ufffd"
    return sign


def tail(path: object, limit: int = 27) -> str:
    """The end of a path, which is what tells files apart; the whole of it when it is short."""
    whole = visible(path, 4000)
    return whole if len(whole) <= limit else "…" + whole[1 - limit :]


def safe_link(text: object) -> str | None:
    """`text` when it is a plain http or https address that may be linked; None otherwise.

    An address with a user name or password in it is not linked, nor is one with characters that hide others.
    """
    address = str(text or "").strip()
    if not _LINK.fullmatch(address) or visible(address, len(address)) != address:
        return None
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    return address if host and parts.username is None and parts.password is None else None


def sources(text: object) -> list[tuple[str, str | None]]:
    """Split what a rule gives as its source into (shown text, address or None), one for each word or address."""
    found: list[tuple[str, str | None]] = []
    for word in str(text or "").split():
        bare = word.rstrip(",;")
        link = safe_link(bare)
        if link:
            shown = link.split("://", 1)[1].removeprefix("www.")
            found.append((visible(shown, 60), link))
        elif found and found[-1][1] is None:
            found[-1] = (visible(f"{found[-1][0]} {word}"), None)
        else:
            found.append((visible(word), None))
    return found


def slug(name: str, taken: Collection[str] = ()) -> str:
    """A file name for `name`: small letters, digits, `_` and `-`; told apart by a hash from those in `taken`."""
    plain = re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-")[:60]
    return plain if plain and plain not in taken and plain != "index" else f"{plain or 'rule'}-{short_hash(name)}"


def short_hash(text: str) -> str:
    """Ten hexadecimal digits that stand for `text`, for anchors."""
    return hashlib.blake2s(text.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()


_LABELS = {
    "width_px": "Width",
    "height_px": "Height",
    "long_side_px": "Longest side",
    "sharpness": "Sharpness of the product",
    "noise_sigma": "Noise",
    "jpeg_quality": "JPEG quality",
    "brightness": "Brightness",
    "contrast": "Contrast",
    "blockiness": "Block artefacts",
    "effective_resolution_share": "True resolution",
    "background_white_share": "White in the background",
    "background_uniformity": "Evenness of the background",
    "product_fill_share": "How much the product fills",
    "product_area_share": "Area of the product",
    "product_centering": "Centring",
    "information": "Information in the picture",
    "aspect_ratio": "Width to height",
    "clipped_dark_share": "Lost in black",
    "clipped_light_share": "Lost in white",
    "border_px": "Border",
    "bytes": "File size",
}


def label(column: str) -> str:
    """A column's name as people say it."""
    plain = re.sub(r"_(px|share|bytes|sigma|ms)$", "", column).replace("_", " ")
    return _LABELS.get(column, plain[:1].upper() + plain[1:])


def unit(column: str) -> str:
    """The unit of a column, from its name; empty for scores and shares."""
    return "px" if column.endswith("_px") else "bytes" if column.endswith("bytes") else ""


def number(value: float | None) -> str:
    """A count with thin spaces between thousands, or a quantity with three digits that count."""
    if value is None:
        return "–"
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", "\u202f")
    return f"{value:.3g}"


def percent(part: float, whole: float) -> str:
    """`part` of `whole` in percent; never rounded to 0 or 100 when it is neither."""
    if not whole:
        return "–"
    share = 100 * part / whole
    if part and share < 1:
        return "<1%"
    if part < whole and share > 99:  # noqa: PLR2004 - ninety-nine per cent
        return ">99%"
    return f"{share:.0f}%"


def plural(count: int, one: str, many: str = "") -> str:
    """`3 pictures`, `1 picture`."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"
