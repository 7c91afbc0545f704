"""The fonts that are installed, sorted by what they can write; a part of them is for validation only."""

from __future__ import annotations

import zlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PIL import ImageFont

if TYPE_CHECKING:
    import numpy as np

    Part = Literal["train", "validate"]

ROOT = Path("/usr/share/fonts")
SCRIPTS = {
    "arabic": ("NotoSansArabic-", "NotoNaskhArabic-", "Amiri"),
    "hebrew": ("NotoSansHebrew-", "NotoSerifHebrew-"),
    "devanagari": ("NotoSansDevanagari-", "NotoSerifDevanagari-"),
    "thai": ("NotoSansThai-", "NotoSerifThai-"),
    "bengali": ("NotoSansBengali-",),
    "tamil": ("NotoSansTamil-",),
    "georgian": ("NotoSansGeorgian-", "NotoSerifGeorgian-"),
    "cjk": ("NotoSansCJK-", "NotoSerifCJK-"),
    "cyrillic": ("NotoSans-", "NotoSerif-", "Inter-", "Roboto-", "OpenSans-", "PlayfairDisplay", "Play-", "Vollkorn"),
}
LATIN = (
    *("lato/", "roboto/", "open-sans/", "inter/", "bebas", "lobster", "dancing", "comfortaa", "cabin", "dosis"),
    *("ebgaramond", "play/", "quicksand", "league", "kaushan", "yanone", "comic-neue", "courier-prime", "vollkorn"),
    *("manrope", "sora", "karla", "cherrybomb", "jetbrains", "oldstandard", "rampart", "leckerli", "allerta"),
    *("dejavu/", "liberation/", "NotoSans-", "NotoSerif-"),
)
"""Parts of paths: OFL, Apache 2.0 and other free licences, by the packages of Debian that `overlaid.md` lists."""
ICONS = {"fontawesome-webfont.ttf": (0xF000, 0xF2E0), "materialdesignicons-webfont.ttf": (0xF101, 0xF8FF)}
VALIDATES = 5
"""One family in so many is for validation only."""
NO_LETTER = "\U0010fffd"


def of_part(name: str, part: Part) -> bool:
    """Whether a thing of this name belongs to the part."""
    return (zlib.crc32(f"overlaid {name}".encode()) % VALIDATES == 0) == (part == "validate")


@cache
def files(script: str, part: Part) -> tuple[Path, ...]:
    """The font files for a script (`latin` or one of SCRIPTS); families of other scripts serve both parts."""
    every = sorted(one for one in ROOT.rglob("*.[to]t[fc]") if one.is_file() and not one.is_symlink())
    if script == "latin":
        found = [one for one in every if any(part_of in str(one) for part_of in LATIN) and "tamil" not in str(one)]
        return tuple(one for one in found if of_part(_family(one), part))
    return tuple(one for one in every if one.name.startswith(SCRIPTS[script]))


def _family(path: Path) -> str:
    return path.stem.split("-")[0].rstrip("0123456789")


@cache
def font(path: Path, size: int) -> ImageFont.FreeTypeFont:
    """The font at a size in pixels."""
    return ImageFont.truetype(str(path), size)


@cache
def icons(part: Part) -> tuple[tuple[Path, int], ...]:
    """Font file and code point of each icon."""
    found = []
    for name, (first, last) in ICONS.items():
        for path in sorted(ROOT.rglob(name)):
            lacking = bytes(font(path, 24).getmask(NO_LETTER))
            for code in range(first, last):
                drawn = bytes(font(path, 24).getmask(chr(code)))
                if drawn != lacking and any(drawn) and of_part(f"{name} {code}", part):
                    found.append((path, code))
    return tuple(found)


def any_font(rng: np.random.Generator, script: str, part: Part, size: int) -> ImageFont.FreeTypeFont:
    """A font for the script: every family as likely."""
    families: dict[str, list[Path]] = {}
    for path in files(script, part):
        families.setdefault(_family(path), []).append(path)
    family = families[sorted(families)[int(rng.integers(len(families)))]]
    return font(family[int(rng.integers(len(family)))], size)
